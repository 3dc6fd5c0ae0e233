"""The reports' part of an organization's home page, for whom no other page leads to them."""

from __future__ import annotations

from accounts.home import Panel
from accounts.tenancy import Access
from reports.models import Report
from roadmap.models import Roadmap

SHOWN = 5


def reports_panel(access: Access) -> Panel | None:
    """The newest reports of the newest roadmap, for a consultancy that was opened reports and not
    the roadmap: two queries. Everybody else comes to them by the roadmap's own pages.
    """
    if access.sees_roadmap:
        return None
    roadmap = access.scope(Roadmap).only("name", "organization_id").first()
    if roadmap is None:
        return None
    found = access.scope(Report).filter(roadmap=roadmap).exclude(finished_at=None)
    rows = list(found.defer("snapshot")[:SHOWN])
    return Panel("reports/home_panel.html", {"roadmap": roadmap, "reports": rows})
