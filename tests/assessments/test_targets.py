"""How far it is to a target, and whose target it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.scoring import score
from assessments.domain.targets import TargetSet, proposed, read_against, with_own
from guide.model import Guide, Targets
from tests.strategies import answer_sets, challenge, guides, level_question, small_guide


@st.composite
def readings(draw: st.DrawFn):
    guide = draw(guides())
    number = st.integers(0, 100)
    targets = TargetSet(
        steps={step.id: draw(number) for step in guide.steps},
        challenges={c.id: draw(number) for c in guide.challenges},
    )
    card = score(guide, draw(answer_sets(guide, 8)))
    return card, targets


@given(readings())
@settings(deadline=None, max_examples=50)
def test_percent_is_whole_exactly_when_every_scored_step_is_there(case):
    card, targets = case

    found = read_against(card, targets)

    scored = [step for step in found.steps if step.now is not None]
    if not scored:
        assert found.percent is None
        return
    assert 0 <= found.percent <= 100
    assert (found.percent > 100 - 1e-9) == all(step.now >= step.target - 1e-9 for step in scored)


@given(readings())
@settings(deadline=None, max_examples=50)
def test_a_lower_target_is_never_farther(case):
    card, targets = case
    nearer = TargetSet({k: v / 2 for k, v in targets.steps.items()}, targets.challenges)

    gaps = [step.gap for step in read_against(card, targets).steps]

    for before, after in zip(gaps, read_against(card, nearer).steps, strict=True):
        assert (before is None) == (after.gap is None)
        assert after.gap is None or after.gap <= before


def two_steps() -> Guide:
    return small_guide(
        {
            "STEP-1": [
                level_question("Q1.01", "STEP-1", informs=[{"challenge": "CHAL-A", "weight": 1}])
            ],
            "STEP-2": [level_question("Q2.01", "STEP-2")],
        },
        [challenge("CHAL-A")],
    )


def test_percent_follows_the_design():
    card = score(two_steps(), {"Q1.01": Answer(AnswerState.ANSWERED, 2)})  # 50; step 2 is open

    found = read_against(card, TargetSet({"STEP-1": 80, "STEP-2": 80}, {"CHAL-A": 20}))

    assert found.percent == pytest.approx(100 * (1 - 30 / 80))
    assert [step.gap for step in found.steps] == [30, None]
    assert [(c.challenge, c.gap) for c in found.above] == [("CHAL-A", 30)]


def test_more_than_the_target_does_not_make_up_for_less_elsewhere():
    answers = {i: Answer(AnswerState.ANSWERED, n) for i, n in (("Q1.01", 4), ("Q2.01", 1))}

    found = read_against(score(two_steps(), answers), TargetSet({"STEP-1": 50, "STEP-2": 50}, {}))

    assert (found.percent, found.steps_there) == (75, 1)


def test_proposal_is_that_of_the_kind_else_the_general_one_else_usual():
    device = Targets(kinds=("device_maker",), why="Device rules", steps={"STEP-1": 90})
    general = Targets(why="For all others", steps={"STEP-1": 60}, challenges={"CHAL-A": 40})
    guide = two_steps().model_copy(update={"targets": (device, general)})

    assert proposed(guide, "device_maker").steps == {"STEP-1": 90, "STEP-2": 75}
    assert proposed(guide, "hospital").challenges == {"CHAL-A": 40}
    assert proposed(guide, None).why == "For all others"
    assert proposed(two_steps(), "hospital") == TargetSet(
        {"STEP-1": 75, "STEP-2": 75}, {"CHAL-A": 25}, ""
    )


def test_own_targets_stand_over_the_proposal_and_inside_the_scale():
    proposal = proposed(two_steps(), None)

    own = with_own(proposal, {"STEP-2": 140, "STEP-9": 5}, {"CHAL-A": 10})

    assert own.steps == {"STEP-1": 75, "STEP-2": 100}
    assert own.challenges == {"CHAL-A": 10}
