"""One forecast in one report: the newest, made from what was reported, wherever there is one.

The ranges that were simulated when the plan was adopted stand beside it only where a document says
that it tells of that day. Two forecasts side by side would name two days for one gate.
"""

from __future__ import annotations

from dataclasses import replace

from reports.frozen.going import GoingEntry
from reports.frozen.snapshot import GateEntry, InitiativeEntry, PhaseEntry, ReportSnapshot

OVER = frozenset({"done", "dropped"})


def with_newest_ranges(snapshot: ReportSnapshot) -> ReportSnapshot:
    """Initiatives, phases and gates with the ranges of `snapshot.going`; as before without it.

    What is over has no range, and neither has what the newest forecast does not know.
    """
    going = snapshot.going
    if going is None:
        return snapshot
    return replace(
        snapshot,
        initiatives=_initiatives(snapshot.initiatives, going),
        phases=_phases(snapshot.phases, going),
        gates=_gates(snapshot.gates, going),
    )


def _initiatives(
    items: tuple[InitiativeEntry, ...], going: GoingEntry
) -> tuple[InitiativeEntry, ...]:
    likely = {work.id: work.likely for work in going.work}
    return tuple(
        replace(item, likely=None if item.progress.status in OVER else likely.get(item.id))
        for item in items
    )


def _phases(phases: tuple[PhaseEntry, ...], going: GoingEntry) -> tuple[PhaseEntry, ...]:
    likely = {phase.id: phase.likely for phase in going.phases}
    return tuple(replace(phase, likely=likely.get(phase.id)) for phase in phases)


def _gates(gates: tuple[GateEntry, ...], going: GoingEntry) -> tuple[GateEntry, ...]:
    likely = {gate.id: gate.likely for gate in going.gates}
    return tuple(
        replace(gate, likely=None if gate.is_open else likely.get(gate.id)) for gate in gates
    )
