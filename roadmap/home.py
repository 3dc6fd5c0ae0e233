"""The roadmap's part of an organization's home page."""

from accounts.home import Panel
from accounts.tenancy import Access
from assessments.models import Snapshot
from roadmap.models import Roadmap, Scenario
from roadmap.pages.finish import finish_sentence
from roadmap.queries import home_overview
from roadmap.services.following.reading import expected_finish


def roadmap_panel(access: Access) -> Panel | None:
    """The newest roadmap with what is next, else the plans on trial or the way to the first one:
    three queries.
    """
    roadmap = access.scope(Roadmap).defer("plan", "constraints", "forecast").first()
    if roadmap is None:
        trial = access.scope(Scenario).only("name", "organization_id").first()
        if trial is not None:
            return Panel("roadmap/home_trial.html", {"scenario": trial})
        can_make_one = access.can_edit and access.scope(Snapshot).exists()
        return Panel("roadmap/home_start.html", {}) if can_make_one else None
    expected = finish_sentence(expected_finish(roadmap))
    shown = {"roadmap": roadmap, "expected": expected, **home_overview(roadmap)}
    return Panel("roadmap/home_panel.html", shown)
