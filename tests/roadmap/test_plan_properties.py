"""Plans from the shipped guide and any answers, judged in dates and by hand-written rules."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.answers_file import parse_answers
from guide.registry import current_guide
from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze, FreezeKind, Staffing
from roadmap.domain.document import plan_document
from roadmap.domain.hand.decisions import Days, Decisions, OwnInitiative, Wave
from roadmap.domain.planning import plan, prepare
from roadmap.domain.scheduling import schedule
from roadmap.domain.selection import select
from tests.roadmap.answers import HOSPITAL
from tests.roadmap.schedule_checker import violations
from tests.strategies import answer_sets

GUIDE = current_guide()
TODAY = date(2026, 11, 22)
AREAS = ("it_ops", "developers", "integration", "security", "compliance", "clinical_informatics")
days = st.integers(0, 700).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def freezes(draw):
    start = draw(days)
    return Freeze(
        start,
        start + timedelta(days=draw(st.integers(0, 30))),
        "frozen",
        draw(st.sampled_from(FreezeKind)),
        draw(st.sampled_from([0.0, 0.3, 0.5, 1.0])),
    )


@st.composite
def limits(draw):
    roles = st.sampled_from([role.id for role in GUIDE.roles])
    return Constraints(
        start=draw(st.none() | days),
        holidays=frozenset(draw(st.lists(days, max_size=10))),
        role_fte=draw(st.dictionaries(roles, st.sampled_from([0, 0.01, 0.4, 2.5]), max_size=4)),
        wip_limit=draw(st.none() | st.integers(1, 6)),
        freezes=tuple(draw(st.lists(freezes(), max_size=3))),
    )


@st.composite
def situations(draw):
    answers = draw(answer_sets(GUIDE, max_answers=60))
    people = draw(st.dictionaries(st.sampled_from(AREAS), st.sampled_from([0, 0.5, 3, 40, 200])))
    if people:
        answers["P.04"] = Answer(AnswerState.ANSWERED, people)
    return answers, draw(limits())


@st.composite
def decided(draw, *, with_pins):
    """Anything people might decide, sensible or not."""
    some = st.sampled_from([i.id for i in GUIDE.initiatives] + ["OWN-1", "A3-05.W2", "gone"])
    reasons = st.just("because")
    own = OwnInitiative(
        "OWN-1",
        "Move",
        draw(st.sampled_from(["PHASE-2", "none"])),
        "STEP-3",
        {draw(st.sampled_from(["OPS", "KING"])): 1},
        Days(1, 3, 9),
        needs=tuple(draw(st.lists(some, max_size=2))),
    )
    wave = Wave(draw(some), tuple(draw(st.lists(st.sampled_from(["PACS", "Lab"]), max_size=2))))
    return Decisions(
        pins=draw(st.dictionaries(some, days, max_size=3)) if with_pins else {},
        earliest=draw(st.dictionaries(some, days, max_size=3)),
        excluded=draw(st.dictionaries(some, reasons, max_size=3)),
        kept=draw(st.dictionaries(some, reasons, max_size=2)),
        efforts=draw(st.dictionaries(some, st.just(Days(1, 4, 30)), max_size=2)),
        own=tuple(draw(st.lists(st.just(own), max_size=1))),
        waves=tuple(draw(st.lists(st.just(wave), max_size=2))),
    )


@st.composite
def wishes(draw):
    """Limits with deadlines, money and people who come and go."""
    about = st.sampled_from(["", "G1", "G4", "A3-08", "gone"])
    deadlines = draw(st.lists(st.builds(Deadline, days, about), max_size=2))
    people = st.builds(
        Staffing,
        st.sampled_from(["OPS", "SEC", "PL"]),
        st.sampled_from([-0.5, 0.5, 1.0]),
        days,
        is_partner=st.booleans(),
        day_rate=st.none() | st.just(900.0),
    )
    return replace(
        draw(limits()),
        deadlines=tuple(deadlines),
        staffing=tuple(draw(st.lists(people, max_size=2))),
        budget=draw(st.none() | st.sampled_from([0.0, 40_000.0])),
        budget_days=draw(st.none() | st.sampled_from([0.0, 60.0, 150.0])),
        day_rates=draw(st.sampled_from([{}, {"OPS": 700.0}])),
        may_end_early=draw(st.booleans()),
        vendor_delay_weeks=draw(st.sampled_from([0, 6])),
        targets=draw(st.sampled_from([{}, {"STEP-1": 2, "STEP-3": 4}])),
    )


def worked(calendar, first, last):
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in span if day.weekday() < 5 and day not in calendar]


def mostly_waits(item):
    """Weeks that must pass with less than a fifth of a person at work keep nobody busy."""
    waits = item.selected.initiative.elapsed_weeks
    return waits is not None and item.effort.likely < 0.2 * item.days


def faults(made, constraints, answers):
    holidays = constraints.holidays
    items = {item.selected.initiative.id: item for item in made.items}
    people = answers["P.04"].value if "P.04" in answers else None
    staff = sum(people.values()) if people else None
    limit = constraints.wip_limit or (2 if staff is not None and staff < 50 else None)
    running = Counter()
    for id, item in items.items():
        on = worked(holidays, item.start, item.finish)
        if not mostly_waits(item):
            running.update(on)
        if not on or on[0] != item.start or on[-1] != item.finish or len(on) != item.days:
            yield f"{id} starts or ends on a free day, or has the wrong length"
        if item.start < (constraints.start or TODAY):
            yield f"{id} starts before the plan"
        for other in item.selected.predecessors:
            if items[other].finish >= item.start:
                yield f"{id} starts before {other} is finished"
        initiative = item.selected.initiative
        if initiative.kind == "review":
            carried = [o for o in items.values() if o.selected.initiative.gate == initiative.gate]
            if any(o is not item and o.finish >= item.start for o in carried):
                yield f"{id} does not wait for all that carries {initiative.gate}"
        if initiative.kind == "containment" and item.selected.predecessors:
            yield f"{id} waits for something"
        if initiative.go_live:
            for freeze in constraints.freezes:
                live = [day for day in on[-5:] if freeze.start <= day <= freeze.finish]
                if live and freeze.kind is FreezeKind.GO_LIVE:
                    yield f"{id} goes live on {live[0]}, inside a freeze"
    if limit and running and max(running.values()) > limit:
        yield f"more than {limit} at a time"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations())
def test_plan_keeps_every_rule_whatever_the_answers(situation):
    answers, constraints = situation

    made = plan(GUIDE, answers, constraints, TODAY)

    assert list(faults(made, constraints, answers)) == []
    assert [item.selected.rank for item in made.items] == list(range(1, len(made.items) + 1))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations())
def test_plan_same_input_gives_same_bytes(situation):
    answers, constraints = situation

    first = plan(GUIDE, answers, constraints, TODAY)
    second = plan(GUIDE, dict(reversed(answers.items())), constraints, TODAY)

    assert json.dumps(plan_document(GUIDE, first)) == json.dumps(plan_document(GUIDE, second))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"wip_limit": 1}, "more than 1 at a time"),
        ({"holidays": frozenset({date(2026, 11, 23)})}, "starts or ends on a free day"),
        ({"start": date(2027, 6, 1)}, "starts before the plan"),
    ],
)
def test_plan_checker_sees_faults(change, fault):
    answers = parse_answers(HOSPITAL, GUIDE, "-").answers
    made = plan(GUIDE, answers, Constraints(), TODAY)

    found = list(faults(made, Constraints(**change), answers))

    assert any(fault in message for message in found)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations())
def test_plan_problem_is_always_solved_within_capacity(situation):
    answers, constraints = situation
    problem = prepare(GUIDE, answers, None, constraints, Decisions(), TODAY).problem

    assert violations(problem, schedule(problem)) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations(), wishes(), decided(with_pins=False))
def test_plan_with_any_wishes_is_kept_within_its_rules(situation, constraints, decisions):
    answers, _ = situation

    ready = prepare(GUIDE, answers, None, constraints, decisions, TODAY)
    made = ready.draft or schedule(ready.problem)

    assert violations(ready.problem, made) == []
    # Nothing is lost on the way: it is planned, or left out with a reason.
    chosen = select(GUIDE, answers, ready.scorecard, constraints.targets)
    out = {row.initiative.id for row in ready.left_out}
    kept = {item.initiative.id for item in ready.selection.items}
    assert {item.initiative.id for item in chosen.items} <= kept | out
    assert not kept & out
    assert all(row.reason for row in ready.left_out)
    # What the gates in the plan ask for is in the plan, or was left out by hand.
    by_hand = {row.initiative.id for row in ready.left_out if row.kind == "hand"}
    for item in ready.selection.items:
        if item.initiative.kind == "review":
            assert not (out - by_hand) & set(item.initiative.needs)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations(), wishes(), decided(with_pins=True))
def test_plan_with_any_decisions_is_a_document_and_the_same_twice(situation, wanted, decisions):
    answers, _ = situation

    first = plan(GUIDE, answers, wanted, TODAY, decisions)
    second = plan(GUIDE, dict(reversed(answers.items())), wanted, TODAY, decisions)

    text = json.dumps(plan_document(GUIDE, first), allow_nan=False)
    assert text == json.dumps(plan_document(GUIDE, second), allow_nan=False)
    pins = {item.selected.initiative.id: item for item in first.items if item.by_hand.pinned}
    for item in pins.values():
        assert item.start >= item.by_hand.pinned
