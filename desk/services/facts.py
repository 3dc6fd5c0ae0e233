"""What a client's summary is counted from, read from its own tables: nine queries at most."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.models import Organization
from assessments.domain.targets import proposed, with_own
from assessments.enums import AssessmentStatus
from assessments.models import Answer, Assessment, Assignment, Snapshot, TargetProfile
from assessments.stored_scorecard import scorecard_from_json
from assessments.target_choice import kind_of
from desk.domain.summary import AssessmentFacts, Facts, GateFacts, RoadmapFacts, WorkFacts
from roadmap.domain.progress import Status
from roadmap.models import GateState, PlannedInitiative, ProgressForecast, Roadmap


def facts_of(client: Organization) -> tuple[Facts, datetime | None]:
    """The facts, and when the forecast that they hold was made."""
    drafts = Assessment.objects.filter(organization=client, status=AssessmentStatus.DRAFT)
    due = Assignment.objects.filter(assessment__in=drafts, done_at=None).exclude(due_on=None)
    roadmap, made_at = _roadmap(client)
    facts = Facts(
        assessment=_assessment(client),
        roadmap=roadmap,
        has_draft=drafts.exists(),
        due_on=tuple(due.values_list("due_on", flat=True)),
    )
    return facts, made_at


def _assessment(client: Organization) -> AssessmentFacts | None:
    found = Snapshot.objects.filter(organization=client).first()
    if found is None:
        return None
    guide, answers = found.guide, found.answer_set()
    own = TargetProfile.objects.filter(organization=client, guide_id=guide.id).first()
    proposal = proposed(guide, kind_of(answers))
    expires = Answer.objects.filter(assessment=found.assessment_id).exclude(expires_on=None)
    return AssessmentFacts(
        guide_id=found.guide_id,
        assessed_on=found.created_at.astimezone(client.zone).date(),
        card=scorecard_from_json(found.scorecard),
        targets=with_own(proposal, own.steps, own.challenges) if own else proposal,
        expires=tuple(expires.values_list("expires_on", flat=True)),
    )


def _roadmap(client: Organization) -> tuple[RoadmapFacts | None, datetime | None]:
    rows = Roadmap.objects.filter(organization=client)
    found = rows.values("pk", "finish_on", "plan__phases", "forecast__finish").first()
    if found is None:
        return None, None
    forecast = ProgressForecast.objects.filter(roadmap=found["pk"]).first()
    document: dict[str, Any] = forecast.document if forecast else {}
    # Before the first forecast of the rest, the chances are those of the plan itself.
    finish = (document.get("finish") if forecast else found["forecast__finish"]) or {}
    facts = RoadmapFacts(
        id=found["pk"],
        planned_on=found["finish_on"],
        phases=[(phase["id"], phase["title"]) for phase in found["plan__phases"] or []],
        work=_work(found["pk"]),
        gates=_gates(found["pk"], document.get("gates") or {}),
        p50_on=_day(finish.get("p50")),
        p80_on=_day(finish.get("p80")),
        finished_on=_day(finish.get("actual")),
        slip=finish.get("slip") if forecast else None,
    )
    return facts, forecast.made_at if forecast else None


def _work(roadmap: int) -> tuple[WorkFacts, ...]:
    rows = PlannedInitiative.objects.filter(roadmap=roadmap).values_list(
        "initiative_id",
        "phase",
        "effort",
        "status",
        "finish_on",
        "baseline_finish_on",
        "blocked_because",
    )
    return tuple(
        WorkFacts(
            id=id,
            phase=phase,
            effort=effort["likely"],
            status=Status(status),
            due_on=min(finish, agreed or finish),
            is_blocked=bool(because),
        )
        for id, phase, effort, status, finish, agreed, because in rows
    )


def _gates(roadmap: int, expected: dict[str, Any]) -> tuple[GateFacts, ...]:
    rows = GateState.objects.filter(roadmap=roadmap).values_list(
        "gate_id", "title", "is_open", "planned_on"
    )
    return tuple(
        GateFacts(id, title, is_open, _day(expected.get(id, {}).get("on")) or planned)
        for id, title, is_open, planned in rows
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
