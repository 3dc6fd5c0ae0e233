"""Picking a pilot: the rules, the charter, and their pages."""

from pathlib import Path

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.answers_file import parse_answers
from guide.registry import current_guide
from reports.documents.sections import document_html
from reports.frozen.from_roadmap import report_snapshot
from reports.frozen.snapshot import from_json, to_json
from roadmap.domain.pilot.candidates import Exclusion, judge, pick
from roadmap.domain.pilot.charter import (
    PROPOSED,
    Charter,
    Criterion,
    TeamMember,
    check_criteria,
    missing,
    propose,
)
from roadmap.models import PilotCharter
from roadmap.services import roadmap_create
from roadmap.services.charters import (
    NoSuchCandidate,
    StaleCharter,
    charter_content,
    charter_save,
    charter_start,
)
from tests.factories import make_member, make_organization, make_user
from tests.roadmap.factories import MONDAY, make_pilot_snapshot
from tests.roadmap.guides import small_guide

DEMO = Path(__file__).resolve().parents[2] / "demo"
FITTING = {"name": "A", "tier": "4", "who": "us", "feedback_days": 5, "changes_month": 3}
OPTIONS = {
    "tier": ["1", "2", "3", "4", None],
    "who": ["us", "both", "vendor", None],
    "rollback": ["Y", "partial", "N", None],
    "phi": ["none", "limited", "full", "part2", "card", "genetic", None],
    "safety_class": ["A", "B", "C", "none", None],
    "vendor_consent": ["Y", "N", None],
    "champion": ["", "Dr Lee", None],
}
numbers = st.none() | st.floats(0, 400)
rows = st.fixed_dictionaries(
    {
        "name": st.text(max_size=5),
        **{column: st.sampled_from(values) for column, values in OPTIONS.items()},
        "feedback_days": numbers,
        "changes_month": numbers,
        "interfaces": numbers,
    }
)


def answers_with(*candidates):
    return {"T3": Answer(AnswerState.ANSWERED, value=tuple(candidates))}


@pytest.mark.parametrize(
    ("number", "pilot", "excluded"),
    [
        (1, {"Server and network configuration", "Lab-results interface"}, {"EHR"}),
        (3, {"Scheduling/messaging service"}, set()),
        (4, {"Queue-fronted call service"}, set()),
        (6, {"Cloud dashboard"}, {"Pump firmware"}),
    ],
)
def test_pick_agrees_with_a_good_consultant(number, pilot, excluded):
    guide = current_guide()
    text = (DEMO / f"per-{number}.yaml").read_text(encoding="utf-8")

    found = pick(guide, parse_answers(text, guide, "demo").answers)

    assert {c.name for c in found.ranked[: len(pilot)]} == pilot
    assert {c.name for c in found.excluded} == excluded


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"tier": "1"}, Exclusion.TIER_1),
        ({"who": "vendor"}, Exclusion.VENDOR_ONLY),
        ({"safety_class": "C"}, Exclusion.CLASS_C),
    ],
)
def test_pick_rules_out_what_no_pilot_may_be(change, why):
    found = pick(current_guide(), answers_with({**FITTING, **change}, {**FITTING, "name": "B"}))

    assert [(c.name, c.excluded) for c in found.excluded] == [("A", (why,))]
    assert [(c.name, c.rank) for c in found.ranked] == [("B", 1)]


@settings(max_examples=50, deadline=None)
@given(rows)
def test_fit_stays_in_bounds_and_knowing_more_never_leaves_the_range(row):
    candidate = judge(row)

    assert 0 <= candidate.fit <= candidate.fit_at_best <= 100
    for column, values in OPTIONS.items():
        if row[column] is None:
            for value in values:
                known = judge({**row, column: value})
                assert candidate.fit <= known.fit
                assert known.fit_at_best <= candidate.fit_at_best


@settings(max_examples=30, deadline=None)
@given(st.lists(rows, max_size=6))
def test_every_candidate_is_ranked_or_ruled_out_once(candidates):
    found = pick(current_guide(), answers_with(*candidates))

    positions = [c.position for c in (*found.ranked, *found.excluded)]
    assert sorted(positions) == list(range(len(candidates)))
    assert all(not c.excluded for c in found.ranked)


@pytest.mark.parametrize(("days", "worth"), [(14, 1.0), (52, 0.5), (90, 0.0), (400, 0.0)])
def test_feedback_counts_fully_within_two_weeks(days, worth):
    voices = {v.column: v.value for v in judge({**FITTING, "feedback_days": days}).voices}

    assert voices["feedback_days"] == worth


def test_guide_without_candidates_has_no_picking():
    assert pick(small_guide(), {}) is None


def test_proposal_makes_nothing_up():
    guide = current_guide()
    measures = ({"metric": "CFR", "baseline": "18 %", "target": None, "now": None},)
    answers = {"T8": Answer(AnswerState.ANSWERED, value=measures)}

    draft = propose(guide, answers, judge(FITTING))

    assert [c.metric for c in draft.criteria] == list(PROPOSED)
    assert [c.baseline for c in draft.criteria] == ["", "18 %", "", "", ""]
    assert not any(member.name for member in draft.team)
    assert draft.rollback == ""


def test_missing_names_each_gap_until_none_is_left():
    whole = [Criterion(m, baseline="1", target="2", by="2027-06-01") for m in PROPOSED[:4]]
    team = (TeamMember("Owner", "Dr Lee"), TeamMember("Lead", "Ann"))
    done = Charter("A", "", "In", "Out", tuple(whole), ("Harm",), team, "Back")

    assert missing(done) == ()
    assert missing(Charter("A", "", "In", "Out", tuple(whole[1:]), ("Harm",), team, "Back")) == (
        "Give a target with baseline and date for: speed.",
    )
    assert len(missing(Charter("A"))) == 7


