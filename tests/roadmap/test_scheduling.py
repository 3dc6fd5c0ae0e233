import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.domain.explaining.binding import BoundBy, bindings
from roadmap.domain.problem import Problem, Schedule, Task, UnusableProblem
from roadmap.domain.scheduling import schedule
from tests.roadmap.schedule_checker import violations

CIRCLE = (Task("a", 1, predecessors=(("b", 0),)), Task("b", 1, predecessors=(("a", 0),)))
ROLES = {"OPS": ((0, 100),), "SEC": ((0, 40), (10, 20), (25, 40))}


@st.composite
def problems(draw, most=14):
    tasks = []
    limit = draw(st.none() | st.integers(1, 4))
    for number in range(draw(st.integers(1, most))):
        duration = draw(st.integers(0, 9))
        earlier = draw(st.lists(st.integers(0, 13), max_size=3, unique=True))
        earlier = [other for other in earlier if other < number]
        amounts = {"OPS": st.integers(1, 100), "SEC": st.integers(1, 40)}
        demands = draw(st.fixed_dictionaries({}, optional=amounts))
        tasks.append(
            Task(
                id=f"T{number}",
                duration=duration,
                demands=demands,
                predecessors=tuple((f"T{n}", draw(st.integers(0, 3))) for n in earlier),
                value=draw(st.integers(1, 50)),
                rank=draw(st.integers(1, 20)),
                urgent=not earlier and draw(st.booleans()),
                go_live=draw(st.integers(0, duration)) if draw(st.booleans()) else 0,
                earliest=draw(st.integers(0, 12)) if draw(st.booleans()) else 0,
                due=draw(st.none() | st.integers(0, 60)),
                wip=draw(st.integers(0, min(2, limit or 2))),
            )
        )
    freezes = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 15)), max_size=3))
    return Problem(
        tasks=tuple(tasks),
        capacities=ROLES,
        wip_limit=limit,
        finish_value=draw(st.integers(0, 50)),
        finish_first=draw(st.booleans()),
        freezes=tuple((start, start + length) for start, length in freezes),
    )


@settings(max_examples=50, deadline=None)
@given(problems())
def test_schedule_keeps_every_rule(problem):
    assert violations(problem, schedule(problem)) == []


@settings(max_examples=20, deadline=None)
@given(problems())
def test_schedule_same_problem_gives_same_bytes(problem):
    first, second = schedule(problem), schedule(problem)

    assert json.dumps(vars(first)) == json.dumps(vars(second))


@settings(max_examples=20, deadline=None)
@given(problems())
def test_bindings_never_blame_the_order(problem):
    # A serial schedule is left-justified: something real always stands before a task.
    found = bindings(problem, schedule(problem))

    assert [task for task, binding in found.items() if binding.kind is BoundBy.ORDER] == []


def test_schedule_puts_worth_before_length_when_one_role_does_both():
    problem = Problem(
        tasks=(
            Task("long", 10, {"OPS": 100}, value=1, rank=2),
            Task("worth", 2, {"OPS": 100}, value=50, rank=1),
        ),
        capacities=ROLES,
    )

    assert schedule(problem).starts == {"long": 2, "worth": 0}


def test_schedule_places_urgent_tasks_before_all_others():
    problem = Problem(
        tasks=(
            Task("worth", 5, {"OPS": 100}, value=1000, rank=1),
            Task("stop the leak", 5, {"OPS": 100}, value=1, rank=2, urgent=True),
        ),
        capacities=ROLES,
    )

    assert schedule(problem).starts == {"stop the leak": 0, "worth": 5}


def test_schedule_goes_live_after_the_freeze_but_starts_before_it():
    problem = Problem(
        tasks=(Task("switch", 8, go_live=3),), capacities={}, freezes=((6, 12),), wip_limit=None
    )

    assert schedule(problem).starts == {"switch": 7}


def test_schedule_waits_for_the_lag():
    problem = Problem(tasks=(Task("a", 2), Task("b", 1, predecessors=(("a", 5),))), capacities={})

    assert schedule(problem).starts == {"a": 0, "b": 7}


