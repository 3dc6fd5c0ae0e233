"""A report for each demo organization, so that there is one to read."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Organization
from reports.models import Report
from reports.services.making import report_request
from roadmap.models import Roadmap


def demo_reports(organizations: Iterable[Organization]) -> None:
    """Ask for the full roadmap of those that have no report yet."""
    for organization in organizations:
        if Report.objects.filter(organization=organization).exists():
            continue
        roadmap = Roadmap.objects.filter(organization=organization).first()
        if roadmap is not None:
            report_request(roadmap=roadmap, user=roadmap.created_by)
