"""The roadmap's part of an organization's home page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.home import Panel
from accounts.tenancy import Access
from assessments.models import Snapshot
from roadmap.models import Roadmap, Scenario
from roadmap.pages.finish import chances_sentence, finish_sentence, slip_words
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
    expected = _expected(expected_finish(roadmap))
    shown = {"roadmap": roadmap, "expected": expected, **home_overview(roadmap)}
    return Panel("roadmap/home_panel.html", shown)


def _expected(finish: Mapping[str, Any] | None) -> str:
    """Shorter than on the page of the progress, which says what the slip is counted from."""
    if not finish or finish["actual"]:
        return finish_sentence(finish)
    words = _("At likely effort: %(slip)s.") % {"slip": slip_words(finish["slip"])}
    return f"{chances_sentence(finish['p50'], finish['p80'])} {words}"
