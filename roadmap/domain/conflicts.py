"""Wishes that cannot be kept together, and work for which there is no place at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from roadmap.domain.problem import Problem, Schedule, Task
from roadmap.domain.refuting import is_refuted
from roadmap.domain.scheduling import schedule
from roadmap.domain.unplannable import unplannable

__all__ = [
    "Conflict",
    "Oracle",
    "ShownBy",
    "Wish",
    "WishKind",
    "conflicts",
    "every_conflict",
    "unplannable",
]

# Whether some schedule keeps every pin and due day; None when that could not be found out.
Oracle = Callable[[Problem], bool | None]


class WishKind(StrEnum):
    PIN = "pin"
    DUE = "due"
    PREDECESSOR = "predecessor"
    EARLIEST = "earliest"
    FREEZE = "freeze"
    LIMIT = "limit"
    ROLE = "role"


@dataclass(frozen=True)
class Wish:
    """One thing that a plan is to respect.

    `task`: whose pin, due day, earliest day or predecessor. `other`: the predecessor, or the role.
    `since`: day of the pin, earliest day, first day of the freeze. `until`: due day (finish ≤ due),
    day after the freeze. `amount`: the lag, or the limit.
    """

    kind: WishKind
    task: str = ""
    other: str = ""
    since: int | None = None
    until: int | None = None
    amount: int | None = None


class ShownBy(StrEnum):
    PROOF = "proof"  # by windows, sure days or energy: exact
    SEARCH = "search"  # by the oracle, which went through all schedules
    TRIAL = "trial"  # no schedule was found that keeps them; there may be one


@dataclass(frozen=True)
class Conflict:
    """Wishes that contradict each other.

    With `is_minimal`, a schedule was found for what is left when any one of them is given up: none
    could be named in vain. Another conflict with fewer wishes may exist.
    """

    wishes: tuple[Wish, ...]
    shown_by: ShownBy
    is_minimal: bool

    @property
    def is_proven(self) -> bool:
        return self.shown_by is not ShownBy.TRIAL

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks it is about, each once: pinned and due ones first."""
        named = (name for wish in self.wishes for name in (wish.task, _predecessor(wish)))
        return tuple(dict.fromkeys(name for name in named if name))


def conflicts(
    problem: Problem, oracle: Oracle | None = None, planned: Schedule | None = None
) -> Conflict | None:
    """A smallest set of wishes that cannot be kept together; None when all of them can be.

    Only pins and due days can be missed, so only what they wait for takes part. The set is found
    with QuickXplain (Junker 2004), which asks far fewer questions than a deletion filter (Chinneck
    and Dravnieks 1991) when few of many wishes conflict; a deletion filter then goes once over what
    it found. Asked are first the exact proofs of `is_refuted`, for each pin and due day alone and
    for all together; only what they leave open goes to the fast engine, whose schedule proves that
    wishes agree, and then to the `oracle`. `planned`: the fast engine's schedule of the problem,
    where it is there already.
    """
    problem = _without_idle_wishes(problem)
    if not _roots(problem):
        return None
    broken = {task for task, _ in (planned or schedule(problem)).broken}
    if not broken:
        return None
    wishes = tuple(_wishes(problem))
    judge = _Judge(problem, oracle)
    # A wish that cannot even be kept alone is broken in every schedule.
    alone = [_beside(wishes, [root]) for root in _roots(problem) if root.task in broken]
    found = [_quick_xplain(part, judge.refutes) for part in alone if judge.refutes(part)]
    if not found and judge.refutes(wishes):
        found = [_quick_xplain(wishes, judge.refutes)]
    if not found:
        parts = [part for part in [*alone, wishes] if not judge.agrees(part)][:1]
        found = [_quick_xplain(part, lambda some: not judge.agrees(some)) for part in parts]
    checked = [judge.filtered(some) for some in found]
    return min(checked, key=lambda c: (not c.is_minimal, len(c.wishes)), default=None)


def every_conflict(problem: Problem, oracle: Oracle | None = None) -> tuple[Conflict, ...]:
    """Conflicts with no pin or due day in common, until the rest agrees."""
    found: list[Conflict] = []
    while (conflict := conflicts(problem, oracle)) is not None:
        found.append(conflict)
        given_up = {(wish.kind, wish.task) for wish in conflict.wishes}
        problem = replace(problem, tasks=tuple(_freed(t, given_up) for t in problem.tasks))
    return tuple(found)


def _freed(task: Task, given_up: set[tuple[WishKind, str]]) -> Task:
    return replace(
        task,
        fixed=None if (WishKind.PIN, task.id) in given_up else task.fixed,
        due=None if (WishKind.DUE, task.id) in given_up else task.due,
    )


