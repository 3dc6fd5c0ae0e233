"""What holds each task, the chains back to the first day, and how much later a task can be."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings

from benchmarks.roadmap_instances import roadmap_problem
from roadmap.domain.explaining.binding import Binding, BoundBy, bindings, chain, critical_chain
from roadmap.domain.explaining.slack import Slack, latest_starts, slack
from roadmap.domain.problem import Problem, Schedule, Task
from roadmap.domain.scheduling import schedule
from tests.roadmap.problems import crowded_problems
from tests.roadmap.schedule_checker import violations

ONE = {"OPS": ((0, 100),)}


def by_hand(problem, **starts):
    """A schedule with these starts."""
    finishes = {task.id: starts[task.id] + task.duration for task in problem.tasks}
    return Schedule(starts, finishes, max(finishes.values()), 0, "by hand")


def test_binding_by_predecessor_names_it_with_its_lag_and_day():
    problem = Problem((Task("a", 2), Task("b", 1, predecessors=(("a", 5),))), {})

    found = bindings(problem, by_hand(problem, a=0, b=7))["b"]

    assert found == Binding(BoundBy.PREDECESSOR, "a", until=7, holders=("a",), lag=5)


def test_binding_by_role_names_who_has_it_and_who_gives_it_back_first():
    problem = Problem(
        (Task("a", 9, {"OPS": 30}), Task("b", 4, {"OPS": 60}), Task("c", 2, {"OPS": 60})), ONE
    )

    found = bindings(problem, by_hand(problem, a=0, b=0, c=4))["c"]

    assert found == Binding(BoundBy.ROLE, "OPS", until=4, holders=("b", "a"))


def test_binding_by_limit_names_the_tasks_that_count_towards_it():
    tasks = (Task("a", 3), Task("waits", 9, wip=0), Task("b", 5, wip=2), Task("c", 1))
    problem = Problem(tasks, {}, wip_limit=3)

    found = bindings(problem, by_hand(problem, a=0, waits=0, b=0, c=3))["c"]

    assert found == Binding(BoundBy.LIMIT, until=3, holders=("a", "b"))


def test_binding_by_freeze_names_its_days_and_who_kept_the_task_from_before():
    tasks = (Task("a", 6), Task("b", 4, go_live=2, predecessors=(("a", 0),)))
    problem = Problem(tasks, {}, freezes=((8, 20), (9, 15)))

    found = bindings(problem, by_hand(problem, a=0, b=18))["b"]

    assert found == Binding(BoundBy.FREEZE, until=20, holders=("a",), since=8)


def test_binding_by_freeze_from_the_first_day_has_nobody_behind_it():
    problem = Problem((Task("a", 2, go_live=2),), {}, freezes=((1, 9),))

    found = bindings(problem, by_hand(problem, a=9))["a"]

    assert found == Binding(BoundBy.FREEZE, until=9, since=1)


def test_binding_by_a_role_nobody_has_yet_is_an_absence():
    problem = Problem((Task("a", 2, {"SEC": 20}),), {"SEC": ((0, 0), (30, 50))})

    found = bindings(problem, by_hand(problem, a=30))["a"]

    assert found == Binding(BoundBy.ROLE, "SEC", until=30, is_absence=True)


def test_binding_by_absence_names_who_had_the_role_before_it():
    capacities = {"OPS": ((0, 100), (10, 0), (20, 100))}
    problem = Problem((Task("a", 8, {"OPS": 100}), Task("b", 5, {"OPS": 100})), capacities)

    found = bindings(problem, by_hand(problem, a=0, b=20))["b"]

    assert found == Binding(BoundBy.ROLE, "OPS", until=20, holders=("a",), is_absence=True)


@pytest.mark.parametrize(
    ("task", "start", "binding"),
    [
        (Task("a", 1), 0, Binding(BoundBy.START)),
        (Task("a", 1, earliest=4), 4, Binding(BoundBy.EARLIEST, until=4)),
        (Task("a", 1, fixed=4), 4, Binding(BoundBy.FIXED, until=4)),
        (Task("a", 1), 4, Binding(BoundBy.ORDER)),
    ],
)
def test_binding_of_a_task_alone(task, start, binding):
    problem = Problem((task,), {})

    assert bindings(problem, by_hand(problem, a=start)) == {"a": binding}


def test_chain_goes_back_from_holder_to_holder_to_the_first_day():
    tasks = (
        Task("a", 3, {"OPS": 100}),
        Task("b", 4, {"OPS": 100}),
        Task("c", 2, predecessors=(("b", 1),)),
        Task("beside", 5),
    )
    problem = Problem(tasks, ONE)
    planned = by_hand(problem, a=0, b=3, c=8, beside=0)

    found = chain(problem, planned, "c")

    assert [(task, binding.kind) for task, binding in found] == [
        ("c", BoundBy.PREDECESSOR),
        ("b", BoundBy.ROLE),
        ("a", BoundBy.START),
    ]
    assert critical_chain(problem, planned) == ("a", "b", "c")


def test_critical_chain_of_nothing_is_empty():
    problem = Problem((), {})

    assert critical_chain(problem, schedule(problem)) == ()


def test_slack_counts_roles_freezes_limits_and_dues():
    tasks = (
        Task("long", 20),
        Task("first", 2, {"OPS": 100}),
        Task("second", 3, {"OPS": 100}, predecessors=(("first", 0),)),
        Task("live", 2, go_live=2),
        Task("due", 2, due=6),
        Task("pinned", 2, fixed=4),
    )
    problem = Problem(tasks, {"OPS": ((0, 100), (17, 0), (40, 100))}, freezes=((10, 30),))

    found = slack(problem, by_hand(problem, long=0, first=0, second=2, live=0, due=1, pinned=4))

    assert found == {
        "long": Slack(total=0, free=0),
        "first": Slack(total=12, free=0),
        "second": Slack(total=12, free=12),
        "live": Slack(total=8, free=8),
        "due": Slack(total=3, free=3),
        "pinned": Slack(total=0, free=0),
    }


@settings(max_examples=40, deadline=None)
@given(crowded_problems(pins=False))
def test_slack_and_bindings_hold_on_any_schedule(problem):
    planned = schedule(problem)
    found, reasons = slack(problem, planned), bindings(problem, planned)

    for task in problem.tasks:
        assert 0 <= found[task.id].free <= found[task.id].total
        # Moved by its free float alone, nothing is violated and the whole ends no later.
        moved = {**planned.starts, task.id: planned.starts[task.id] + found[task.id].free}
        shifted = replace(by_hand(problem, **moved), broken=planned.broken)
        assert violations(problem, shifted) == []
        assert shifted.makespan == planned.makespan
        last = chain(problem, planned, task.id, reasons)[-1][1]
        assert last.holders == ()
    pushed = by_hand(problem, **latest_starts(problem, planned))
    assert violations(problem, replace(pushed, broken=planned.broken)) == []
    assert pushed.makespan == planned.makespan
    ends = critical_chain(problem, planned, reasons)
    assert planned.finishes[ends[-1]] == planned.makespan


@settings(max_examples=40, deadline=None)
@given(crowded_problems(pins=False))
def test_free_float_is_every_delay_and_all_there_is(problem):
    planned = schedule(problem)

    for task, room in slack(problem, planned).items():
        if (task, "due") in planned.broken:
            continue
        for later in range(room.free + 2):
            shifted = by_hand(problem, **{**planned.starts, task: planned.starts[task] + later})
            keeps = violations(problem, replace(shifted, broken=planned.broken)) == []
            assert (keeps and shifted.makespan == planned.makespan) == (later <= room.free)


def test_explaining_ninety_five_tasks_is_quick():
    problem = roadmap_problem(95, seed=1)
    planned = schedule(problem)
    seconds = []
    for _ in range(3):
        began = time.process_time()
        found = bindings(problem, planned)
        critical_chain(problem, planned, found)
        slack(problem, planned)
        seconds.append(time.process_time() - began)

    assert min(seconds) < 0.04
