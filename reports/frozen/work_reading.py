"""Reads what people reported on the work and decided about the pilot: a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from reports.frozen.stated import CheckedLine, NoteEntry, PilotDecisionEntry, ReportedEntry
from roadmap.models import PilotOutcome, ProgressEntry, Roadmap
from roadmap.pages.pilots import UNITS
from roadmap.services.charters import charter_of

MOST_NOTES = 10
COLUMNS = (
    "initiative_id",
    "title",
    "status",
    "percent",
    "started_on",
    "finished_on",
    "expected_on",
    "remaining_days",
    "blocked_because",
    "version",
    "note",
    "rank",
    "owner__name",
    "owner__email",
    "waits_for__name",
    "waits_for__email",
)


def reported_entries(roadmap: Roadmap) -> tuple[ReportedEntry, ...]:
    """What anybody said or took on, in the order of priority."""
    rows = roadmap.initiatives.select_related("owner", "waits_for").only("roadmap_id", *COLUMNS)
    notes, spent = _told(roadmap)
    return tuple(
        ReportedEntry(
            id=row.initiative_id,
            title=row.title,
            status=row.status,
            percent=row.percent,
            owner=str(row.owner or ""),
            started_on=row.started_on,
            finished_on=row.finished_on,
            expected_on=row.expected_on,
            remaining_days=row.remaining_days,
            spent_days=spent.get(row.pk),
            blocked_because=row.blocked_because,
            waits_for=str(row.waits_for or ""),
            notes=tuple(notes.get(row.pk, ())),
        )
        for row in rows
        if row.version or row.owner_id or notes.get(row.pk) or row.pk in spent
    )


def _told(roadmap: Roadmap) -> tuple[Mapping[int, list[NoteEntry]], Mapping[int, float]]:
    """The newest notes on each initiative, and the days spent that all its reports name."""
    notes: dict[int, list[NoteEntry]] = defaultdict(list)
    spent: dict[int, float] = defaultdict(float)
    rows = ProgressEntry.objects.filter(initiative__roadmap=roadmap)
    rows = rows.exclude(note="", spent_days=None).defer("before", "after")
    for row in rows.select_related("made_by").order_by("-made_at", "-pk"):
        if row.spent_days is not None:
            spent[row.initiative_id] += row.spent_days
        if row.note and len(notes[row.initiative_id]) < MOST_NOTES:
            notes[row.initiative_id].append(
                NoteEntry(row.note, str(row.made_by or ""), timezone.localdate(row.made_at))
            )
    return notes, spent


def pilot_decisions(roadmap: Roadmap) -> tuple[PilotDecisionEntry, ...]:
    """The newest first, each with the numbers it rested on."""
    charter = charter_of(roadmap)
    if charter is None:
        return ()
    return tuple(_decision(row) for row in PilotOutcome.objects.filter(charter=charter))


def _decision(row: PilotOutcome) -> PilotDecisionEntry:
    made: datetime = row.decided_at
    return PilotDecisionEntry(
        decision=row.decision,
        proposed=row.proposed,
        reason=row.reason,
        by=row.decider_name,
        on=timezone.localdate(made),
        checked=tuple(_checked(row.numbers)),
        stop_rules=tuple(row.stop_rules),
    )


def _checked(numbers: Iterable[Mapping[str, Any]]) -> Iterable[CheckedLine]:
    for one in numbers:
        if "stop_rule" in one:
            continue
        reading = one.get("reading") or {}
        value = reading.get("value")
        yield CheckedLine(
            title=str(one.get("title") or ""),
            text=str(one.get("text") or ""),
            baseline=str(one.get("baseline") or ""),
            target=str(one.get("target") or ""),
            found=""
            if value is None
            else f"{value:.3g} {UNITS.get(str(one.get('metric')), '')} (n = {reading.get('n', 0)})",
            told=str(one.get("told") or ""),
            is_certain=bool(one.get("is_certain", True)),
        )
