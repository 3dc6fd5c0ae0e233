"""The snapshot for what was chosen: with the trace, the unit or the changes its document tells."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone, translation

from jobs.enums import JobState
from reports.brands import brand_of
from reports.choices import Choices
from reports.enums import Document, Form
from reports.frozen.board_reading import board_entry
from reports.frozen.changes import ChangesEntry, compare
from reports.frozen.clinical import PersonLine, champion_of, clinical_entry
from reports.frozen.from_roadmap import report_snapshot
from reports.frozen.full_reading import with_everything
from reports.frozen.going_reading import going_entry
from reports.frozen.newest import with_newest_ranges
from reports.frozen.snapshot import ReportSnapshot, from_json
from reports.frozen.trace_reading import proof_entries, recorded_trace
from reports.models import Report
from roadmap.models import GateApprover, Roadmap

CHANGES = "changes"
CLINICAL_LEAD = "CMO"
TOLD_IN = (Document.FULL, Document.BOARD)
LOOKED_BACK_AT = 12
# A calendar or a backlog that somebody took is no report anyone would look back to.
READ_BY_PEOPLE = (Form.PDF, Form.DOCX, Form.PPTX)


def freeze_for(roadmap: Roadmap, choices: Choices) -> ReportSnapshot:
    """Everything the chosen document will say of the roadmap as it stands now, in its own look."""
    snapshot = replace(report_snapshot(roadmap), brand=brand_of(roadmap.organization))
    return with_document(snapshot, roadmap, choices)


def with_document(snapshot: ReportSnapshot, roadmap: Roadmap, choices: Choices) -> ReportSnapshot:
    """Last of all: what changed is told against everything else."""
    organization = roadmap.organization
    with timezone.override(organization.time_zone), translation.override(organization.language):
        snapshot = replace(snapshot, proofs=proof_entries(roadmap), going=going_entry(roadmap))
        snapshot = with_newest_ranges(snapshot)
        if choices.document == Document.AUDITOR:
            return replace(snapshot, trace=recorded_trace(roadmap, snapshot.proofs or ()))
        if choices.document == Document.CLINICIAN:
            return _with_unit(snapshot, roadmap, choices.unit)
        if choices.document == Document.BOARD:
            snapshot = replace(snapshot, board=board_entry(roadmap))
        if choices.document == Document.FULL:
            snapshot = with_everything(snapshot, roadmap, choices)
        return replace(snapshot, changes=changes_for(snapshot, roadmap, choices))


def _with_unit(snapshot: ReportSnapshot, roadmap: Roadmap, unit: str) -> ReportSnapshot:
    submitted = roadmap.snapshot
    answers = submitted.answer_set()
    pilot = snapshot.charter.name if snapshot.charter else ""
    named = GateApprover.objects.filter(
        roadmap=roadmap,
        role_id=CLINICAL_LEAD,
        person__memberships__organization=roadmap.organization_id,
    ).select_related("person")
    people = [PersonLine(CLINICAL_LEAD, str(row.person)) for row in named]
    if champion := champion_of(answers, pilot):
        people.insert(0, PersonLine("champion", champion))
    return replace(
        snapshot,
        clinical=clinical_entry(submitted.guide, answers, roadmap.plan, unit, pilot, people),
    )


def changes_for(
    snapshot: ReportSnapshot, roadmap: Roadmap, choices: Choices
) -> ChangesEntry | None:
    """What changed since the report that was chosen, or since the newest earlier one of the same
    document; None where there is none, or where the section is not wanted.
    """
    if choices.document not in TOLD_IN:
        return None
    if choices.sections and CHANGES not in choices.sections:
        return None
    earlier = Report.objects.filter(organization=roadmap.organization_id).only("snapshot")
    if choices.since is not None:
        chosen = earlier.filter(pk=choices.since).first()
        return compare(from_json(chosen.snapshot), snapshot) if chosen else None
    same_kind = (
        earlier.filter(document=choices.document, form__in=READ_BY_PEOPLE)
        .exclude(finished_at=None, job__state__in=(JobState.FAILED, JobState.CANCELLED))
        .order_by("-created_at", "-pk")
    )
    for report in same_kind[:LOOKED_BACK_AT].iterator(chunk_size=1):
        found = compare(from_json(report.snapshot), snapshot)
        # A report of the same day that says the same is this one, asked for again.
        if not (found.is_empty and found.since == snapshot.generated_on):
            return found
    return None