def test_schedule_keeps_a_fixed_start_and_fits_the_others_around_it():
    problem = Problem(
        tasks=(
            Task("pinned", 4, {"OPS": 100}, fixed=3, predecessors=(("before", 0),)),
            Task("other", 5, {"OPS": 100}, value=99),
            Task("before", 3, {"OPS": 100}),
        ),
        capacities=ROLES,
    )

    result = schedule(problem)

    assert result.starts == {"before": 0, "pinned": 3, "other": 7}
    assert result.broken == ()


def test_schedule_names_a_fixed_start_that_cannot_hold():
    problem = Problem(
        tasks=(Task("pinned", 4, fixed=1, predecessors=(("before", 0),)), Task("before", 3)),
        capacities={},
    )

    assert schedule(problem).broken == (("pinned", "before"),)


def test_schedule_names_fixed_starts_that_need_the_same_person():
    problem = Problem(
        tasks=(Task("a", 4, {"OPS": 80}, fixed=1), Task("b", 4, {"OPS": 80}, fixed=3)),
        capacities=ROLES,
    )

    assert schedule(problem).broken == (("a", "OPS"), ("b", "OPS"))


def test_schedule_of_nothing_is_empty():
    assert schedule(Problem(tasks=(), capacities={})).makespan == 0


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        ({"tasks": (Task("a", 1, predecessors=(("b", 0),)),)}, "waits for b"),
        ({"tasks": (Task("a", 1, {"QA": 5}),)}, "needs QA, which has no capacity"),
        ({"tasks": (Task("a", 1, {"OPS": 500}),)}, "more than there ever is"),
        ({"tasks": (Task("a", 1), Task("a", 2))}, "same id"),
        ({"tasks": (), "wip_limit": 0}, "limit is below 1"),
        ({"tasks": CIRCLE}, "circle"),
    ],
)
def test_problem_that_contradicts_itself_is_refused(problem, message):
    with pytest.raises(UnusableProblem, match=message):
        Problem(**{"capacities": ROLES, **problem})


@pytest.mark.parametrize(
    ("name", "bind"),
    [
        ("a", (BoundBy.START, "")),
        ("b", (BoundBy.PREDECESSOR, "a")),
        ("c", (BoundBy.ROLE, "OPS")),
        ("d", (BoundBy.FREEZE, "")),
    ],
)
def test_bindings_say_what_holds_a_task(name, bind):
    problem = Problem(
        tasks=(
            Task("a", 3, {"OPS": 100}, value=90),
            Task("b", 1, predecessors=(("a", 0),)),
            Task("c", 2, {"OPS": 100}),
            Task("d", 2, go_live=2),
        ),
        capacities=ROLES,
        freezes=((1, 5),),
    )

    found = bindings(problem, schedule(problem))[name]

    assert (found.kind, found.what) == bind


def _two_tasks():
    return Problem(
        tasks=(
            Task("a", 3, {"OPS": 60}, go_live=1),
            Task("b", 3, {"OPS": 60}, predecessors=(("a", 1),)),
        ),
        capacities=ROLES,
        wip_limit=1,
        freezes=((4, 5),),
    )


@pytest.mark.parametrize(
    ("starts", "fault"),
    [
        ({"a": 0, "b": 3}, "b starts before a is done"),
        ({"a": 0, "b": 1}, "OPS is needed 120 of 100 on day 1"),
        ({"a": 0, "b": 1}, "2 tasks run on day 1, the limit is 1"),
        ({"a": 2, "b": 9}, "a goes live inside a freeze"),
        ({"a": -1, "b": 9}, "a starts too early"),
        ({"a": 0}, "not every task is scheduled exactly once"),
    ],
)
def test_checker_sees_each_kind_of_fault(starts, fault):
    problem = _two_tasks()
    result = Schedule(starts, {t: s + 3 for t, s in starts.items()}, 0, 0, "by hand")

    assert fault in violations(problem, result)


def test_checker_accepts_a_sound_schedule():
    problem = replace(_two_tasks(), wip_limit=2)

    assert violations(problem, Schedule({"a": 0, "b": 4}, {"a": 3, "b": 7}, 7, 0, "hand")) == []
