"""manage.py export_client SLUG ARCHIVE.zip: everything of an organization as one archive."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organization
from handover.operators import client_export


class Command(BaseCommand):
    help = (
        "Write everything of an organization into one archive, as its owners can on the page "
        "Hand-over. The file is not encrypted and speaks of open weaknesses: only its owner may "
        "read it. The history of the organization tells of it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", metavar="SLUG", help="its short name, as in addresses")
        parser.add_argument("archive", type=Path, metavar="ARCHIVE.zip", help="must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization “{options['organization']}”.")
        target: Path = options["archive"]
        try:
            made = client_export(organization=organization, target=target, tell=_quiet)
        except FileExistsError as problem:
            raise CommandError(
                f"{problem.filename or problem} exists already. Choose another name."
            ) from None
        except OSError as problem:
            raise CommandError(f"{target} could not be written: {problem.strerror}.") from problem
        self.stdout.write(
            f"{organization.name}: {made.rows:,} rows, {made.size:,} bytes\n"
            f"{target}\nSHA-256 {made.sha256}"
        )


def _quiet(percent: int, phrase: str) -> None:
    """Nobody waits for a bar in a script."""
