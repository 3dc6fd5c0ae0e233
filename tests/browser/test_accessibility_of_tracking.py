"""As `test_accessibility`, for the pages of teams at work."""

import pytest

from tests.browser.test_accessibility import HOME, ROADMAP, assert_no_faults

pytestmark = pytest.mark.stack

PARTS = {
    "work": (
        f"{HOME}my-work/",
        f"{ROADMAP}board/",
        f"{ROADMAP}timeline/",
        f"{ROADMAP}table/",
        f"{ROADMAP}progress/",
    ),
    "gates": (
        f"{ROADMAP}gates/",
        f"{ROADMAP}gates/G2/",
        f"{ROADMAP}approvers/",
        f"{HOME}pilots/1/outcome/",
        f"{ROADMAP}sharing/",
        f"{ROADMAP}status/",
    ),
    "metrics": (
        f"{HOME}metrics/",
        f"{HOME}metrics/systems/1/",
        f"{HOME}metrics/systems/1/edit/",
        f"{HOME}metrics/systems/1/new/deployment/",
        f"{HOME}metrics/sources/1/",
        f"{HOME}metrics/import/",
    ),
    "telling": (
        f"{HOME}inbox/",
        f"{HOME}inbox/settings/",
        f"{HOME}my-work/calendar/",
        f"{HOME}history/?kind=gate",
    ),
}


@pytest.mark.parametrize("part", PARTS)
def test_pages_of_teams_at_work_have_no_faults(door, part):
    assert_no_faults(door.open(), *PARTS[part])
