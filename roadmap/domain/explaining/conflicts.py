"""Wishes that cannot be kept together, and work for which there is no place at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from roadmap.domain.explaining.refuting import is_refuted
from roadmap.domain.explaining.unplannable import unplannable
from roadmap.domain.problem import Problem, Schedule, Task
from roadmap.domain.scheduling import schedule

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

# Tasks looked at for one conflict, a scheduled one counting for three: some tenths of a second.
EFFORT = 15_000
SCHEDULED = 3
# Pins and due days looked at alone, those that wait for least in front: they explain best.
ALONE = 6
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
    def roots(self) -> tuple[Wish, ...]:
        """The pins and due days: one of them has to give way if nothing else does."""
        return tuple(w for w in self.wishes if w.kind in (WishKind.PIN, WishKind.DUE))

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks it is about, each once: pinned and due ones first."""
        named = (name for wish in self.wishes for name in (wish.task, _predecessor(wish)))
        return tuple(dict.fromkeys(name for name in named if name))


def conflicts(
    problem: Problem,
    oracle: Oracle | None = None,
    planned: Schedule | None = None,
    effort: int = EFFORT,
) -> Conflict | None:
    """A smallest set of wishes that cannot be kept together; None when all of them can be.

    Only pins and due days can be missed, so only what they wait for takes part. The set is found
    with QuickXplain (Junker 2004), which asks far fewer questions than a deletion filter (Chinneck
    and Dravnieks 1991) when few of many wishes conflict; a deletion filter then goes once over what
    it found. Asked are first the exact proofs of `is_refuted`, for pins and due days alone and for
    all together; only what they leave open goes to the fast engine, whose schedule proves that
    wishes agree, and then to the `oracle`. `planned`: the fast engine's schedule of the problem,
    where it is there already. When `effort` is used up, the set stays as large as it is by then.
    """
    problem = _without_idle_wishes(problem)
    broken = {task for task, _ in (planned or schedule(problem)).broken}
    if not broken:
        return None
    judge = _Judge(problem, oracle, effort)
    wishes = tuple(_wishes(problem))
    alone = [_beside(wishes, root) for root in _simplest(problem, broken)]
    part = next((part for part in alone if judge.refutes(part)), None)
    if part is None and judge.refutes(wishes):
        part = wishes
    if part is not None:
        return judge.filtered(_quick_xplain(part, judge.refutes))
    part = next((part for part in [*alone, wishes] if not judge.agrees(part)), None)
    if part is None:
        return None
    return judge.filtered(_quick_xplain(part, lambda some: not judge.agrees(some, True)))


def every_conflict(
    problem: Problem, oracle: Oracle | None = None, effort: int = EFFORT
) -> tuple[Conflict, ...]:
    """Conflicts with no pin or due day in common, until the rest agrees."""
    found: list[Conflict] = []
    while (conflict := conflicts(problem, oracle, effort=effort)) is not None:
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

    def __init__(self, problem: Problem, oracle: Oracle | None, effort: int) -> None:
        self._problem, self._oracle = problem, oracle
        self._left = effort

    def refutes(self, wishes: Sequence[Wish]) -> bool:
        """Whether a proof says they contradict; of no use any more, False, without effort left."""
        if self._left <= 0:
            return False
        problem = relaxed(self._problem, wishes)
        self._left -= len(problem.tasks)
        return is_refuted(problem)

    def agrees(self, wishes: Sequence[Wish], otherwise: bool | None = None) -> bool | None:
        """True with a schedule that keeps them, False with a proof that there is none; what is
        said otherwise without effort left.
        """
        if self._left <= 0:
            return otherwise
        problem = relaxed(self._problem, wishes)
        self._left -= len(problem.tasks)
        if is_refuted(problem):
            return False
        if not any(wish.kind in (WishKind.ROLE, WishKind.LIMIT) for wish in wishes):
            # Nothing is shared, so every task can have its earliest place.
            return True
        self._left -= SCHEDULED * len(problem.tasks)
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
        # Asked whatever effort is left: what is shown is the point of it all.
        problem = relaxed(self._problem, kept)
        if is_refuted(problem):
            return Conflict(kept, ShownBy.PROOF, is_minimal)
        is_searched = self._oracle is not None and self._oracle(problem) is False
        return Conflict(kept, ShownBy.SEARCH if is_searched else ShownBy.TRIAL, is_minimal)


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
    part = waited_for(problem.tasks, [wish.task for wish in _roots(problem)])
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


def _simplest(problem: Problem, broken: set[str]) -> list[Wish]:
    """Some pins and due days that may be impossible alone, those that wait for least in front.

    Whatever is impossible alone is broken in every schedule.
    """
    roots = [root for root in _roots(problem) if root.task in broken]
    ranked = sorted(roots, key=lambda root: len(waited_for(problem.tasks, [root.task])))
    return ranked[:ALONE]


def _beside(wishes: Sequence[Wish], root: Wish) -> tuple[Wish, ...]:
    """The wishes without the pins and due days other than this one."""
    missable = (WishKind.PIN, WishKind.DUE)
    return tuple(wish for wish in wishes if wish.kind not in missable or wish == root)


def relaxed(problem: Problem, wishes: Sequence[Wish]) -> Problem:
    """The problem with only these wishes, and only the tasks that pins and due days wait for: all
    others can come after everything.
    """
    kept = {(wish.kind, wish.task, wish.other) for wish in wishes}
    before: dict[str, list[str]] = {}
    for wish in wishes:
        if wish.kind is WishKind.PREDECESSOR:
            before.setdefault(wish.task, []).append(wish.other)
    needed = [wish.task for wish in wishes if wish.kind in (WishKind.PIN, WishKind.DUE)]
    part: set[str] = set()
    while needed:
        name = needed.pop()
        if name not in part:
            part.add(name)
            needed.extend(before.get(name, ()))
    return Problem(
        tasks=tuple(_relaxed_task(task, kept) for task in problem.tasks if task.id in part),
        capacities=problem.capacities,
        wip_limit=problem.wip_limit if (WishKind.LIMIT, "", "") in kept else None,
        freezes=tuple(
            (w.since, w.until)
            for w in wishes
            if w.kind is WishKind.FREEZE and w.since is not None and w.until is not None
        ),
    )


def _relaxed_task(task: Task, kept: set[tuple[WishKind, str, str]]) -> Task:
    return Task(
        id=task.id,
        duration=task.duration,
        demands={r: amount for r, amount in task.demands.items() if (WishKind.ROLE, "", r) in kept},
        predecessors=tuple(
            (other, lag)
            for other, lag in task.predecessors
            if (WishKind.PREDECESSOR, task.id, other) in kept
        ),
        value=task.value,
        rank=task.rank,
        go_live=task.go_live,
        earliest=task.earliest if (WishKind.EARLIEST, task.id, "") in kept else 0,
        fixed=task.fixed if (WishKind.PIN, task.id, "") in kept else None,
        due=task.due if (WishKind.DUE, task.id, "") in kept else None,
        wip=task.wip,
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


def waited_for(tasks: Sequence[Task], names: Iterable[str]) -> list[Task]:
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
