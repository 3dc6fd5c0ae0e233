"""What people decided, held against what a plan can be made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter

from guide.model import Guide, Initiative
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.fitting.limits import in_words
from roadmap.domain.hand.changes import wave_ids
from roadmap.domain.hand.decisions import (
    MAX_OWN,
    MAX_WAVES,
    DecisionFault,
    Decisions,
    OwnInitiative,
    Wave,
)
from roadmap.domain.hand.own_work import can_repeat
from roadmap.domain.problem import HORIZON_DAYS
from roadmap.domain.selected import Selection


def check_decisions(
    guide: Guide, selection: Selection, constraints: Constraints, decisions: Decisions
) -> tuple[DecisionFault, ...]:
    """Everything that cannot be planned as it was decided, in words for a form.

    Planning leaves such decisions aside and says so: a newer guide or newer answers must not make
    a plan impossible. Whoever takes a decision refuses it instead.
    """
    return tuple(_Checks(guide, selection, constraints, decisions).faults())


class _Checks:
    def __init__(
        self, guide: Guide, selection: Selection, constraints: Constraints, decisions: Decisions
    ) -> None:
        self.guide, self.constraints, self.decisions = guide, constraints, decisions
        self.planned: dict[str, Initiative] = {
            item.initiative.id: item.initiative for item in selection.items
        }
        self.waves = wave_ids(decisions)
        self.own = {own.id: own for own in decisions.own}
        self.known = {*self.planned, *self.own, *self.waves}

    def faults(self) -> Iterable[DecisionFault]:
        yield from self._own()
        for number, (id, wave) in enumerate(self.waves.items()):
            yield from self._wave(number, id, wave)
        yield from self._excluded()
        for kind, given in _by_initiative(self.decisions).items():
            for id in given:
                if id not in self.known:
                    yield DecisionFault(kind, id, "", _not_planned(id))
                elif id in self.decisions.excluded:
                    message = f"{id} is left out by hand, so nothing else can be decided about it."
                    yield DecisionFault(kind, id, "", message)
        yield from self._days()

    def _own(self) -> Iterable[DecisionFault]:
        if len(self.decisions.own) > MAX_OWN:
            message = f"A plan takes at most {MAX_OWN} initiatives of your own."
            for own in self.decisions.own[MAX_OWN:]:
                yield DecisionFault("own", own.id, "", message)
        roles = {role.id for role in self.guide.roles}
        for own in self.decisions.own:
            yield from self._one_own(own, roles)
        circle = _circle(self.decisions.own)
        if circle:
            message = "These wait for one another in a circle: " + " → ".join(circle) + "."
            for id in dict.fromkeys(circle):
                yield DecisionFault("own", id, "needs", message)

    def _one_own(self, own: OwnInitiative, roles: Collection[str]) -> Iterable[DecisionFault]:
        unknown = [role for role in own.roles if role not in roles]
        if unknown or not own.roles:
            named = ", ".join(unknown) or "none"
            message = f"Choose roles that the guide knows; these it does not: {named}."
            yield DecisionFault("own", own.id, "roles", message)
        if own.step not in {step.id for step in self.guide.steps}:
            yield DecisionFault("own", own.id, "step", "Choose a step of the guide.")
        if own.phase not in {phase.id for phase in self.guide.phases}:
            yield DecisionFault("own", own.id, "phase", "Choose a phase of the guide.")
        if own.id in self.planned:
            yield DecisionFault("own", own.id, "", f"{own.id} is the name of another initiative.")
        for need in own.needs:
            if need not in self.known:
                message = f"{own.id} {own.title} cannot wait for {need}: it is not in this plan."
                yield DecisionFault("need", own.id, "needs", message)

    def _wave(self, number: int, id: str, wave: Wave) -> Iterable[DecisionFault]:
        first = self.planned.get(wave.initiative)
        message = ""
        if number >= MAX_WAVES:
            message = f"A plan takes at most {MAX_WAVES} waves."
        elif wave.initiative in self.own:
            message = "Waves repeat work of the guide; add work of your own once for each system."
        elif first is None or wave.initiative in self.decisions.excluded:
            message = f"{_not_planned(wave.initiative)} It cannot be done again for other systems."
        elif not can_repeat(self.guide, first):
            message = (
                f"{first.id} {first.title} is done once for the organization, not for each system."
            )
        elif not wave.systems:
            message = "Name at least one system for this wave."
        if message:
            yield DecisionFault("wave", id, "systems", message)

    def _excluded(self) -> Iterable[DecisionFault]:
        for id in self.decisions.excluded:
            initiative = self.planned.get(id)
            if initiative is None:
                continue
            if initiative.kind == "review":
                message = (
                    f"{id} {initiative.title} holds gate {initiative.gate}; a gate cannot be left "
                    "out. What it asks for can be moved or changed."
                )
                yield DecisionFault("exclude", id, "reason", message)
            if initiative.kind == "containment":
                message = (
                    f"{id} {initiative.title} protects patient data that is exposed now; it cannot "
                    "be left out. If it is done already, change the answer or mark it done."
                )
                yield DecisionFault("exclude", id, "reason", message)

    def _days(self) -> Iterable[DecisionFault]:
        start, weekdays = self.constraints.start, len(self.constraints.working_weekdays)
        if start is None or not weekdays:
            return
        last = start + timedelta(days=HORIZON_DAYS * 7 // weekdays)
        for kind, given in (("pin", self.decisions.pins), ("earliest", self.decisions.earliest)):
            for id, day in given.items():
                if kind == "pin" and day < start:
                    message = (
                        f"The plan begins on {in_words(start)}: {id} cannot start on "
                        f"{in_words(day)}."
                    )
                    yield DecisionFault(kind, id, "day", message)
                elif day > last:
                    message = (
                        f"A plan reaches to {in_words(last)} at most; {in_words(day)} for {id} "
                        "lies beyond."
                    )
                    yield DecisionFault(kind, id, "day", message)


def _by_initiative(decisions: Decisions) -> Mapping[str, Iterable[str]]:
    return {
        "pin": decisions.pins,
        "earliest": decisions.earliest,
        "keep": decisions.kept,
        "effort": decisions.efforts,
        "people": decisions.people,
    }


def _not_planned(id: str) -> str:
    return f"{id} is not in this plan."


def _circle(own: Sequence[OwnInitiative]) -> list[str]:
    try:
        tuple(TopologicalSorter({o.id: list(o.needs) for o in own}).static_order())
    except CycleError as error:
        return list(error.args[1])
    return []
