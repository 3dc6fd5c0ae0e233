"""Reads what an auditor's trace needs beyond guide, answers and plan: who, when, and what shows it.

A fixed number of queries, whatever the size of the plan. Days are those of the time zone that is
active, which is the organization's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from accounts.models import AuditEntry, AuditSeal, Organization
from assessments.models import Answer, Evidence, StoredGuide
from reports.frozen.gate_reading import gate_traces
from reports.frozen.settled_reading import with_settlements
from reports.frozen.trace import (
    AnswerTrace,
    Fingerprint,
    HandTrace,
    InitiativeTrace,
    OverrideTrace,
    ProofEntry,
    SealTrace,
    TraceEntry,
)
from reports.frozen.tracing import trace_of
from roadmap.models import PlannedInitiative, Roadmap, ScenarioChange, StartOverride, WorkEvidence
from roadmap.pages.changes import change_words

ABOUT_REPORTS = ("report.", "share.", "batch.")
# The newest few are not sealed yet: the worker does it every ten seconds.
ENTRIES_LOOKED_AT = 200


def proof_entries(roadmap: Roadmap) -> tuple[ProofEntry, ...]:
    """What is attached to the answers behind a roadmap and to its work: two queries."""
    shown = Evidence.objects.filter(
        assessment=roadmap.snapshot.assessment_id, removed_at=None
    ).select_related("added_by")
    done = WorkEvidence.objects.filter(roadmap=roadmap, removed_at=None).select_related("added_by")
    done = done.select_related("added_by", "initiative", "gate").only(
        *(f.name for f in WorkEvidence._meta.concrete_fields),
        "added_by__name",
        "added_by__email",
        "initiative__initiative_id",
        "gate__gate_id",
    )
    return (
        *(_proof(f"a{p.pk}", p.question_id, p, p.expires_on) for p in shown),
        *(_proof(f"w{p.pk}", _about(p), p, None) for p in done),
    )


def _about(piece: WorkEvidence) -> str:
    if piece.item_id:
        return piece.item_id
    return piece.initiative.initiative_id if piece.initiative else piece.gate.gate_id


def _proof(
    key: str, about: str, piece: Evidence | WorkEvidence, valid_until: date | None
) -> ProofEntry:
    return ProofEntry(
        key=key,
        about=about,
        title=piece.title,
        kind=piece.kind,
        name=piece.file_name,
        address=piece.url,
        sha256=piece.sha256,
        by=str(piece.added_by or ""),
        on=_day(piece.created_at),
        valid_until=valid_until,
    )


def recorded_trace(roadmap: Roadmap, proofs: Iterable[ProofEntry]) -> TraceEntry:
    """The whole trace of a stored roadmap."""
    submitted, scenario = roadmap.snapshot, roadmap.scenario
    by_about: dict[str, list[str]] = defaultdict(list)
    for proof in proofs:
        by_about[proof.about].append(proof.key)
    plain = trace_of(
        submitted.guide,
        submitted.answer_set(),
        roadmap.plan,
        scenario.schedule if scenario else {},
        int(roadmap.forecast.get("runs", 0)),
    )
    return replace(
        plain,
        is_recorded=True,
        assessment=submitted.assessment.name,
        submitted_by=str(submitted.created_by or ""),
        submitted_on=_day(submitted.created_at),
        adopted_by=str(roadmap.created_by or ""),
        adopted_on=_day(roadmap.created_at),
        fingerprints=(_guide(roadmap) or plain.fingerprints[0], *_fingerprints(roadmap)),
        answers=_answers(roadmap, plain.answers, by_about),
        initiatives=_initiatives(roadmap, plain.initiatives, by_about),
        gates=gate_traces(roadmap, by_about),
        overrides=overrides_of(roadmap),
        decisions=decisions_by_hand(roadmap),
        seal=seal_of(roadmap.organization),
    )


def _guide(roadmap: Roadmap) -> Fingerprint | None:
    """Of a guide the organization uploaded: the hash it was stored with."""
    name, version = roadmap.snapshot.guide_id, roadmap.snapshot.guide_version
    stored = StoredGuide.objects.filter(key=name, version=version).only("sha256").first()
    return Fingerprint("guide", f"{name} {version}", stored.sha256) if stored else None


def _fingerprints(roadmap: Roadmap) -> Iterable[Fingerprint]:
    yield Fingerprint("answers", roadmap.snapshot.assessment.name, roadmap.snapshot.input_hash)
    if roadmap.scenario and roadmap.scenario.input_hash:
        yield Fingerprint("scenario", roadmap.scenario.name, roadmap.scenario.input_hash)
    yield Fingerprint("roadmap", roadmap.name, roadmap.input_hash)
    if roadmap.forecast and roadmap.scenario:
        yield Fingerprint("forecast", roadmap.name, roadmap.scenario.forecast_hash)


def _answers(
    roadmap: Roadmap, traces: tuple[AnswerTrace, ...], proofs: dict[str, list[str]]
) -> tuple[AnswerTrace, ...]:
    rows = Answer.objects.filter(assessment=roadmap.snapshot.assessment_id).defer("note")
    given = {row.question_id: row for row in rows.select_related("updated_by", "confirmed_by")}
    told = (
        replace(
            _answered(trace, given.get(trace.id)),
            proofs=tuple(proofs.get(trace.id, ())),
        )
        for trace in traces
    )
    return with_settlements(told, roadmap.snapshot, given)


def _answered(trace: AnswerTrace, row: Answer | None) -> AnswerTrace:
    if row is None:
        return trace
    return replace(
        trace,
        by=str(row.updated_by or ""),
        on=_day(row.updated_at),
        confirmed_by=str(row.confirmed_by or ""),
        confirmed_on=_day(row.confirmed_at),
        valid_until=row.expires_on,
    )


def _initiatives(
    roadmap: Roadmap, traces: tuple[InitiativeTrace, ...], proofs: dict[str, list[str]]
) -> tuple[InitiativeTrace, ...]:
    rows = PlannedInitiative.objects.filter(roadmap=roadmap).only(
        "initiative_id", "status", "note", "version", "updated_at", "updated_by"
    )
    tracked = {row.initiative_id: row for row in rows.select_related("updated_by")}
    return tuple(
        replace(
            trace,
            status=row.status,
            note=row.note,
            reported_by=str(row.updated_by or "") if row.version else "",
            reported_on=_day(row.updated_at) if row.version else None,
            proofs=tuple(proofs.get(trace.id, ())),
        )
        if (row := tracked.get(trace.id))
        else trace
        for trace in traces
    )


def overrides_of(roadmap: Roadmap) -> tuple[OverrideTrace, ...]:
    rows = StartOverride.objects.filter(initiative__roadmap=roadmap)
    rows = rows.select_related("initiative", "gate", "made_by").defer(
        "initiative__details", "gate__checklist"
    )
    return tuple(
        OverrideTrace(
            initiative=row.initiative.initiative_id,
            title=row.initiative.title,
            gate=row.gate.gate_id,
            reason=row.reason,
            by=str(row.made_by or ""),
            on=_day(row.made_at),
        )
        for row in rows
    )


def decisions_by_hand(roadmap: Roadmap) -> tuple[HandTrace, ...]:
    if roadmap.scenario_id is None:
        return ()
    rows = ScenarioChange.objects.filter(scenario=roadmap.scenario_id).select_related("made_by")
    return tuple(
        HandTrace(
            number=row.number,
            words=change_words(row.kind, row.about, row.detail),
            by=str(row.made_by or ""),
            on=_day(row.made_at),
            is_undone=row.is_undone,
        )
        for row in rows
    )


def seal_of(organization: Organization) -> SealTrace | None:
    """The newest seal that stands for something else than a report.

    Asking for a report is itself written into the history: with the very newest seal no two
    requests would ever be of the same input.
    """
    entries = AuditEntry.objects.filter(organization=organization)
    for verbs in ABOUT_REPORTS:
        entries = entries.exclude(verb__startswith=verbs)
    newest = list(entries.order_by("-pk").values_list("pk", flat=True)[:ENTRIES_LOOKED_AT])
    seal = AuditSeal.objects.filter(entry_id__in=newest).order_by("-number").first()
    return SealTrace(seal.number, seal.digest, _day(seal.sealed_at)) if seal else None


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None
