from dataclasses import replace
from datetime import date

import pytest

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.scoring import score
from guide.registry import current_guide
from reports.frozen.facts import GateProgress, Tracking
from reports.frozen.freeze import freeze
from reports.frozen.snapshot import Progress, ReportSnapshot, input_hash, to_json
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.document import plan_document
from roadmap.domain.planning import plan_scored
from tests.reports.samples import MONDAY, demo_answers, demo_snapshot

DEMOS = ("per-1.yaml", "per-3.yaml", "per-4.yaml", "per-6.yaml")


def frozen(answers: dict[str, Answer]) -> ReportSnapshot:
    guide = current_guide()
    scorecard = score(guide, answers)
    plan = plan_scored(guide, answers, scorecard, Constraints(), MONDAY)
    return freeze(
        guide=guide,
        answers=answers,
        scorecard=scorecard,
        plan=plan_document(guide, plan),
        organization="Demo",
        generated_on=MONDAY,
    )


@pytest.mark.parametrize("name", DEMOS)
def test_freeze_keeps_every_planned_initiative_once(name: str) -> None:
    guide, answers = current_guide(), demo_answers(name)
    plan = plan_scored(guide, answers, score(guide, answers), Constraints(), MONDAY)

    snapshot = frozen(answers)

    assert [item.id for item in snapshot.initiatives] == [
        item.selected.initiative.id for item in plan.items
    ]
    in_phases = [initiative for phase in snapshot.phases for initiative in phase.initiatives]
    assert sorted(in_phases) == sorted(item.id for item in snapshot.initiatives)


@pytest.mark.parametrize("name", DEMOS)
def test_freeze_gives_the_same_for_answers_in_another_order(name: str) -> None:
    answers = demo_answers(name)

    turned = dict(reversed(answers.items()))

    assert input_hash(frozen(turned)) == input_hash(frozen(answers))


def test_freeze_cites_only_regimes_of_the_profile() -> None:
    device_maker = demo_snapshot("per-6.yaml")
    start_up = demo_snapshot("per-4.yaml")

    applying = {regime.title for regime in start_up.regimes}
    cited = {c.regime for item in start_up.initiatives for c in item.citations}

    assert cited <= applying
    assert not any("Part 2" in title or "GDPR" in title for title in applying)
    assert any("GDPR" in regime.title for regime in device_maker.regimes) or not any(
        "GDPR" in c.regime for item in device_maker.initiatives for c in item.citations
    )


def test_freeze_outside_hipaa_never_cites_hipaa() -> None:
    answers = demo_answers("per-4.yaml")
    outside = answers | {"P.02": Answer(AnswerState.ANSWERED, {"choices": ["none"]})}

    snapshot = frozen(outside)

    cited = [c.regime for item in snapshot.initiatives for c in item.citations]
    assert not any("HIPAA" in regime for regime in cited)
    assert not any("HIPAA" in regime.title for regime in snapshot.regimes)


def test_freeze_names_the_initiatives_that_deal_with_a_risk() -> None:
    snapshot = demo_snapshot("per-1.yaml")

    by_question = {risk.question.id: risk for risk in snapshot.risks}

    assert "A1-11" in [item.id for item in by_question["Q1.13"].initiatives]


def test_freeze_says_profile_and_answers_in_words() -> None:
    snapshot = demo_snapshot("per-1.yaml")

    facts = {fact.label: fact.value for fact in snapshot.profile}

    assert facts["Who runs the core platform"] == "The vendor hosts it"
    assert "IT operations and support: 2 FTE" in facts["People available"]
    assert "…" not in " ".join(facts.values())


def test_freeze_shares_of_roles_add_up_to_the_effort() -> None:
    for item in demo_snapshot("per-1.yaml").initiatives:
        assert sum(role.share for role in item.roles) == pytest.approx(1, abs=0.001)


def test_freeze_without_tracking_shows_no_progress() -> None:
    snapshot = demo_snapshot("per-1.yaml")

    assert not snapshot.has_progress
    assert {item.progress for item in snapshot.initiatives} == {Progress()}


def test_freeze_keeps_progress_and_gates_as_they_stand() -> None:
    done = Progress("done", date(2026, 12, 1), "Agreed.")
    tracking = Tracking(
        initiatives={"A1-01": done},
        gates={"G1": GateProgress(True, date(2027, 3, 1), frozenset({"G1-1"}))},
    )

    snapshot = demo_snapshot("per-1.yaml", tracking)

    kept = {item.id: item.progress for item in snapshot.initiatives}
    gate = snapshot.gates[0]
    assert kept["A1-01"] == done
    assert (gate.id, gate.is_open, gate.opened_on) == ("G1", True, date(2027, 3, 1))
    assert [item.is_met for item in gate.checklist][:2] == [True, False]


def test_freeze_of_no_answers_at_all_says_so() -> None:
    snapshot = frozen({})

    assert snapshot.overall.score is None
    assert snapshot.risks == ()
    assert to_json(snapshot)["overall"]["score"] is None


def test_freeze_is_not_changed_by_a_later_change_of_the_answers() -> None:
    answers = demo_answers("per-1.yaml")
    before = frozen(answers)
    kept = input_hash(before)

    answers["Q1.01"] = replace(answers["Q1.01"], value=4)

    assert input_hash(before) == kept