def test_check_reads_the_measures_of_step_6_by_code_or_title():
    rows = ({"metric": "df", "now": 3}, {"metric": "Change failure rate", "now": "20 %"})
    answers = {"T8": Answer(AnswerState.ANSWERED, value=rows)}

    checked = check_criteria([Criterion("DF"), Criterion("CFR"), Criterion("ATC")], answers)

    assert [len(item.rows) for item in checked] == [1, 1, 0]


@pytest.mark.django_db
def test_choosing_another_candidate_keeps_what_was_written():
    snapshot, user = make_pilot_snapshot(), make_user()
    charter = charter_start(snapshot=snapshot, user=user, position=1)
    content = charter_content(charter)
    charter_save(
        charter=charter,
        user=user,
        version=charter.version,
        content=Charter(**{**vars(content), "rollback": "Switch the interface back"}),
    )

    again = charter_start(snapshot=snapshot, user=user, position=2)

    assert (again.pk, again.name, again.rollback) == (
        charter.pk,
        "Server setup",
        "Switch the interface back",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("position", [0, 9])
def test_what_is_ruled_out_or_unknown_cannot_be_chosen(position):
    with pytest.raises(NoSuchCandidate):
        charter_start(snapshot=make_pilot_snapshot(), user=None, position=position)
    assert not PilotCharter.objects.exists()


@pytest.mark.django_db
def test_saving_over_a_colleague_is_refused():
    charter = charter_start(snapshot=make_pilot_snapshot(), user=None, position=1)

    with pytest.raises(StaleCharter):
        charter_save(charter=charter, user=None, version=0, content=Charter("A"))


@pytest.fixture
def desk(client):
    """An editor signed in, and a submitted assessment with candidates."""
    organization = make_organization()
    client.force_login(make_member(organization).user)
    return client, make_pilot_snapshot(organization)


def url(name, snapshot):
    return reverse(f"pilots:{name}", args=[snapshot.organization.slug, snapshot.pk])


@pytest.mark.django_db
def test_picker_page_names_what_is_ruled_out_and_why(desk):
    client, snapshot = desk

    page = client.get(url("picker", snapshot)).content.decode()

    assert page.index("Server setup") < page.index("Lab interface") < page.index("Record")
    assert "Only the vendor deploys it" in page


@pytest.mark.django_db
def test_charter_is_chosen_written_and_read(desk):
    client, snapshot = desk
    client.post(url("choose", snapshot), {"candidate": "1"})
    form = {
        "version": 1,
        "outside": "The record itself",
        "stop_rules": "A patient was harmed\n\nData leaked",
        "criteria-TOTAL_FORMS": 2,
        "criteria-INITIAL_FORMS": 0,
        "criteria-0-metric": "DF",
        "criteria-0-baseline": "1 a month",
        "criteria-0-target": "4 a month",
        "criteria-0-by": "2027-09-30",
        "criteria-1-metric": "OWN",
        "team-TOTAL_FORMS": 1,
        "team-INITIAL_FORMS": 0,
        "team-0-role": "Product owner",
        "team-0-name": "Dr <Lee>",
    }

    saved = client.post(url("charter_edit", snapshot), form, follow=True)

    page = saved.content.decode()
    assert "Dr &lt;Lee&gt;" in page and "4 a month" in page and "Data leaked" in page
    assert len(PilotCharter.objects.get().criteria) == 1
    stale = client.post(url("charter_edit", snapshot), {**form, "outside": "Other"})
    assert stale.status_code == 409
    assert "Other" in stale.content.decode() and "The record itself" in stale.content.decode()


@pytest.mark.django_db
def test_charter_with_a_mistake_keeps_everything_typed(desk):
    client, snapshot = desk
    client.post(url("choose", snapshot), {"candidate": "1"})

    answer = client.post(
        url("charter_edit", snapshot),
        {
            "version": 1,
            "why": "Because it is small",
            "criteria-TOTAL_FORMS": 1,
            "criteria-INITIAL_FORMS": 0,
            "criteria-0-metric": "DF",
            "criteria-0-by": "soon",
            "team-TOTAL_FORMS": 1,
            "team-INITIAL_FORMS": 0,
            "team-0-name": "Ann",
        },
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Because it is small" in page and "soon" in page
    assert "Say what this person does in the pilot." in page


@pytest.mark.django_db
def test_report_prints_the_charter():
    snapshot = make_pilot_snapshot()
    charter = charter_start(snapshot=snapshot, user=None, position=1)
    content = Charter(
        "Lab interface",
        scope="Only <this>",
        criteria=(Criterion("DF", baseline="1", target="4", by="2027-09-30"),),
        team=(TeamMember("Product owner", "Dr Lee"),),
    )
    charter_save(charter=charter, user=None, version=charter.version, content=content)
    roadmap = roadmap_create(
        organization=snapshot.organization,
        user=None,
        snapshot=snapshot,
        name="Plan",
        start_on=MONDAY,
    )

    frozen = report_snapshot(roadmap)

    assert from_json(to_json(frozen)) == frozen
    page = document_html(frozen)
    chapter = page[page.index('id="charter"') :]
    assert "Pilot charter: Lab interface" in chapter
    assert "Only &lt;this&gt;" in chapter and "Dr Lee" in chapter
