"""Answers proposed for a new round by what was done and measured since the last one."""

import pytest

from assessments import proposals
from assessments.domain.answers import Answer, AnswerState, Basis
from assessments.enums import SourceOfSuggestion
from assessments.models import Answer as StoredAnswer
from assessments.models import Suggestion
from assessments.proposals import Proposal, register_proposer
from assessments.services import assessment_submit
from assessments.services.rounds import round_continue, suggestion_take, suggestions_take
from tests.assessments.factories import make_assessment, save_answer


def level(question_id, value, source=SourceOfSuggestion.FINISHED_WORK, basis=Basis.DOCUMENT):
    answer = Answer(AnswerState.ANSWERED, value, basis=basis)
    return Proposal(question_id, answer, source, "A1-02 finished on 12 May 2027, with evidence")


@pytest.fixture
def proposed(monkeypatch):
    """Registers proposers for one test; each is a list of proposals."""
    monkeypatch.setattr(proposals, "_proposers", {})

    def register(*found, order=10):
        register_proposer(lambda organization, guide, answers: found, order=order)

    return register


@pytest.fixture
def new_round(visitor):
    """Continues a submitted round in which Q1.01 was 1 and Q1.02 was 2."""
    last = make_assessment(organization=visitor.organization, name="Spring review")
    save_answer(last, "Q1.01", 1)
    save_answer(last, "Q1.02", 2)
    assessment_submit(assessment=last, user=visitor.user)

    def begin():
        round_continue(assessment=visitor.assessment, previous=last, user=visitor.user)
        return {s.question_id: s for s in Suggestion.objects.filter(assessment=visitor.assessment)}

    return begin


def test_proposal_takes_the_place_of_the_last_answer_and_shows_it(proposed, new_round):
    proposed(level("Q1.01", 3))

    offered = new_round()

    assert (offered["Q1.01"].value, offered["Q1.01"].source) == (3, "finished_work")
    assert offered["Q1.01"].words
    assert (offered["Q1.02"].value, offered["Q1.02"].source) == (2, "last_round")


def test_measured_value_wins_over_finished_work(proposed, new_round):
    measured = level("Q1.01", 2, SourceOfSuggestion.MEASURED, Basis.MEASURED)
    proposed(measured, order=20)
    proposed(level("Q1.01", 3), order=10)

    assert new_round()["Q1.01"].source == "measured"


@pytest.mark.parametrize(
    "proposal",
    [
        level("Q1.01", 9),
        level("Q9.99", 3),
        level("Q1.01", 1, basis=None),
        Proposal("Q1.01", Answer(AnswerState.UNKNOWN), SourceOfSuggestion.MEASURED, "x"),
    ],
    ids=["no such level", "no such question", "says the same", "says nothing"],
)
def test_what_the_guide_does_not_take_or_says_nothing_new_is_not_offered(
    proposed, new_round, proposal
):
    proposed(proposal)

    offered = new_round()

    assert {s.source for s in offered.values()} == {"last_round"}


def test_proposals_are_confirmed_one_by_one_only(visitor, proposed, new_round):
    proposed(level("Q1.01", 3))
    new_round()

    suggestions_take(
        assessment=visitor.assessment, user=visitor.user, question_ids=["Q1.01", "Q1.02"]
    )
    answers = StoredAnswer.objects.filter(assessment=visitor.assessment)
    assert not answers.filter(question_id="Q1.01").exists()
    assert answers.get(question_id="Q1.02").value == 2

    saved = suggestion_take(assessment=visitor.assessment, user=visitor.user, question_id="Q1.01")
    assert (saved.value, saved.basis, saved.updated_by) == (3, "document", visitor.user)


def test_step_page_shows_what_it_rests_on_and_asks_to_confirm(visitor, proposed, new_round):
    proposed(level("Q1.01", 3))
    new_round()

    text = visitor.client.get(visitor.page("step", 1)).content.decode()

    assert "Proposed from finished work" in text
    assert "A1-02 finished on 12 May 2027, with evidence" in text
    assert "Confirm this answer" in text and "Last time:" in text


def test_draft_under_way_is_offered_what_is_known_by_now(visitor, proposed, new_round):
    new_round()
    save_answer(visitor.assessment, "Q1.02", 4)
    proposed(level("Q1.01", 3), level("Q1.02", 3))

    response = visitor.client.post(visitor.page("proposals"))

    assert response.status_code == 302
    offered = Suggestion.objects.filter(assessment=visitor.assessment)
    assert offered.get(question_id="Q1.01").value == 3
    # Answered meanwhile: the offer of the last round stays what it was.
    assert offered.get(question_id="Q1.02").source == "last_round"


def test_draft_without_an_earlier_round_is_offered_too(visitor, proposed):
    proposed(level("Q1.01", 3))

    visitor.client.post(visitor.page("proposals"))

    offered = Suggestion.objects.get(assessment=visitor.assessment)
    assert (offered.question_id, offered.words) == ("Q1.01", "")


def test_list_of_steps_leads_to_what_is_proposed_and_not_answered(visitor, proposed):
    proposed(level("Q1.01", 3), level("Q1.02", 3))
    visitor.client.post(visitor.page("proposals"))
    save_answer(visitor.assessment, "Q1.02", 4)

    text = visitor.client.get(visitor.page("detail")).content.decode()

    listed = text[text.index("Proposed, and not answered yet") :]
    assert "Q1.01" in listed and "Q1.02" not in listed
