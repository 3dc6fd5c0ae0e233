"""What finished work proposes for the next round."""

import pytest

from assessments.domain.answers import Answer, AnswerState
from guide.registry import current_guide
from roadmap.enums import InitiativeStatus, KindOfProof
from roadmap.finished_work import finished_work_answers
from roadmap.models import WorkEvidence
from roadmap.services.carrying_over import carry_over
from tests.roadmap.factories import MONDAY, make_roadmap

pytestmark = pytest.mark.django_db

LIFTS = {"lifts": [{"question": "Q1.01", "title": "Inventory", "from": 1, "to": 3}]}


@pytest.fixture
def done():
    """An initiative that is done and shown, and was to lift Q1.01 to 3."""
    found = make_roadmap().initiatives.get(initiative_id="A1")
    found.status, found.finished_on = InitiativeStatus.DONE, MONDAY
    found.facts = LIFTS
    found.save()
    show(found)
    return found


def show(initiative):
    return WorkEvidence.objects.create(
        roadmap=initiative.roadmap,
        initiative=initiative,
        kind=KindOfProof.LINK,
        title="Record",
        url="https://example.org/record",
    )


def proposed(initiative, **last):
    answers = {q: Answer(AnswerState.ANSWERED, value) for q, value in last.items()}
    organization = initiative.roadmap.organization
    found = finished_work_answers(organization, current_guide(), answers)
    return {p.question_id: p for p in found}


def test_finished_and_shown_work_proposes_its_level(done):
    found = proposed(done, **{"Q1.01": 1})["Q1.01"]

    assert (found.answer.value, found.answer.basis) == (3, "document")
    assert found.origin == "A1 was finished on 4 January 2027, with 1 piece of evidence"


def test_work_without_evidence_proposes_nothing(done):
    WorkEvidence.objects.update(removed_at="2027-02-01T00:00Z")

    assert proposed(done, **{"Q1.01": 1}) == {}


@pytest.mark.parametrize("status", [InitiativeStatus.IN_PROGRESS, InitiativeStatus.DROPPED])
def test_work_that_is_not_done_proposes_nothing(done, status):
    done.status = status
    done.save()

    assert proposed(done) == {}


@pytest.mark.parametrize("level", [3, 4])
def test_nothing_is_proposed_that_is_not_higher(done, level):
    assert proposed(done, **{"Q1.01": level}) == {}


def carried_over(done):
    """The same work on the next roadmap."""
    newer = make_roadmap(done.roadmap.organization)
    carry_over(done.roadmap, newer)
    newer.initiatives.filter(initiative_id="A1").update(facts=LIFTS)
    return newer.initiatives.get(initiative_id="A1")


def test_evidence_given_on_the_roadmap_before_counts_once(done):
    found = proposed(carried_over(done))["Q1.01"]

    assert found.origin.endswith("with 1 piece of evidence")


def test_evidence_taken_away_since_it_was_carried_over_counts_no_more(done):
    row = carried_over(done)
    row.evidence.update(removed_at="2027-02-01T00:00Z")

    assert proposed(row) == {}


def test_highest_level_of_several_counts(done):
    other = done.roadmap.initiatives.get(initiative_id="A2")
    other.status = InitiativeStatus.DONE
    other.facts = {"lifts": [{**LIFTS["lifts"][0], "to": 4}]}
    other.save()
    show(other)

    assert proposed(done)["Q1.01"].answer.value == 4


def test_proposals_cost_three_queries(done, django_assert_max_num_queries):
    organization, guide = done.roadmap.organization, current_guide()
    with django_assert_max_num_queries(3):
        list(finished_work_answers(organization, guide, {}))
