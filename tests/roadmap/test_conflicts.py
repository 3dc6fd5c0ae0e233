"""Wishes that contradict each other are named, all of them and no other."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.roadmap_instances import roadmap_problem
from roadmap.domain.explaining.conflicts import (
    ShownBy,
    Wish,
    WishKind,
    conflicts,
    every_conflict,
    relaxed,
)
from roadmap.domain.explaining.refuting import is_refuted
from roadmap.domain.explaining.satisfying import by_solver
from roadmap.domain.explaining.unplannable import NoPlace, unplannable
from roadmap.domain.problem import HORIZON_DAYS, Problem, Task
from roadmap.domain.scheduling import schedule
from tests.roadmap.brute_force import is_satisfiable
from tests.roadmap.problems import crowded_problems, tight_problem

ONE = {"OPS": ((0, 100),)}


def needs(task, other, lag=0):
    return Wish(WishKind.PREDECESSOR, task, other, amount=lag)


def pin(task, day):
    return Wish(WishKind.PIN, task, since=day)


def due(task, day):
    return Wish(WishKind.DUE, task, until=day)


OPS = Wish(WishKind.ROLE, other="OPS")
TABLE = {
    "pin before its predecessors can be done": (
        Problem(
            (
                Task("a", 3),
                Task("b", 4, predecessors=(("a", 1),)),
                Task("c", 1, fixed=6, predecessors=(("b", 0), ("other", 0))),
                Task("other", 2),
            ),
            {},
        ),
        {pin("c", 6), needs("c", "b"), needs("b", "a", 1)},
    ),
    "pin before what was not to start earlier": (
        Problem((Task("a", 3, earliest=5), Task("b", 1, fixed=6, predecessors=(("a", 0),))), {}),
        {pin("b", 6), needs("b", "a"), Wish(WishKind.EARLIEST, "a", since=5)},
    ),
    "two pins for one person": (
        Problem(
            (
                Task("a", 4, {"OPS": 60}, fixed=1),
                Task("b", 4, {"OPS": 60}, fixed=3),
                Task("c", 4, {"OPS": 40}, fixed=8),
            ),
            ONE,
        ),
        {pin("a", 1), pin("b", 3), OPS},
    ),
    "two pins under a limit of one": (
        Problem((Task("a", 4, fixed=1), Task("b", 4, fixed=3)), {}, wip_limit=1),
        {pin("a", 1), pin("b", 3), Wish(WishKind.LIMIT, amount=1)},
    ),
    "pin that goes live inside a freeze": (
        Problem((Task("a", 4, go_live=2, fixed=3),), {}, freezes=((0, 2), (5, 9))),
        {pin("a", 3), Wish(WishKind.FREEZE, since=5, until=9)},
    ),
    "pin on days when nobody is there": (
        Problem((Task("a", 4, {"OPS": 10}, fixed=3),), {"OPS": ((0, 0), (5, 100))}),
        {pin("a", 3), OPS},
    ),
    "due day before the longest chain ends": (
        Problem((Task("a", 9), Task("b", 4, due=12, predecessors=(("a", 0),))), {}),
        {due("b", 12), needs("b", "a")},
    ),
    "due day before a freeze lets it go live": (
        Problem((Task("a", 6, go_live=1, due=10),), {}, freezes=((4, 20),)),
        {due("a", 10), Wish(WishKind.FREEZE, since=4, until=20)},
    ),
    "more work due than one role can do": (
        Problem(tuple(Task(name, 4, {"OPS": 100}, due=11) for name in "abc"), ONE),
        {due("a", 11), due("b", 11), due("c", 11), OPS},
    ),
    "two due at once that take more than half": (
        Problem(tuple(Task(name, 4, {"OPS": 60}, due=7) for name in "ab"), ONE),
        {due("a", 7), due("b", 7), OPS},
    ),
    "pin after its own due day": (
        Problem((Task("a", 4, fixed=9, due=10),), {}),
        {pin("a", 9), due("a", 10)},
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_conflict_names_what_contradicts_and_nothing_else(name):
    problem, expected = TABLE[name]

    found = conflicts(problem)

    assert (set(found.wishes), len(found.wishes)) == (expected, len(expected))
    assert (found.shown_by, found.is_proven, found.is_minimal) == (ShownBy.PROOF, True, True)


def test_wishes_that_agree_are_no_conflict():
    tasks = (Task("a", 3, {"OPS": 100}, due=3), Task("b", 3, {"OPS": 100}, fixed=3))

    assert conflicts(Problem(tasks, ONE)) is None


def test_pin_outranks_the_earliest_day_of_its_own_task():
    assert conflicts(Problem((Task("a", 3, fixed=2, earliest=9),), {})) is None


def test_conflict_names_its_tasks_pinned_ones_first():
    problem, _ = TABLE["pin before its predecessors can be done"]

    assert conflicts(problem).tasks == ("c", "b", "a")


def test_every_conflict_goes_on_until_the_rest_agrees():
    tasks = (
        Task("a", 4, fixed=9, due=10),
        Task("b", 4, {"OPS": 60}, fixed=1),
        Task("c", 4, {"OPS": 60}, fixed=3),
        Task("d", 4, due=20),
    )

    found = every_conflict(Problem(tasks, ONE))

    assert [conflict.tasks for conflict in found] == [("a",), ("b", "c")]


def _packed():
    """Enough days and enough work in them, but of five only two fit at a time."""
    tasks = tuple(Task(name, 4, {"OPS": 40}, due=11) for name in "abcde")
    return Problem(tasks, ONE)


def test_conflict_without_proof_is_a_trial_until_an_oracle_knows():
    problem = _packed()

    tried, searched = conflicts(problem), conflicts(problem, is_satisfiable)

    assert not is_refuted(problem)
    assert set(tried.wishes) == set(searched.wishes) == {due(name, 11) for name in "abcde"} | {OPS}
    assert (tried.shown_by, tried.is_proven) == (ShownBy.TRIAL, False)
    assert (searched.shown_by, searched.is_proven) == (ShownBy.SEARCH, True)
    assert tried.is_minimal and searched.is_minimal


@pytest.mark.parametrize("seed", range(25))
def test_solver_knows_what_trying_all_days_finds(seed):
    problem = tight_problem(seed)

    assert by_solver()(problem) is is_satisfiable(problem)


def test_conflict_asked_of_the_solver_is_proven():
    found = conflicts(_packed(), by_solver())

    assert (found.shown_by, found.is_minimal, len(found.wishes)) == (ShownBy.SEARCH, True, 6)


def test_conflict_without_effort_left_is_still_one_and_does_not_claim_to_be_minimal():
    problem, _ = TABLE["pin before its predecessors can be done"]

    found = conflicts(problem, effort=len(problem.tasks))

    assert is_refuted(relaxed(problem, found.wishes))
    assert (found.is_proven, found.is_minimal) == (True, False)
    assert [wish.task for wish in found.roots] == ["c"]


def _holds(problem, found, is_exact):
    """What the conflict says of itself, against trying all schedules."""
    assert (found is None) <= is_satisfiable(problem)
    if found is None:
        return
    assert found.is_proven or not is_exact
    if found.is_proven:
        assert not is_satisfiable(relaxed(problem, found.wishes))
    assert found.is_minimal or not is_exact
    if found.is_minimal:
        for wish in found.wishes:
            rest = [other for other in found.wishes if other is not wish]
            assert is_satisfiable(relaxed(problem, rest))


@settings(max_examples=40, deadline=None)
@given(crowded_problems(6, spread=14))
def test_conflict_of_small_problems_is_one_and_minimal(problem):
    _holds(problem, conflicts(problem), is_exact=False)


@settings(max_examples=40, deadline=None)
@given(st.builds(tight_problem, st.integers(0, 2**32)))
def test_conflict_with_an_oracle_is_exact(problem):
    _holds(problem, conflicts(problem, is_satisfiable), is_exact=True)


@settings(max_examples=50, deadline=None)
@given(st.builds(tight_problem, st.integers(0, 2**32)))
def test_refuted_problems_have_no_schedule(problem):
    assert not (is_refuted(problem) and is_satisfiable(problem))


def test_conflict_among_ninety_five_tasks_is_found_at_the_root():
    problem = roadmap_problem(95, seed=1)
    tasks = [replace(t, due=40) if t.id == "G2" else t for t in problem.tasks]
    tasks = [replace(t, fixed=5) if t.id == "P5-03" else t for t in tasks]

    found = every_conflict(replace(problem, tasks=tuple(tasks)))

    assert {conflict.wishes[0].task for conflict in found} == {"G2", "P5-03"}
    assert all(conflict.is_proven for conflict in found)


def test_what_no_ten_years_can_hold_names_the_root():
    tasks = (
        Task("alone", 5, {"SEC": 10}),
        Task("behind", 2, predecessors=(("alone", 0),)),
        Task("further", 2, predecessors=(("behind", 0),)),
        Task("own", 2, {"SEC": 10}, predecessors=(("alone", 0),)),
        Task("live", 3, go_live=1),
        Task("later", 3, earliest=HORIZON_DAYS),
        Task("pinned", 3, fixed=HORIZON_DAYS + 1),
        Task("fits", 3),
    )
    problem = Problem(tasks, {"SEC": ((0, 0), (HORIZON_DAYS, 50))}, freezes=((0, HORIZON_DAYS),))

    found = unplannable(problem, schedule(problem))

    assert found == (
        ("alone", NoPlace.ROLE, "SEC"),
        ("behind", NoPlace.NEEDS, "alone"),
        ("further", NoPlace.NEEDS, "alone"),
        ("own", NoPlace.ROLE, "SEC"),
        ("live", NoPlace.FREEZE, ""),
        ("later", NoPlace.EARLIEST, ""),
        ("pinned", NoPlace.PIN, ""),
    )


def test_what_others_crowd_out_says_who_has_the_role():
    tasks = tuple(Task(name, 4, {"OPS": 100}, rank=n) for n, name in enumerate("abc"))

    found = unplannable(Problem(tasks, ONE), schedule(Problem(tasks, ONE)), horizon=10)

    assert found == (("c", NoPlace.BUSY, "OPS"),)


def test_what_roles_and_freezes_leave_no_day_between_them_says_so():
    problem = Problem(
        (Task("a", 2, {"OPS": 10}, go_live=2),),
        {"OPS": ((0, 10), (5, 0), (20, 10))},
        freezes=((0, 5), (10, 20)),
    )

    assert unplannable(problem, schedule(problem), 20) == (("a", NoPlace.CALENDAR, ""),)
