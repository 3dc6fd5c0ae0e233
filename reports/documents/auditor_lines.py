"""The lines of an auditor's trace: records with what they point to looked up. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reports.frozen.snapshot import InitiativeEntry, ReportSnapshot
from reports.frozen.trace import (
    AnswerTrace,
    ControlTrace,
    GateTrace,
    InitiativeTrace,
    ItemTrace,
    ProofEntry,
    TraceEntry,
)


@dataclass(frozen=True)
class AnswerLine:
    trace: AnswerTrace
    proofs: tuple[ProofEntry, ...]
    work: tuple[InitiativeEntry, ...]


@dataclass(frozen=True)
class WorkLine:
    trace: InitiativeTrace
    item: InitiativeEntry
    proofs: tuple[ProofEntry, ...]


@dataclass(frozen=True)
class ControlLine:
    trace: ControlTrace
    answers: tuple[AnswerLine, ...]
    work: tuple[WorkLine, ...]
    more_work: int = 0

    @property
    def proofs(self) -> int:
        """Different files and links on the way from answers and work to this control."""
        pieces = [p.key for line in (*self.answers, *self.work) for p in line.proofs]
        return len(set(pieces))


@dataclass(frozen=True)
class RegimeLines:
    title: str
    controls: tuple[ControlLine, ...]
    more: int
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class StepLines:
    title: str
    answers: tuple[AnswerLine, ...]
    more: int


@dataclass(frozen=True)
class ItemLine:
    trace: ItemTrace
    proofs: tuple[ProofEntry, ...]


@dataclass(frozen=True)
class GateLines:
    trace: GateTrace
    items: tuple[ItemLine, ...]
    proofs: tuple[ProofEntry, ...]


@dataclass(frozen=True)
class Missing:
    """How much of the chain nobody recorded: the first thing an auditor asks for."""

    no_basis: int
    no_name: int
    not_shown: int
    unanswered: int
    unknown: int
    no_work: int
    no_evidence_done: int
    links: int
    expired: int


WORK_OF_A_CONTROL = 20
STANDINGS = ("missing", "open", "partly", "claimed", "shown", "not_asked")


class Lines:
    """Everything of one snapshot by its id."""

    def __init__(self, snapshot: ReportSnapshot) -> None:
        self.snapshot = snapshot
        self.trace = snapshot.trace or TraceEntry()
        self.proofs: Mapping[str, ProofEntry] = {p.key: p for p in snapshot.proofs or ()}
        self.items = {item.id: item for item in snapshot.initiatives}
        self.steps = {step.id: step.title for step in snapshot.steps}
        self.answers = {trace.id: self._answer(trace) for trace in self.trace.answers}
        self.work = {
            trace.id: WorkLine(trace, self.items[trace.id], self._proofs(trace.proofs))
            for trace in self.trace.initiatives
            if trace.id in self.items
        }

    def _proofs(self, keys: Iterable[str]) -> tuple[ProofEntry, ...]:
        return tuple(self.proofs[key] for key in keys if key in self.proofs)

    def _answer(self, trace: AnswerTrace) -> AnswerLine:
        work = tuple(self.items[name] for name in trace.initiatives if name in self.items)
        return AnswerLine(trace, self._proofs(trace.proofs), work)

    def _control(self, trace: ControlTrace) -> ControlLine:
        work = [self.work[name] for name in trace.initiatives if name in self.work]
        return ControlLine(
            trace,
            tuple(self.answers[name] for name in trace.answers if name in self.answers),
            tuple(work[:WORK_OF_A_CONTROL]),
            max(0, len(work) - WORK_OF_A_CONTROL),
        )

    def regimes(self, most: int) -> tuple[RegimeLines, ...]:
        """`most`: controls shown of each regime; the rest is counted."""
        by_regime: dict[str, list[ControlTrace]] = defaultdict(list)
        for trace in self.trace.controls:
            by_regime[trace.regime].append(trace)
        return tuple(
            RegimeLines(
                title,
                tuple(self._control(trace) for trace in traces[:most]),
                max(0, len(traces) - most),
                _counts(traces),
            )
            for title, traces in by_regime.items()
        )

    def by_step(self, most: int, *, only_judging: bool) -> tuple[StepLines, ...]:
        """`only_judging`: answers that speak for a control or call for work."""
        found: dict[str, list[AnswerLine]] = defaultdict(list)
        for line in self.answers.values():
            trace = line.trace
            if only_judging and not (trace.controls or trace.initiatives):
                continue
            found[self.steps.get(trace.step, "")].append(line)
        return tuple(
            StepLines(title, tuple(lines[:most]), max(0, len(lines) - most))
            for title, lines in found.items()
        )

    def gates(self) -> tuple[GateLines, ...]:
        return tuple(
            GateLines(
                trace,
                tuple(ItemLine(item, self._proofs(item.proofs)) for item in trace.items),
                self._proofs(trace.proofs),
            )
            for trace in self.trace.gates
        )

    def missing(self) -> Missing:
        given = [line for line in self.answers.values() if line.trace.state == "answered"]
        done = [line for line in self.work.values() if line.trace.status == "done"]
        return Missing(
            no_basis=sum(not line.trace.basis for line in given),
            no_name=sum(not line.trace.by for line in given),
            not_shown=sum(line.trace.standing == "claimed" for line in given),
            unanswered=sum(line.trace.state == "unanswered" for line in self.answers.values()),
            unknown=sum(line.trace.state == "unknown" for line in self.answers.values()),
            no_work=sum(
                not trace.initiatives and trace.standing in ("missing", "partly", "open")
                for trace in self.trace.controls
            ),
            no_evidence_done=sum(not line.proofs for line in done),
            links=sum(proof.kind == "link" for proof in self.proofs.values()),
            expired=sum(
                line.trace.is_expired or _is_over(line.trace.valid_until, self.snapshot)
                for line in given
            ),
        )


def _is_over(day: date | None, snapshot: ReportSnapshot) -> bool:
    return day is not None and day < snapshot.generated_on


def _counts(traces: Sequence[ControlTrace]) -> tuple[tuple[str, int], ...]:
    """Weakest first, without those that do not occur."""
    counted = {standing: sum(t.standing == standing for t in traces) for standing in STANDINGS}
    return tuple((standing, number) for standing, number in counted.items() if number)
