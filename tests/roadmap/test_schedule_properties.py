"""Whatever a roadmap asks for: no schedule breaks a rule, and none hides what it could not keep."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import roadmaps
from benchmarks.roadmap_instances import SIZES, roadmap_problem
from roadmap.domain.problem import Problem, Task
from roadmap.domain.scheduling import SearchLimits, schedule, search
from tests.roadmap.problems import crowded_problem, crowded_problems
from tests.roadmap.schedule_checker import falsehoods, faults, violations

# Little enough for a test; the solver counts work, not seconds.
LIMITS = SearchLimits(schedules=60, deterministic=0.05, seconds=None, seed=1)


@settings(max_examples=50, deadline=None)
@given(crowded_problems())
def test_schedule_of_a_crowded_problem_has_no_fault(problem):
    assert faults(problem, schedule(problem)) == []


@settings(max_examples=30, deadline=None)
@given(crowded_problems(pins=False, dues=False))
def test_schedule_without_wishes_breaks_nothing(problem):
    assert schedule(problem).broken == ()


@settings(max_examples=15, deadline=None)
@given(crowded_problems(), st.integers(0, 9))
def test_schedule_near_a_previous_one_has_no_fault(problem, seed):
    chance = random.Random(seed)
    before = schedule(problem)
    pinned = chance.choice(problem.tasks)
    moved = Problem(
        tuple(
            _pinned(task, before.starts[task.id] + chance.randint(0, 9)) if task is pinned else task
            for task in problem.tasks
        ),
        problem.capacities,
        problem.wip_limit,
        problem.freezes,
        problem.finish_value,
    )

    assert faults(moved, schedule(moved, before)) == []


def _pinned(task, start):
    return Task(**{**vars(task), "fixed": start})


@pytest.mark.parametrize("seed", range(6))
def test_search_has_no_fault_and_is_no_worse(seed):
    problem = crowded_problem(9, seed)
    fast = schedule(problem)

    told = []
    found = search(problem, LIMITS, tell=lambda better, phase: told.append(better) or True)

    assert [faults(problem, each) for each in (found.schedule, *told)] == [[]] * (1 + len(told))
    assert _objective(found.schedule) <= _objective(fast)


def _objective(result):
    return len(result.broken), result.weighted_finish, result.makespan


def test_search_gives_the_same_bytes_twice():
    problem = crowded_problem(12, 5)

    first, second = search(problem, LIMITS), search(problem, LIMITS)

    assert json.dumps(vars(first.schedule)) == json.dumps(vars(second.schedule))


@pytest.mark.parametrize("size", SIZES[:3])
def test_schedule_of_a_roadmap_has_no_fault(size):
    problem = roadmap_problem(size, seed=1)

    found = schedule(problem)

    assert (faults(problem, found), found.broken) == ([], ())


def test_benchmark_of_roadmaps_finds_no_fault(capsys):
    assert roadmaps.main(["--json", "--sizes", "40", "60", "--seeds", "1", "--seconds"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert [size["initiatives"] for size in found["sizes"]] == [40, 60]
    assert found["violations"] == 0


def _wishes():
    """Wants everything the checker looks at, with one schedule that has it."""
    tasks = (
        Task("pin", 2, {"OPS": 60}, fixed=0, predecessors=(("before", 1),)),
        Task("too", 2, {"OPS": 60}, fixed=1, go_live=1, wip=2),
        Task("before", 2),
        Task("late", 4, due=5, value=3),
    )
    return Problem(tasks, {"OPS": ((0, 100),)}, 3, ((2, 4),), finish_value=2)


STARTS = {"pin": 0, "too": 1, "before": 0, "late": 3}
BROKEN = (
    *(("pin", "before"), ("pin", "OPS"), ("too", "OPS")),
    *(("too", "freeze"), ("late", "due")),
)


def _claim(broken=BROKEN, **changes):
    problem = _wishes()
    problem = Problem(**{**vars(problem), "wip_limit": 4})
    finishes = {task.id: STARTS[task.id] + task.duration for task in problem.tasks}
    result = schedule(Problem((), {}))
    weighted = sum(task.value * finishes[task.id] for task in problem.tasks) + 2 * 7
    values = {
        **vars(result),
        "starts": STARTS,
        "finishes": finishes,
        "makespan": 7,
        "weighted_finish": weighted,
        "broken": broken,
        **changes,
    }
    return problem, type(result)(**values)


def test_checker_accepts_wishes_that_are_broken_and_said_so():
    problem, result = _claim()

    assert faults(problem, result) == []


@pytest.mark.parametrize(
    ("hidden", "fault"),
    [
        (("pin", "before"), "pin starts before before is done"),
        (("pin", "OPS"), "OPS is needed 120 of 100 on day 1"),
        (("too", "freeze"), "too goes live inside a freeze"),
        (("late", "due"), "late is finished on day 7, due by 5"),
    ],
)
def test_checker_sees_a_broken_wish_that_is_not_named(hidden, fault):
    problem, result = _claim(tuple(each for each in BROKEN if each != hidden))

    assert violations(problem, result) == [fault]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"broken": (*BROKEN, ("before", "due"))}, "before is not broken by due"),
        ({"broken": (*BROKEN, ("pin", "freeze"))}, "pin is not broken by freeze"),
        ({"broken": (*BROKEN, ("late", "OPS"))}, "late is not broken by OPS"),
        ({"broken": (*BROKEN, ("nobody", "due"))}, "nobody is not broken by due"),
        ({"broken": (*BROKEN, BROKEN[0])}, "something is broken twice"),
        ({"makespan": 8}, "the makespan is 7, not 8"),
        ({"weighted_finish": 1}, "the weighted finish is 42, not 1"),
    ],
)
def test_checker_sees_what_is_claimed_and_not_true(changes, fault):
    problem, result = _claim(**changes)

    assert falsehoods(problem, result) == [fault]


def test_checker_counts_weights_under_the_limit():
    problem, result = _claim()
    problem = Problem(**{**vars(problem), "wip_limit": 3})

    assert violations(problem, result) == ["4 tasks run on day 1, the limit is 3"]
