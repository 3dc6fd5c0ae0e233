from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.domain.engine.bounds import lower_bound
from roadmap.domain.engine.compiled import compile_problem
from roadmap.domain.engine.improvement import by_start, improve
from roadmap.domain.engine.lists import peak_crossover, shift, two_point_crossover
from roadmap.domain.engine.serial import Judge, forward, is_feasible, starts_of
from roadmap.domain.problem import Problem, Schedule, Task
from tests.roadmap.schedule_checker import violations
from tests.roadmap.test_scheduling import problems


def an_order(plan, seed):
    chance = Random(seed)
    return plan.order([(chance.random(),) for _ in plan.tasks])


def as_schedule(plan, finishes):
    starts = starts_of(plan, finishes)
    return Schedule(
        {task.id: start for task, start in zip(plan.tasks, starts, strict=True)},
        {task.id: finish for task, finish in zip(plan.tasks, finishes, strict=True)},
        max(finishes, default=0),
        0,
        "test",
    )


def faults_but_due(problem, schedule):
    return [fault for fault in violations(problem, schedule) if "due" not in fault]


def one_day_earlier_fits(problem, plan, finishes, task, before):
    """Judged by the independent checker, with only the tasks that stood when it was placed."""
    ids = {plan.tasks[other].id for other in [*before, task]}
    tasks = [t for t in problem.tasks if t.id in ids]
    some = Problem(
        tasks=tuple(tasks),
        capacities=problem.capacities,
        wip_limit=problem.wip_limit,
        freezes=problem.freezes,
    )
    moved = list(finishes)
    moved[task] -= 1
    schedule = as_schedule(plan, moved)
    starts = {t.id: schedule.starts[t.id] for t in tasks}
    ends = {t.id: schedule.finishes[t.id] for t in tasks}
    return not faults_but_due(some, Schedule(starts, ends, 0, 0, "test"))


@settings(max_examples=25, deadline=None)
@given(problems(), st.integers(0, 9))
def test_forward_places_each_task_as_early_as_the_rules_allow(problem, seed):
    plan = compile_problem(problem)
    order = an_order(plan, seed)

    finishes = forward(plan, order)

    assert faults_but_due(problem, as_schedule(plan, finishes)) == []
    assert [
        plan.tasks[task].id
        for place, task in enumerate(order)
        if plan.days[task] and one_day_earlier_fits(problem, plan, finishes, task, order[:place])
    ] == []


@settings(max_examples=25, deadline=None)
@given(problems(), st.integers(0, 9))
def test_improvement_keeps_the_rules_and_never_ends_later(problem, seed):
    plan = compile_problem(problem)
    made = forward(plan, an_order(plan, seed))

    improved = improve(plan, made)

    assert faults_but_due(problem, as_schedule(plan, improved)) == []
    if not plan.is_led:
        assert max(improved) <= max(made)


@settings(max_examples=25, deadline=None)
@given(problems(), st.integers(0, 9), st.integers(0, 13), st.integers(-3, 3))
def test_engine_and_checker_agree_on_what_is_feasible(problem, seed, task, days):
    plan = compile_problem(problem)
    finishes = forward(plan, an_order(plan, seed))
    finishes[task % len(finishes)] += days

    assert is_feasible(plan, finishes) == (not faults_but_due(problem, as_schedule(plan, finishes)))


@settings(max_examples=25, deadline=None)
@given(problems(), st.integers(0, 9))
def test_no_schedule_beats_the_lower_bound(problem, seed):
    plan = compile_problem(problem)

    found = Judge(plan, 0, []).objective(forward(plan, an_order(plan, seed)))

    bound = lower_bound(plan, 0)
    assert all(low <= value for low, value in zip(bound, found, strict=True))


@settings(max_examples=25, deadline=None)
@given(problems(), st.integers(0, 9))
def test_new_lists_hold_every_task_once_and_predecessors_first(problem, seed):
    plan = compile_problem(problem)
    one, other = an_order(plan, seed), an_order(plan, seed + 1)
    chance = Random(seed)
    made = [peak_crossover(one, other, chance), two_point_crossover(one, other, chance)]
    for order in made:
        shift(order, plan, chance, 5)

    for order in made:
        place = {task: index for index, task in enumerate(order)}
        assert sorted(order) == sorted(plan.free)
        assert all(place[before] < place[task] for task in order for before in plan.before[task])
        leading = [plan.leading[task] for task in order]
        assert all(first <= second for first, second in pairwise(leading))


def test_improvement_packs_what_a_bad_list_scattered():
    # Placed first, "small" holds the one day that would let the two long ones follow each other.
    problem = Problem(
        tasks=(
            Task("small", 1, {"OPS": 60}),
            Task("long", 4, {"OPS": 50}),
            Task("other", 5, {"OPS": 50}),
        ),
        capacities={"OPS": ((0, 100),)},
    )
    plan = compile_problem(problem)
    made = forward(plan, [0, 1, 2])

    assert (max(made), max(improve(plan, made))) == (6, 6)
    assert by_start(plan, starts_of(plan, made))[0] == 0


def test_amounts_that_fill_a_role_to_the_last_hundredth_fit_side_by_side():
    tasks = tuple(Task(name, 3, {"OPS": 33, "SEC": 1}) for name in "abc")
    problem = Problem(
        tasks=(*tasks, Task("d", 3, {"OPS": 1}), Task("e", 1, {"OPS": 1})),
        capacities={"OPS": ((0, 100),), "SEC": ((0, 3),)},
    )
    plan = compile_problem(problem)

    assert forward(plan, [0, 1, 2, 3, 4]) == [3, 3, 3, 3, 4]
