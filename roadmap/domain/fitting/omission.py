"""What does not fit into time, money or people is left out, worth least first, and named.

Never left out: gate reviews, containment, duties, what people pinned, kept or added, what a
deadline is about, and all that those need. What needs something that is left out goes with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import TopologicalSorter

from guide.model import Initiative
from roadmap.domain.explaining.unplannable import NoPlace, unplannable
from roadmap.domain.fitting.cost import Pricing, role_days
from roadmap.domain.fitting.limits import DUE, Excess, Limits, is_within
from roadmap.domain.fitting.no_place import absent_reason, no_place_reason
from roadmap.domain.fitting.probing import probe
from roadmap.domain.lifting import Gains, Lifting
from roadmap.domain.plan import Estimate, LeftOut, OmissionKind
from roadmap.domain.problem import HORIZON_DAYS, Problem, Schedule
from roadmap.domain.scheduling import schedule
from roadmap.domain.selected import SelectedInitiative, Selection, without
from roadmap.domain.tasks import CLASS_WEIGHT, Tasks

# Each try to bring something back costs a schedule.
MOST_TRIES = 4
# Work of next to no days is worth its gain, not infinitely much.
LEAST_DAYS = 0.5

Gone = dict[str, tuple[OmissionKind, str]]


@dataclass(frozen=True)
class Fitted:
    """`draft`: a schedule of the problem, where one had to be made."""

    selection: Selection
    problem: Problem
    left_out: tuple[LeftOut, ...]
    draft: Schedule | None = None


@dataclass(frozen=True)
class _Trial:
    """A part of the selection; scheduled only when a limit or its reader needs dates."""

    selection: Selection
    problem: Problem
    limits: Limits
    is_probe: bool = False

    @cached_property
    def schedule(self) -> Schedule:
        return probe(self.problem) if self.is_probe else schedule(self.problem)

    @cached_property
    def excess(self) -> Excess:
        """By how much it exceeds the limits."""
        return self.limits.excess(self.selection, self.problem, lambda: self.schedule)


@dataclass(frozen=True)
class _Cut:
    """What limits leave out. `reason` has a place for why, which is known when all is settled.

    `whole`: by how much the plan exceeded its limits before.
    """

    ids: frozenset[str] = frozenset()
    reason: str = ""
    whole: Excess = ()


class Fitting:
    """Fits one plan into its limits. `efforts` by initiative id."""

    def __init__(
        self, tasks: Tasks, efforts: Mapping[str, Estimate], lifting: Lifting, gains: Gains
    ) -> None:
        self._tasks, self._efforts = tasks, efforts
        self._lifting, self._gains = lifting, gains
        self._whole = tasks.adjusted.selection
        self._items = {item.initiative.id: item for item in self._whole.items}
        self._limits = Limits(tasks.constraints, tasks.calendar, efforts)
        self._is_probing = False

    def fit(self) -> Fitted:
        gone: Gone = {}
        self._with_dependants(gone, self._absent())
        trial: _Trial | None = None
        cut = _Cut()
        if self._limits.are_given or self._may_not_end():
            trial = self._trial(gone)
            while beyond := self._beyond(trial):
                self._with_dependants(gone, beyond)
                trial = self._trial(gone)
        if trial and any(trial.excess):
            self._is_probing = True
            trial, cut = self._within_limits(gone, trial)
        if trial is None:
            rest = without(self._whole, gone)
            return Fitted(rest, self._tasks.problem(rest), self._left_out(gone))
        return self._settled(trial, gone, cut)

    def _settled(self, trial: _Trial, gone: Gone, cut: _Cut) -> Fitted:
        """With the days that were reached as due days, so that no search falls behind them."""
        problem, draft = trial.problem, trial.schedule
        excess = trial.excess
        if trial.is_probe:
            problem = self._tasks.problem(
                trial.selection, self._limits.dues(trial.selection, excess)
            )
            draft = schedule(problem)
            excess = self._limits.excess(trial.selection, problem, lambda: draft)
        problem = self._tasks.problem(trial.selection, self._limits.dues(trial.selection, excess))
        # What was missed sets the new due days, so the schedule keeps them.
        pins = tuple(row for row in draft.broken if row[1] != DUE)
        if cut.ids:
            kind, why = self._limits.exceeded(cut.whole, excess)
            row: tuple[OmissionKind, str] = (_omission(kind), cut.reason.format(why=why))
            gone = {**gone, **dict.fromkeys(cut.ids, row)}
        return Fitted(trial.selection, problem, self._left_out(gone), replace(draft, broken=pins))

    def _absent(self) -> Gone:
        """Work for a role that nobody has."""
        capacities = self._tasks.capacities
        return {
            id: ("unplannable", absent_reason([capacities[role].role for role in absent]))
            for id in self._items
            if (absent := self._tasks.work[id].absent)
        }

    def _may_not_end(self) -> bool:
        """Whether something might lie beyond the years that are planned, at a glance."""
        problem = self._tasks.problem(self._whole)
        frozen = sum(finish - start for start, finish in problem.freezes)
        days = sum(task.duration for task in problem.tasks)
        latest = max((max(t.earliest, t.fixed or 0) for t in problem.tasks), default=0)
        least = {role: min(a for _, a in steps) for role, steps in problem.capacities.items()}
        is_short = any(
            amount > least[role] for task in problem.tasks for role, amount in task.demands.items()
        )
        return is_short or frozen + days + latest > HORIZON_DAYS

    def _beyond(self, trial: _Trial) -> Gone:
        """What has no place within the years that are planned, with the reason at its root."""
        roles = {role: capacity.role for role, capacity in self._tasks.capacities.items()}
        return {
            row.task: ("unplannable", no_place_reason(row, roles))
            for row in unplannable(trial.problem, trial.schedule)
            if row.kind is not NoPlace.NEEDS
        }

    def _with_dependants(self, gone: Gone, found: Gone) -> None:
        gone.update(found)
        roots = dict.fromkeys(found, "")
        for root in found:
            for id in self._dependants([root]):
                roots.setdefault(id, root)
        for id, root in roots.items():
            if root and id not in gone:
                initiative = self._items[root].initiative
                reason = f"It cannot do without {root} {initiative.title}, which is left out."
                gone[id] = ("needs", reason)

    def _within_limits(self, gone: Gone, whole: _Trial) -> tuple[_Trial, _Cut]:
        """Leave out as little as brings the plan within its limits, or as near as it gets."""
        free = [i for i in self._items if i not in gone and i not in self._protected]
        free = [id for id in free if self._helps(id, whole)]
        least = self._trial({*gone, *free}) if free else whole
        reason = "Left out {why}."
        if self._tasks.constraints.may_end_early and self._limits.is_end_missed(least.excess):
            least, last = self._ended_early(gone, least)
            free = [id for id in self._items if id not in gone and id not in self._ids(least)]
            reason = f"{_after_gate(last)} {{why}}; this is for a later plan."
        if is_within(whole.excess, least.excess):
            return whole, _Cut()
        best = self._filled(gone, free, least)
        left = frozenset(self._items).difference(gone, self._ids(best))
        return best, _Cut(left, reason, whole.excess)

    def _ended_early(self, gone: Gone, least: _Trial) -> tuple[_Trial, str]:
        """The plan up to the last gate that fits, with only what must be, and that gate."""
        finishes = least.schedule.finishes
        reviews = [i.initiative for i in least.selection.items if i.initiative.kind == "review"]
        reviews.sort(key=lambda review: (finishes[review.id], review.id))
        low, high = 0, len(reviews)
        best = self._only(gone, ())
        allowed = best.excess
        while low + 1 < high:
            middle = (low + high) // 2
            trial = self._only(gone, [review.id for review in reviews[:middle]])
            if is_within(trial.excess, allowed):
                low, best = middle, trial
            else:
                high = middle
        kept = [review for review in reviews if review.id in self._ids(best)]
        kept.sort(key=lambda review: best.schedule.finishes[review.id])
        return best, kept[-1].gate if kept else ""

    def _only(self, gone: Gone, reviews: Collection[str]) -> _Trial:
        """These gates, what is never left out, and what they all need."""
        kept = self._with_needs([*reviews, *self._never(with_reviews=False)])
        return self._trial({*gone, *(id for id in self._items if id not in kept)})

    def _filled(self, gone: Gone, free: Collection[str], least: _Trial) -> _Trial:
        """`least` with as much of what is free as fits, the worthiest first."""
        back = self._worthiest_first(set(free), self._ids(least))
        out = {*gone, *(id for id in self._items if id not in self._ids(least))}
        best, low, high = least, 0, len(back) + 1
        while low + 1 < high:
            middle = (low + high) // 2
            trial = self._trial(out.difference(back[:middle]))
            if is_within(trial.excess, least.excess):
                low, best = middle, trial
            else:
                high = middle
        for id in back[low + 1 : low + 1 + MOST_TRIES]:
            if any(need in out and need not in self._ids(best) for need in self._needs[id]):
                continue
            trial = self._trial(set(self._items) - self._ids(best) - {id})
            if is_within(trial.excess, least.excess):
                best = trial
        return best

    def _worthiest_first(self, free: set[str], kept: Collection[str]) -> list[str]:
        """What may come back, each after what it needs; nothing that needs what stays out."""
        found: dict[str, None] = {}
        for id in sorted(free, key=lambda id: (-self._worth(id), self._items[id].rank)):
            needed = self._with_needs([id]) - set(kept)
            if all(need in free and self._may_return(need) for need in needed):
                for need in sorted(needed, key=self._depth.__getitem__):
                    found.setdefault(need)
        return list(found)

    def _may_return(self, id: str) -> bool:
        return self._items[id].initiative.kind != "review"

    def _trial(self, gone: Collection[str]) -> _Trial:
        rest = without(self._whole, frozenset(gone))
        problem = self._tasks.problem(rest, self._limits.dues(rest))
        return _Trial(rest, problem, self._limits, self._is_probing)

    @staticmethod
    def _ids(trial: _Trial) -> set[str]:
        return {item.initiative.id for item in trial.selection.items}

    def _helps(self, id: str, whole: _Trial) -> bool:
        """Whether leaving it out can bring an exceeded limit nearer: any work costs money, and
        work that starts after everything a deadline is about does not delay that.
        """
        deadlines = self._limits.deadlines
        if any(whole.excess[len(deadlines) :]):
            return True
        starts, finishes = whole.schedule.starts, whole.schedule.finishes
        return any(
            starts[id] < finishes[target]
            for deadline, late in zip(deadlines, whole.excess, strict=False)
            if late
            for target in self._limits.targets(whole.selection, deadline)
        )

    def _worth(self, id: str) -> float:
        item, days = self._items[id], self._efforts[id].likely
        gain = self._gains.alone(item.initiative)
        return round(gain * CLASS_WEIGHT.get(item.klass, 1) / max(LEAST_DAYS, days), 9)

    @cached_property
    def _protected(self) -> set[str]:
        return self._with_needs(self._never(with_reviews=True))

    def _never(self, *, with_reviews: bool) -> list[str]:
        """What is never left out for itself."""
        limits = self._limits.deadlines
        targets = {t for d in limits if d.about for t in self._limits.targets(self._whole, d)}
        return [
            id
            for id, item in self._items.items()
            if item.initiative.kind == "containment"
            or (with_reviews and item.initiative.kind == "review")
            or item.initiative.duty
            or id in self._tasks.adjusted.held
            or id in targets
        ]

    def _with_needs(self, ids: Iterable[str]) -> set[str]:
        waiting, found = list(ids), set[str]()
        while waiting:
            id = waiting.pop()
            if id not in found:
                found.add(id)
                waiting += self._needs[id]
        return found

    @cached_property
    def _depth(self) -> Mapping[str, int]:
        """Position in an order in which everything stands behind what it needs."""
        order = TopologicalSorter(self._needs).static_order()
        return {id: place for place, id in enumerate(order)}

    @cached_property
    def _needs(self) -> Mapping[str, tuple[str, ...]]:
        """What each cannot do without. A review waits for all that carries its gate, but only what
        it names itself is needed for it.
        """
        return {id: tuple(_hard_needs(item, self._items)) for id, item in self._items.items()}

    @cached_property
    def _successors(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {id: [] for id in self._items}
        for id, needs in self._needs.items():
            for need in needs:
                found[need].append(id)
        return found

    def _dependants(self, ids: Iterable[str]) -> list[str]:
        """Everything that needs one of these, nearest first."""
        roots, found = set(ids), dict[str, None]()
        waiting = list(ids)
        while waiting:
            for id in self._successors[waiting.pop(0)]:
                if id not in found and id not in roots:
                    found[id] = None
                    waiting.append(id)
        return list(found)

    def _left_out(self, gone: Gone) -> tuple[LeftOut, ...]:
        kept = [i.initiative for i in self._whole.items if i.initiative.id not in gone]
        levels = self._lifting.levels_after(kept)
        rows = [
            LeftOut(row.initiative, "hand", row.reason) for row in self._tasks.adjusted.excluded
        ]
        rows += [
            LeftOut(self._items[id].initiative, kind, reason)
            for id, (kind, reason) in sorted(gone.items(), key=lambda e: self._items[e[0]].rank)
        ]
        return tuple(self._priced(row, levels) for row in rows)

    def _priced(self, row: LeftOut, levels: Mapping[str, int]) -> LeftOut:
        likely = self._efforts[row.initiative.id].likely
        return replace(
            row,
            gain=round(self._gains.beside(row.initiative, levels), 2),
            person_days=likely,
            cost=self._price(row.initiative, likely),
        )

    def _price(self, initiative: Initiative, likely: float) -> float | None:
        """At the own people's day rates."""
        pricing = Pricing(self._tasks.constraints, self._tasks.calendar, None)
        own = pricing.own(role_days(initiative, likely), 0, 0)
        return None if own is None else round(own, 2)


def _hard_needs(item: SelectedInitiative, items: Mapping[str, SelectedInitiative]) -> Iterable[str]:
    initiative = item.initiative
    for other in item.predecessors:
        carried = initiative.kind == "review" and items[other].initiative.gate == initiative.gate
        if not carried or other in initiative.needs:
            yield other


def _after_gate(gate: str) -> str:
    return f"The plan ends after gate {gate}," if gate else "The plan reaches no gate,"


def _omission(kind: str) -> OmissionKind:
    return "deadline" if kind == "deadline" else "budget"
