"""What a report says of the plan: initiatives, phases, gates, and their sources. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from assessments.domain.facts import AnswerFacts
from guide.model import Gate, Initiative
from reports.frozen.facts import DECIMALS, Facts, GateProgress
from reports.frozen.snapshot import (
    Citation,
    Days,
    FindOut,
    GateEntry,
    GateItem,
    InitiativeEntry,
    PhaseEntry,
    PlanSummary,
    Progress,
    Ref,
    RoleShare,
    Satisfied,
    SourceEntry,
)
from roadmap.charts.documents import to_range
from roadmap.domain.forecasting.ranges import Range


class PlannedWork:
    def __init__(self, about: Facts) -> None:
        self.about, self.guide, self.plan = about, about.guide, about.plan
        self.answers = AnswerFacts(about.guide, about.answers)
        self.known = {initiative.id: initiative for initiative in about.guide.initiatives}

    def summary(self) -> PlanSummary:
        return PlanSummary(
            start=date.fromisoformat(self.plan["start"]),
            finish=date.fromisoformat(self.plan["finish"]) if self.plan["finish"] else None,
            effort=Days(**self.plan["effort_days"]),
            notes=tuple(self.plan["notes"]),
        )

    def initiatives(self) -> tuple[InitiativeEntry, ...]:
        parts = sorted(self.plan["initiatives"], key=lambda part: part["rank"])
        return tuple(self._entry(part) for part in parts)

    def _entry(self, part: Mapping[str, Any]) -> InitiativeEntry:
        initiative = self._source(part)
        if initiative is None:
            # Work that people added by hand: all that is known of it stands in the plan.
            roles = part.get("person_days") or dict.fromkeys(part["roles"], 1.0)
            return InitiativeEntry(
                **self._planned(part), what=part.get("what") or "", roles=self._shares(roles)
            )
        elapsed = initiative.elapsed_weeks
        return InitiativeEntry(
            **self._planned(part),
            what=initiative.what,
            elapsed_weeks=(elapsed.low, elapsed.high) if elapsed else None,
            elapsed_note=initiative.elapsed_note,
            roles=self._shares(initiative.roles),
            challenges=tuple(
                Ref(c, self.guide.challenge(c).title)
                for c in initiative.addresses
                if c.startswith("CHAL-")
            ),
            satisfied=tuple(
                Satisfied(self.about.initiative(other["id"]), other["reason"])
                for other in part["satisfied"]
            ),
            gate=Ref(part["gate"], self.guide.gate(part["gate"]).title) if part["gate"] else None,
            done=tuple(initiative.done),
            citations=tuple(self._citations(initiative.controls)),
            sources=tuple(initiative.sources),
        )

    def _planned(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """What the plan says about an initiative, wherever it comes from."""
        bound = part.get("bound_by", {"kind": "start", "what": ""})
        return {
            "id": part["id"],
            "title": part["title"],
            "kind": part["kind"],
            "step": Ref(part["step"], self.guide.step(part["step"]).title),
            "phase": part["phase"],
            "rank": part["rank"],
            "klass": part["class"],
            "start": date.fromisoformat(part["start"]),
            "finish": date.fromisoformat(part["finish"]),
            "effort": Days(**part["effort_days"]),
            "reasons": tuple(part["reasons"]),
            "predecessors": tuple(self.about.initiative(other) for other in part["predecessors"]),
            "bound_by": bound["kind"],
            "bound_what": self._bound_what(bound["kind"], bound["what"]),
            "progress": self.about.tracking.initiatives.get(part["id"], Progress()),
            "likely": self._likely("initiatives", part["id"]),
            "is_critical": bool(part.get("critical")),
            "origin": part.get("origin") or "",
            "gain": part.get("gain"),
        }

    def _source(self, part: Mapping[str, Any]) -> Initiative | None:
        """What the guide says about it; a wave is the same work once more, own work has nothing."""
        return self.known.get(part.get("wave_of") or part["id"])

    def _shares(self, roles: Mapping[str, float]) -> tuple[RoleShare, ...]:
        whole = sum(roles.values()) or 1
        return tuple(
            RoleShare(role, self.guide.role(role).title, round(share / whole, DECIMALS))
            for role, share in roles.items()
        )

    def _likely(self, kind: str, name: str) -> Range | None:
        return to_range(self.about.forecast.get(kind, {}).get(name))

    def _bound_what(self, kind: str, what: str) -> Ref | None:
        if kind == "predecessor":
            return self.about.initiative(what)
        return Ref(what, self.guide.role(what).title) if kind == "role" else None

    def _citations(self, controls: Iterable[str]) -> Iterable[Citation]:
        for control in (self.guide.control(control_id) for control_id in controls):
            if control.regime in self.about.regimes:
                yield Citation(
                    id=control.id,
                    regime=self.about.regimes[control.regime].title,
                    cite=control.cite,
                    title=control.title,
                    designation=control.designation or "",
                    status=control.status,
                )

    def phases(self, initiatives: tuple[InitiativeEntry, ...]) -> tuple[PhaseEntry, ...]:
        found = []
        for phase in self.guide.phases:
            items = [item for item in initiatives if item.phase == phase.id]
            if items:
                found.append(
                    PhaseEntry(
                        id=phase.id,
                        title=phase.title,
                        text=phase.summary,
                        start=min(item.start for item in items),
                        finish=max(item.finish for item in items),
                        effort=_total(item.effort for item in items),
                        initiatives=tuple(item.id for item in items),
                        likely=self._likely("phases", phase.id),
                    )
                )
        return tuple(found)

    def gates(self) -> tuple[GateEntry, ...]:
        return tuple(
            self._gate(self.guide.gate(part["id"]), date.fromisoformat(part["date"]))
            for part in self.plan["gates"]
        )

    def _gate(self, gate: Gate, planned_on: date) -> GateEntry:
        progress = self.about.tracking.gates.get(gate.id, GateProgress())
        return GateEntry(
            id=gate.id,
            title=gate.title,
            passes_when=gate.passes_when,
            blocks=gate.blocks,
            planned_on=planned_on,
            checklist=tuple(
                GateItem(
                    text=item.text,
                    is_met=item.id in progress.met,
                    initiatives=tuple(
                        self.about.initiative(i)
                        for i in item.initiatives
                        if i in self.about.planned
                    ),
                )
                for item in gate.checklist
                if item.applies is None or item.applies.evaluate(self.answers) is not False
            ),
            approvers=tuple(self.guide.role(role).title for role in gate.approvers),
            is_open=progress.is_open,
            opened_on=progress.opened_on,
            likely=self._likely("gates", gate.id),
        )

    def find_out(self) -> Iterable[FindOut]:
        for part in self.plan["find_out"]:
            yield FindOut(
                question=self.about.question(part["question"]),
                reason=part["reason"],
                initiatives=tuple(self.about.initiative(i) for i in part["initiatives"]),
            )

    def sources(self) -> tuple[SourceEntry, ...]:
        """Those that something in the report rests on, in the guide's order."""
        found = [self._source(part) for part in self.about.planned.values()]
        used = {source for initiative in found if initiative for source in initiative.sources}
        used |= {s for part in self.plan["gates"] for s in self.guide.gate(part["id"]).sources}
        used |= {s for challenge in self.guide.challenges for s in challenge.sources}
        return tuple(
            SourceEntry(
                id=source.id,
                author=source.author,
                title=source.title,
                year=str(source.year or ""),
                url=source.url or "",
                note=source.note,
            )
            for source in self.guide.sources
            if source.id in used
        )


def _total(efforts: Iterable[Days]) -> Days:
    total = sum(efforts, start=Days(0, 0, 0))
    return Days(round(total.low, 1), round(total.likely, 1), round(total.high, 1))
