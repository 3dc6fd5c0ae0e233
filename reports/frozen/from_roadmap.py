"""The snapshot of a stored roadmap: its frozen answers and plan, and its progress right now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils import timezone, translation

from assessments.domain.wording import parts_in_words
from assessments.stored_scorecard import scorecard_from_json
from guide.model import Guide
from reports.frozen.charter import CandidateEntry, CharterEntry, CriterionLine, TeamLine
from reports.frozen.facts import GateProgress, Tracking
from reports.frozen.freeze import freeze
from reports.frozen.snapshot import Progress, ReportSnapshot
from reports.frozen.standing_reading import own_targets, since_first
from roadmap.domain.pilot.candidates import CANDIDATES
from roadmap.domain.pilot.charter import AREA_TITLES, Criterion, TeamMember, missing
from roadmap.models.charter import PilotCharter
from roadmap.models.gate import GateState
from roadmap.models.plan import PlannedInitiative, Roadmap
from roadmap.services.charters import charter_content, charter_of
from roadmap.services.gates.reading import Proof, proof_of, results_of


def report_snapshot(roadmap: Roadmap) -> ReportSnapshot:
    """Freeze everything a report of this roadmap will say. Dates are those of its time zone."""
    organization, submitted = roadmap.organization, roadmap.snapshot
    initiatives = list(roadmap.initiatives.all())
    gates = list(roadmap.gates.prefetch_related("confirmations"))
    charter = charter_of(roadmap)
    guide, answers = submitted.guide, submitted.answer_set()
    with timezone.override(organization.time_zone), translation.override(organization.language):
        frozen = freeze(
            guide=guide,
            answers=answers,
            scorecard=scorecard_from_json(submitted.scorecard),
            plan=roadmap.plan,
            organization=organization.name,
            generated_on=timezone.localdate(),
            roadmap=roadmap.name,
            assessed_on=timezone.localdate(submitted.created_at),
            language=organization.language,
            tracking=_tracking(initiatives, gates),
            forecast=roadmap.forecast,
            constraints=roadmap.to_constraints(),
            wanted=own_targets(submitted, guide, answers),
        )
        frozen = replace(frozen, since_first=since_first(submitted, guide, answers))
    return replace(frozen, charter=_charter_entry(charter, guide)) if charter else frozen


def _tracking(initiatives: list[PlannedInitiative], gates: list[GateState]) -> Tracking | None:
    """None while nothing has happened: a fresh plan has no progress to show."""
    untouched = all(not item.version for item in initiatives)
    if untouched and not any(gate.is_open or gate.confirmations.all() for gate in gates):
        return None
    statuses = {item.initiative_id: item.status for item in initiatives}
    proof = proof_of(gates[0].roadmap_id) if gates else Proof()
    return Tracking(
        initiatives={item.initiative_id: _progress(item) for item in initiatives},
        gates={
            gate.gate_id: GateProgress(
                is_open=gate.is_open,
                opened_on=timezone.localdate(gate.opened_at) if gate.opened_at else None,
                met=frozenset(
                    result.item.id
                    for result in results_of(
                        gate, statuses, [c.item_id for c in gate.confirmations.all()], proof
                    )
                    if result.is_met
                ),
            )
            for gate in gates
        },
    )


def _progress(item: PlannedInitiative) -> Progress:
    start, finish = item.baseline_start_on, item.baseline_finish_on
    return Progress(
        item.status,
        item.finished_on,
        item.note,
        percent=item.percent,
        started_on=item.started_on,
        baseline=(start, finish) if start and finish else None,
    )


def _charter_entry(charter: PilotCharter, guide: Guide) -> CharterEntry:
    """Freeze a charter as it stands."""
    content = charter_content(charter)
    return CharterEntry(
        name=content.name,
        why=content.why,
        scope=content.scope,
        outside=content.outside,
        criteria=tuple(_criterion(criterion) for criterion in content.criteria),
        stop_rules=content.stop_rules,
        team=tuple(_member(member) for member in content.team),
        rollback=content.rollback,
        missing=missing(content),
        candidate=_candidate(charter, guide),
    )


def _candidate(charter: PilotCharter, guide: Guide) -> CandidateEntry | None:
    """Its row in the words of the guide; a charter begun without a table has none."""
    row, fit = charter.candidate, charter.fit
    if not row and not fit:
        return None
    table = guide.questions.get(CANDIDATES)
    told = {name: cell for name, cell in row.items() if name != "name" or cell != charter.name}
    return CandidateEntry(
        stated=parts_in_words(table.columns, told) if table else "",
        fit=fit.get("fit"),
        fit_at_best=fit.get("fit_at_best"),
        speaks_for=tuple(fit.get("speaks_for", ())),
        speaks_against=tuple(fit.get("speaks_against", ())),
        cautions=tuple(fit.get("cautions", ())),
    )


def _criterion(criterion: Criterion) -> CriterionLine:
    return CriterionLine(
        metric=criterion.title,
        area=AREA_TITLES[criterion.area],
        text=criterion.text,
        baseline=criterion.baseline,
        target=criterion.target,
        by=date.fromisoformat(criterion.by) if criterion.by else None,
    )


def _member(member: TeamMember) -> TeamLine:
    return TeamLine(member.role, member.name, member.hours)
