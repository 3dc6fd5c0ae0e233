"""manage.py load_demo: the demo organizations and their logins."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.demo import DEMO_PASSWORD, usable_demo_logins
from accounts.models import Organization
from reports.demo import demo_reports
from roadmap.services.demo.consultancy import SLUG as CONSULTANCY
from roadmap.services.demo.loading import demo_load


class Command(BaseCommand):
    help = "Create the demo organizations and logins; what exists already is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demo logins are known to everyone: they are never created in production."
            )
        if not settings.WAYMARK_DEMO:
            return
        organizations = demo_load(timezone.localdate())
        demo_reports(organizations)
        self.stdout.write("Demo organizations:")
        for organization in organizations:
            self.stdout.write(f"  {organization.name}")
        self.stdout.write(f"  {_others(organizations)} more: a consultancy and clients of its own")
        self.stdout.write(f"Demo logins (password: {DEMO_PASSWORD}):")
        for email, part in usable_demo_logins():
            self.stdout.write(f"  {email:<28} {part}")


def _others(named: list[Organization]) -> int:
    """The consultancy, and the clients that have let it in beside those that were named."""
    house = Organization.objects.filter(slug=CONSULTANCY)
    clients = Organization.objects.filter(advisers__consultancy__slug=CONSULTANCY)
    return (house | clients).exclude(pk__in=[one.pk for one in named]).distinct().count()
