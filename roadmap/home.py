"""The roadmap's part of an organization's home page."""

from accounts.home import Panel
from accounts.tenancy import Access
from roadmap.models import Roadmap
from roadmap.queries import home_overview


def roadmap_panel(access: Access) -> Panel | None:
    """The newest roadmap with what is next; nothing while there is none: two queries."""
    roadmap = access.scope(Roadmap).defer("plan", "constraints").first()
    if roadmap is None:
        return None
    return Panel("roadmap/home_panel.html", {"roadmap": roadmap, **home_overview(roadmap)})
