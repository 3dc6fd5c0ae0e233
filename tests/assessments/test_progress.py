from assessments.domain.answers import Answer, AnswerState
from assessments.domain.scoring import score
from assessments.progress import StepState, assessment_progress
from assessments.stored_scorecard import scorecard_from_json, scorecard_to_json
from guide.registry import current_guide

LEVEL_2 = Answer(AnswerState.ANSWERED, 2)


def test_progress_of_nothing_has_not_started():
    progress = assessment_progress(current_guide(), {})

    assert {part.state for _, part in progress.steps} == {StepState.NOT_STARTED}
    assert progress.answered == 0
    assert progress.asked == len(current_guide().questions)


def test_progress_counts_every_kind_of_answer_and_names_what_is_missing():
    answers = {
        "Q1.01": LEVEL_2,
        "Q1.02": Answer(AnswerState.UNKNOWN),
        "Q1.03": Answer(AnswerState.NOT_APPLICABLE),
        "Q1.05": Answer(AnswerState.UNANSWERED, note="later"),
    }

    step, part = assessment_progress(current_guide(), answers).steps[0]

    assert (part.answered, part.asked, part.state) == (
        3,
        len(step.questions),
        StepState.IN_PROGRESS,
    )
    assert [question.id for question in part.missing.unknown] == ["Q1.02"]
    assert [question.id for question in part.missing.without_reason] == ["Q1.03"]
    assert "Q1.05" in [question.id for question in part.missing.unanswered]


def test_progress_is_done_when_every_asked_question_has_an_answer():
    guide = current_guide()
    answers = {q.id: Answer(AnswerState.UNKNOWN) for q in guide.steps[0].questions}

    assert assessment_progress(guide, answers).steps[0][1].state is StepState.DONE


def test_progress_leaves_out_what_is_not_asked():
    guide = current_guide()
    profile = {
        "P.05": Answer(AnswerState.ANSWERED, "vendor_hosts"),
        "P.06": Answer(AnswerState.ANSWERED, "none"),
    }

    before = assessment_progress(guide, {}).asked
    after = assessment_progress(guide, profile)

    assert after.asked < before
    assert "Q3.02" not in [question.id for question in after.steps[2][1].questions]


def test_stored_scorecard_comes_back_as_it_was():
    guide = current_guide()
    card = score(guide, {"Q1.01": LEVEL_2, "Q1.02": Answer(AnswerState.UNKNOWN)})

    assert scorecard_from_json(scorecard_to_json(card)) == card
