from __future__ import annotations

import pytest

from assessments.domain.answers import Answer, AnswerState, Basis
from assessments.domain.scoring import EXPOSURE_BANDS, band_of, score
from guide.model import Guide
from guide.registry import current_guide
from tests.strategies import challenge, level_question, small_guide


def level(value: int, basis: Basis | None = None) -> Answer:
    return Answer(AnswerState.ANSWERED, value, basis=basis)


UNKNOWN = Answer(AnswerState.UNKNOWN)
NOT_APPLICABLE = Answer(AnswerState.NOT_APPLICABLE, reason="none here")


@pytest.fixture
def guide() -> Guide:
    return small_guide(
        {
            "STEP-1": [
                level_question("Q1.01", "STEP-1", cap=True, informs=[{"challenge": "CHAL-A"}]),
                level_question("Q1.02", "STEP-1", weight=3),
            ],
            "STEP-2": [
                level_question("Q2.01", "STEP-2", informs=[{"challenge": "CHAL-B", "weight": 2}])
            ],
        },
        [challenge("CHAL-A", usual=70, harm=8), challenge("CHAL-B", usual=40)],
    )


def test_readiness_is_the_weighted_mean_of_the_levels(guide: Guide) -> None:
    step = score(guide, {"Q1.01": level(2), "Q1.02": level(4)}).step("STEP-1")

    assert step.score == pytest.approx(100 * (1 * 0.5 + 3 * 1) / 4)
    assert step.band == "leading"


@pytest.mark.parametrize(
    ("number", "band"),
    [
        (0, "low"),
        (29.4, "low"),
        (29.5, "moderate"),
        (69.4, "high"),
        (69.5, "severe"),
        (100, "severe"),
    ],
)
def test_a_band_fits_the_number_as_it_is_printed(number: float, band: str) -> None:
    assert band_of(number, EXPOSURE_BANDS) == band


def test_an_unanswered_question_opens_the_range_and_leaves_the_score(guide: Guide) -> None:
    step = score(guide, {"Q1.01": level(2)}).step("STEP-1")

    assert (step.low, step.score, step.high) == (12.5, 50, 87.5)


def test_unknown_counts_as_nothing_in_place_and_lowers_confidence(guide: Guide) -> None:
    card = score(guide, {"Q1.01": UNKNOWN, "Q1.02": level(4, Basis.MEASURED)})

    step = card.step("STEP-1")
    assert step.score == 75
    assert step.confidence == 0.75
    assert card.high_risks == ()


def test_not_applicable_leaves_the_sum(guide: Guide) -> None:
    step = score(guide, {"Q1.01": level(3), "Q1.02": NOT_APPLICABLE}).step("STEP-1")

    assert (step.low, step.score, step.high) == (75, 75, 75)


def test_a_cap_holds_the_band_but_not_the_number(guide: Guide) -> None:
    step = score(guide, {"Q1.01": level(1), "Q1.02": level(4)}).step("STEP-1")

    assert step.score == pytest.approx(81.25)
    assert step.band == "developing"
    assert step.capped_by == ("Q1.01",)


def test_a_low_cap_answer_is_a_high_risk_with_its_level_in_words(guide: Guide) -> None:
    risks = score(guide, {"Q1.01": level(0), "Q1.02": level(0)}).high_risks

    assert [(risk.question, risk.reason) for risk in risks] == [("Q1.01", "none")]


def test_nothing_answered_is_not_assessed_rather_than_zero(guide: Guide) -> None:
    card = score(guide, {})

    assert card.overall.score is None
    assert [(e.score, e.rank) for e in card.exposures] == [(None, None), (None, None)]
    assert (card.step("STEP-1").low, card.step("STEP-1").high) == (0, 100)


def test_challenges_are_ranked_by_how_much_worse_than_usual_with_harm(guide: Guide) -> None:
    card = score(guide, {"Q1.01": level(0), "Q2.01": level(1)})

    assert [(e.challenge, e.score, e.worse_than_usual) for e in card.exposures] == [
        ("CHAL-A", 100, 30),
        ("CHAL-B", 75, 35),
    ]
    assert [e.rank for e in card.exposures] == [1, 2]


def test_overall_is_the_mean_of_the_steps_that_have_a_score(guide: Guide) -> None:
    overall = score(guide, {"Q2.01": level(2)}).overall

    assert overall.score == 50
    assert (overall.low, overall.high) == (25, 75)


def test_basis_lowers_confidence(guide: Guide) -> None:
    opinion = score(guide, {"Q2.01": level(2, Basis.OPINION)}).step("STEP-2").confidence
    measured = score(guide, {"Q2.01": level(2, Basis.MEASURED)}).step("STEP-2").confidence

    assert (opinion, measured) == (0.7, 1.0)


@pytest.mark.parametrize(("answered", "band"), [(["Q1.01"], None), (["Q1.02"], "leading")])
def test_a_band_takes_half_of_the_weight(guide: Guide, answered: list[str], band: str) -> None:
    step = score(guide, {question: level(4) for question in answered}).step("STEP-1")

    assert (step.score, step.band) == (100, band)


@pytest.mark.parametrize(("answered", "band"), [(1, None), (99, "low")])
def test_an_exposure_has_no_band_before_half_of_its_weight_is_answered(
    answered: int, band: str | None
) -> None:
    guide = current_guide()
    asked = [
        question
        for question in guide.questions.values()
        if question.kind == "level" and any(i.challenge == "CHAL-LEGACY" for i in question.informs)
    ]

    card = score(guide, {question.id: level(4) for question in asked[:answered]})

    exposure = card.exposure("CHAL-LEGACY")
    assert (exposure.score, exposure.band) == (0, band)
