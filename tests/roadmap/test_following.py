from dataclasses import replace

from hypothesis import given, settings

from roadmap.domain.problem import Problem, Task
from roadmap.domain.scheduling import follow, schedule
from tests.roadmap.problems import crowded_problems
from tests.roadmap.schedule_checker import faults

OPS = {"OPS": ((0, 100),)}


def chain_of(count):
    """Pieces of work of one person, each worth less than the one before."""
    return tuple(
        Task(f"T{n}", 3 + n % 4, {"OPS": 100}, value=100 - n, rank=n) for n in range(count)
    )


@settings(max_examples=40, deadline=None)
@given(crowded_problems())
def test_following_keeps_every_rule_and_never_breaks_more(problem):
    before = schedule(problem)

    after = follow(problem, before.starts)

    assert faults(problem, after) == []
    assert len(after.broken) <= len(before.broken)


@settings(max_examples=40, deadline=None)
@given(crowded_problems())
def test_following_moves_nothing_later_when_nothing_changed(problem):
    before = schedule(problem)

    after = follow(problem, before.starts)

    if not before.broken:
        assert max(after.finishes.values(), default=0) <= before.makespan


def test_following_moves_only_what_comes_after_the_change():
    problem = Problem(tasks=chain_of(12), capacities=OPS)
    before = schedule(problem)
    slower = tuple(
        replace(t, duration=t.duration + 2) if t.id == "T8" else t for t in problem.tasks
    )

    after = follow(replace(problem, tasks=slower), before.starts)

    moved = {id for id in before.starts if after.starts[id] != before.starts[id]}
    later = {id for id, start in before.starts.items() if start > before.starts["T8"]}
    assert moved == later


def test_following_gives_up_the_order_for_a_due_day_it_would_miss():
    problem = Problem(tasks=chain_of(6), capacities=OPS)
    before = schedule(problem)
    last = max(before.starts, key=before.starts.__getitem__)
    due = tuple(replace(t, due=t.duration) if t.id == last else t for t in problem.tasks)

    after = follow(replace(problem, tasks=due), before.starts)

    assert after.broken == () and after.starts[last] == 0
