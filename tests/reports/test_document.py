import pytest

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.wording import answer_in_words
from guide.registry import current_guide
from reports.choices import Choices
from reports.documents.cards import role_loads
from reports.documents.standing import FIRST_INITIATIVES, standing, summary
from reports.documents.timeline import left_out_by_reason
from reports.frozen.snapshot import Days
from tests.reports.samples import demo_snapshot, progress_of, small_snapshot


def test_first_initiatives_are_the_earliest() -> None:
    context = summary(demo_snapshot("per-1.yaml"), Choices())

    starts = [card.item.start for card in context["first"]]
    assert len(starts) == FIRST_INITIATIVES
    assert starts == sorted(starts)
    assert context["first"][0].item.kind == "containment"


def test_first_initiatives_leave_out_what_is_done_or_dropped() -> None:
    snapshot = progress_of(small_snapshot(), A1_01="done", A1_02="dropped")

    context = summary(snapshot, Choices())

    assert [card.item.id for card in context["first"]] == ["A1-03"]
    assert context["done_count"] == 1


def test_worst_challenges_are_the_three_of_highest_rank() -> None:
    context = standing(demo_snapshot("per-1.yaml"), Choices())

    assert [challenge.rank for challenge in context["worst"]] == [1, 2, 3]
    assert [challenge.rank for challenge in context["stages"]] == [None]


def test_role_loads_add_up_to_the_effort_of_the_plan() -> None:
    snapshot = demo_snapshot("per-4.yaml")

    loads = role_loads(snapshot)

    assert sum(load.days.likely for load in loads) == pytest.approx(
        snapshot.plan.effort.likely, rel=0.001
    )
    assert [load.days.likely for load in loads] == sorted(
        (load.days.likely for load in loads), reverse=True
    )


def test_role_loads_split_an_effort_by_share() -> None:
    loads = {load.title: load for load in role_loads(small_snapshot())}

    assert loads["IT operations"].days == Days(2.25, 4.5, 12.375)
    assert loads["IT operations"].initiatives == 3


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("P.05", Answer(AnswerState.ANSWERED, "vendor_hosts"), "The vendor hosts it"),
        ("Q1.11", Answer(AnswerState.ANSWERED, 75), "75 % of the week"),
        ("Q1.11", Answer(AnswerState.UNKNOWN), "we don't know"),
        ("Q3.02", Answer(AnswerState.NOT_APPLICABLE, reason="no code"), "not applicable: no code"),
        ("Q1.01", Answer(AnswerState.UNANSWERED), ""),
        ("T1", Answer(AnswerState.ANSWERED, [{"name": "EHR"}]), "1 entry"),
        ("T1", Answer(AnswerState.ANSWERED, [{"name": "EHR"}, {"name": "Lab"}]), "2 entries"),
        ("P.07", Answer(AnswerState.ANSWERED, {"beds": 22, "sites": 3}), "Sites: 3; Beds: 22"),
    ],
)
def test_in_words_says_answers_as_a_person_would(question: str, answer: Answer, words: str) -> None:
    assert answer_in_words(current_guide().question(question), answer) == words


def test_in_words_cuts_long_answers_between_words() -> None:
    question = current_guide().question("P.03")
    answer = Answer(AnswerState.ANSWERED, {"patients": "one two three " * 50})

    words = answer_in_words(question, answer, 160)

    assert len(words) <= 160
    assert words.endswith(("one…", "two…", "three…"))


def test_left_out_by_reason_says_each_reason_once() -> None:
    snapshot = demo_snapshot("per-1.yaml")

    lines = left_out_by_reason(snapshot)

    reasons = [reason for reason, _items in lines]
    assert len(reasons) == len(set(reasons)) < len(snapshot.left_out)
    assert sum(len(items) for _reason, items in lines) == len(snapshot.left_out)