class _Judge:
    """Answers whether some of the wishes of a problem can be kept together."""

    def __init__(self, problem: Problem, oracle: Oracle | None) -> None:
        self._problem, self._oracle = problem, oracle

    def refutes(self, wishes: Sequence[Wish]) -> bool:
        return is_refuted(relaxed(self._problem, wishes))

    def agrees(self, wishes: Sequence[Wish]) -> bool | None:
        """True with a schedule that keeps them, False with a proof that there is none."""
        problem = relaxed(self._problem, wishes)
        if is_refuted(problem):
            return False
        if not schedule(problem).broken:
            return True
        return self._oracle(problem) if self._oracle else None

    def filtered(self, wishes: Sequence[Wish]) -> Conflict:
        """The deletion filter: whatever is not needed for the contradiction goes."""
        kept, is_minimal = tuple(wishes), True
        for wish in wishes:
            rest = tuple(other for other in kept if other is not wish)
            agrees = self.agrees(rest)
            if agrees is False:
                kept = rest
            elif agrees is None:
                is_minimal = False
        if self.refutes(kept):
            shown_by = ShownBy.PROOF
        else:
            shown_by = ShownBy.SEARCH if self.agrees(kept) is False else ShownBy.TRIAL
        return Conflict(kept, shown_by, is_minimal)


def _quick_xplain(
    wishes: Sequence[Wish], contradicts: Callable[[Sequence[Wish]], bool]
) -> tuple[Wish, ...]:
    """A part of the contradicting wishes that contradicts while none of its own parts does.

    Those in front are kept rather than those behind.
    """

    def explain(given: list[Wish], is_new: bool, rest: list[Wish]) -> list[Wish]:
        if is_new and contradicts(given):
            return []
        if len(rest) == 1:
            return rest
        front, back = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        of_back = explain(given + front, True, back)
        return explain(given + of_back, bool(of_back), front) + of_back

    return tuple(explain([], False, list(wishes)))


def _wishes(problem: Problem) -> Iterable[Wish]:
    """Everything that takes part, what a page would rather name in front."""
    part = _waited_for(problem.tasks, [wish.task for wish in _roots(problem)])
    yield from _roots(problem)
    for task in part:
        for other, lag in sorted(task.predecessors):
            yield Wish(WishKind.PREDECESSOR, task.id, other, amount=lag)
    for task in part:
        if task.earliest:
            yield Wish(WishKind.EARLIEST, task.id, since=task.earliest)
    if any(task.go_live for task in part):
        for start, finish in sorted(set(problem.freezes)):
            yield Wish(WishKind.FREEZE, since=start, until=finish)
    if problem.wip_limit is not None:
        yield Wish(WishKind.LIMIT, amount=problem.wip_limit)
    for role in sorted({role for task in part for role, amount in task.demands.items() if amount}):
        yield Wish(WishKind.ROLE, other=role)


def _roots(problem: Problem) -> list[Wish]:
    """The wishes that a schedule can miss."""
    pins = [
        Wish(WishKind.PIN, task.id, since=task.fixed)
        for task in problem.tasks
        if task.fixed is not None
    ]
    dues = [
        Wish(WishKind.DUE, task.id, until=task.due)
        for task in problem.tasks
        if task.due is not None
    ]
    return pins + dues


def _beside(wishes: Sequence[Wish], roots: Sequence[Wish]) -> tuple[Wish, ...]:
    """The wishes without the pins and due days other than these."""
    missable = (WishKind.PIN, WishKind.DUE)
    return tuple(wish for wish in wishes if wish.kind not in missable or wish in roots)


def relaxed(problem: Problem, wishes: Sequence[Wish]) -> Problem:
    """The problem with only these wishes, and only the tasks that pins and due days wait for: all
    others can come after everything.
    """
    kept = {(wish.kind, wish.task, wish.other) for wish in wishes}
    roots = [w.task for w in wishes if w.kind in (WishKind.PIN, WishKind.DUE)]
    tasks = _waited_for([_relaxed_task(task, kept) for task in problem.tasks], roots)
    return replace(
        problem,
        tasks=tuple(tasks),
        wip_limit=problem.wip_limit if (WishKind.LIMIT, "", "") in kept else None,
        freezes=tuple(
            (w.since, w.until)
            for w in wishes
            if w.kind is WishKind.FREEZE and w.since is not None and w.until is not None
        ),
        finish_value=0,
        finish_first=False,
    )


def _relaxed_task(task: Task, kept: set[tuple[WishKind, str, str]]) -> Task:
    return replace(
        task,
        demands={r: amount for r, amount in task.demands.items() if (WishKind.ROLE, "", r) in kept},
        predecessors=tuple(
            (other, lag)
            for other, lag in task.predecessors
            if (WishKind.PREDECESSOR, task.id, other) in kept
        ),
        earliest=task.earliest if (WishKind.EARLIEST, task.id, "") in kept else 0,
        fixed=task.fixed if (WishKind.PIN, task.id, "") in kept else None,
        due=task.due if (WishKind.DUE, task.id, "") in kept else None,
        urgent=False,
    )


def _without_idle_wishes(problem: Problem) -> Problem:
    """A pin outranks the task's own earliest day, and of two lags only the longer one counts."""
    return replace(
        problem,
        tasks=tuple(
            replace(
                task,
                earliest=task.earliest if task.fixed is None else 0,
                predecessors=tuple(dict(sorted(task.predecessors)).items()),
            )
            for task in problem.tasks
        ),
    )


def _waited_for(tasks: Sequence[Task], names: Iterable[str]) -> list[Task]:
    """The named tasks and everything they wait for, in the order of `tasks`."""
    by_id = {task.id: task for task in tasks}
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(other for other, _ in by_id[name].predecessors)
    return [task for task in tasks if task.id in found]


def _predecessor(wish: Wish) -> str:
    return wish.other if wish.kind is WishKind.PREDECESSOR else ""
