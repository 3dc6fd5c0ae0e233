"""What hangs on a ward's wall: nobody is named for a right they lack, no past month to come."""

from dataclasses import replace
from datetime import date

import pytest

from reports.choices import Choices
from reports.documents.clinician import people, stopping, what_changes
from reports.documents.sections import document_html
from reports.frozen.charter import CharterEntry, TeamLine
from reports.frozen.snapshot import GuideRef, Progress, ReportSnapshot
from roadmap.domain.pilot.charter import Charter, TeamMember, missing
from tests.reports.samples import initiative, small_snapshot
from tests.reports.test_same_figures import words_of

PAGE = Choices(document="clinician")
OWNER = TeamLine("Clinical or end-user product owner, who may stop a release", "Ada")
LEAD = TeamLine("Lead of the pilot", "Ben")
DEVELOPER = TeamLine("Development", "Cem")


def team(*lines: TeamLine) -> ReportSnapshot:
    return small_snapshot(charter=CharterEntry("Lab results", team=lines))


@pytest.mark.parametrize(
    ("lines", "may_stop", "leads"),
    [
        ((OWNER, LEAD), "Ada", "Ben"),
        ((LEAD, OWNER), "Ada", "Ben"),
        ((LEAD, DEVELOPER), "", "Ben"),
        ((DEVELOPER,), "", ""),
        ((replace(OWNER, name=""), LEAD), "", "Ben"),
    ],
)
def test_role_says_who_may_stop_and_not_the_place_in_the_list(
    lines: tuple[TeamLine, ...], may_stop: str, leads: str
) -> None:
    snapshot = team(*lines)

    assert stopping(snapshot, PAGE)["owner"] == may_stop
    named = [person.name for person in people(snapshot, PAGE)["people"]]
    assert named[:2] == [may_stop, leads]


@pytest.mark.parametrize(
    ("status", "said"),
    [("not_started", "late, was due Dec 2026"), ("in_progress", "now, late: due Dec 2026")],
)
def test_change_whose_time_is_over_is_called_late(status: str, said: str) -> None:
    item = initiative(1, id="A2-05", progress=Progress(status))
    snapshot = small_snapshot(
        guide=GuideRef("healthcare-devops", "1.0.0", "The guide"),
        initiatives=(item,),
        phases=(),
        generated_on=date(2027, 6, 1),
    )

    assert what_changes(snapshot, PAGE)["part"]
    assert said in words_of(document_html(snapshot, PAGE))


def test_charter_asks_for_whoever_may_stop_by_the_same_words() -> None:
    lead, owner = (TeamMember(line.role, line.name) for line in (LEAD, OWNER))
    asked = "Name the clinician or user who may stop a release."

    assert asked in missing(Charter("Lab results", team=(lead,)))
    assert asked not in missing(Charter("Lab results", team=(lead, owner)))
    assert "Name the team." in missing(Charter("Lab results", team=(owner,)))
