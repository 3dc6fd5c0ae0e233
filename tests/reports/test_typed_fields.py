"""Everything people type can reach a report: each text or number of each model is decided on.

A field added to a model fails here until it is frozen into some document, or named below with the
reason why no report tells it.
"""

import json
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.enums import Role
from assessments.domain.answers import Answer as Said
from assessments.domain.answers import AnswerState
from assessments.models import (
    Answer,
    Comment,
    Evidence,
    SeatAnswer,
    Settlement,
    TargetProfile,
)
from assessments.services import assessment_import, assessment_submit
from delivery.models import Vulnerability
from reports.choices import Choices
from reports.frozen.for_documents import freeze_for
from reports.frozen.snapshot import to_json
from reports.models import Brand
from roadmap.domain.constraints.stated import Constraints, Freeze, constraints_to_json
from roadmap.models import (
    GateApproval,
    GateConfirmation,
    GateDecision,
    PilotOutcome,
    PlannedInitiative,
    ProgressEntry,
    Roadmap,
    Scenario,
    ScenarioChange,
    StartOverride,
    WorkComment,
    WorkEvidence,
)
from roadmap.services import roadmap_create
from roadmap.services.charters import charter_start
from tests.delivery.factories import make_system
from tests.factories import make_member, make_organization
from tests.roadmap.factories import CANDIDATES, MONDAY, hospital_answers, make_scenario

# Without jobs, inbox, handover and api, which hold nothing that is said of an organization.
APPS = ("accounts", "assessments", "delivery", "roadmap", "reports", "desk")
STORED = "stored by the program, nobody types it"
KEYS = "names another record of guide, plan or tool; printed by its title"
# Names that mean the same in every model.
EVERYWHERE = {
    **dict.fromkeys(
        (
            "version", "input_hash", "forecast_hash", "job_version", "nonce", "secret_nonce",
            "old_secret_nonce", "stored_name", "content_type", "size", "file", "logo_width",
            "logo_height", "engine", "outcome", "answer_version", "website",
        ),
        STORED,
    ),
    **dict.fromkeys(
        (
            "question_id", "initiative_id", "gate_id", "item_id", "role_id", "guide_id",
            "guide_version", "external_id", "deployment_external_id", "about_id", "target",
        ),
        KEYS,
    ),
}  # fmt: skip
WHOLLY = {
    "accounts.AuditEntry": "the history has its own page and file; its seal is in the trace",
    "accounts.AuditSeal": STORED,
    "accounts.Invitation": "whom somebody invited is no fact of the plan",
    "accounts.Engagement": "access, not content",
    "accounts.EngagementRequest": "access, not content",
    "assessments.Assignment": "its message is a word from one person to another, not about the "
    "organization; the answers it asked for are printed",
    "assessments.ExpiryNotice": STORED,
    "assessments.StoredGuide": "a guide, not what an organization says; hash and version are told",
    "assessments.PeerRelease": "figures over several organizations",
    "assessments.Snapshot": "the answers as submitted: told from there, by the answer",
    "assessments.Suggestion": "a proposal counts once somebody took it: then it is an answer",
    "assessments.TableUpload": "a file on its way into an answer",
    "delivery.DailyFigures": STORED,
    "delivery.Source": "the line to a tool, not what it told",
    "delivery.InboundEvent": "what a tool sent, kept for a while; its figures are told",
    "delivery.RefusalCount": STORED,
    "delivery.Deployment": "single records: their figures are told",
    "delivery.Incident": "single records: their figures are told",
    "delivery.Change": "single records: their figures are told",
    "delivery.Coverage": "single records: their figures are told",
    "delivery.RecordUpload": "a file on its way into records",
    "roadmap.ProgressForecast": STORED,
    "roadmap.ProgressSnapshot": STORED,
    "roadmap.StatusLink": "an address for others, not content",
    "roadmap.StatusMail": "an address for others, not content",
    "roadmap.CalendarFeed": "an address for others, not content",
    "reports.Batch": "what was asked for, not what is told",
    "reports.BatchItem": STORED,
    "reports.Report": STORED,
    "reports.ShareLink": "an address for others, not content",
    "reports.ReportTemplate": "which sections, not what they say",
    **dict.fromkeys(
        ("desk.PrivateNote", "desk.NoteVersion"),
        "a consultancy's private notes: never in a client's report",
    ),
    **dict.fromkeys(
        (
            "desk.BulkRun", "desk.BulkItem", "desk.ClientSummary", "desk.ClientTemplate",
            "desk.ClientStart", "desk.SavedView",
        ),
        "the desk's own; what a template gave a client stands in that client's plan",
    ),
}  # fmt: skip
NOT_TOLD = {
    "accounts.Organization.slug": STORED,
    "accounts.Organization.time_zone": "days are counted in it",
    "accounts.Organization.language": "the report is written in it",
    "accounts.User.password": "secret",
    "accounts.User.email": "a person is named by name, by address only where there is none",
    "accounts.User.language": "of the pages, not of a report",
    "assessments.Assessment.parked": "what a workshop put off: an open question is printed as such",
    "assessments.SeatAnswer.seat": KEYS,
    "assessments.Settlement.settled": "the answer agreed on is the one printed, or said to differ",
    "assessments.Settlement.before": "the answers from seats themselves are printed",
    "delivery.System.key": "how files and tools name it",
    "delivery.System.tier": "printed from the answers, where it is asked for",
    "delivery.Vulnerability.told": STORED,
    "roadmap.Roadmap.plan": STORED,
    "roadmap.Roadmap.forecast": STORED,
    "roadmap.PilotCharter.snapshot": STORED,
    "roadmap.Scenario.schedule": STORED,
    "roadmap.Scenario.plan": STORED,
    "roadmap.Scenario.forecast": STORED,
    "roadmap.Scenario.constraints": "told of the roadmap, which is agreed with them",
    "roadmap.Scenario.decisions": "told one by one, as they were made",
    "roadmap.ScenarioChange.number": STORED,
    "roadmap.ScenarioChange.kind": "told in words",
    "roadmap.ScenarioChange.about": KEYS,
    "roadmap.ScenarioChange.before": STORED,
    "roadmap.ProgressEntry.before": "an earlier state of what is told",
    "roadmap.ProgressEntry.after": "told as it stands now",
    "roadmap.PlannedInitiative.position": "a place on the board",
    "roadmap.PlannedInitiative.facts": STORED,
    "roadmap.GateDecision.facts": "the unmet items are told",
    "reports.Brand.logo": "a picture",
}
# Made by the planner: told from the plan.
PLANNED = {
    "PlannedInitiative": "title kind rank phase step gate working_days predecessors roles effort "
    "reasons satisfied bound_by details",
    "GateState": "title passes_when blocks approvers approver_roles round review checklist",
    "GateApproval": "round",
    "GateDecision": "round",
}
NOT_TOLD |= {
    f"roadmap.{model}.{name}": STORED for model, names in PLANNED.items() for name in names.split()
}

WORDS = (models.CharField, models.TextField, models.JSONField)
NUMBERS = (models.IntegerField, models.FloatField, models.DecimalField)


def mark(field: str) -> str:
    return f"typed in {field}".replace("_", "").replace(".", " ")


# What stands in the record where the field was filled: by default its mark.
TYPED: dict[str, str] = {
    **{
        f"{model}.{name}": ""
        for model, names in {
            "accounts.Organization": "name",
            "accounts.User": "name",
            "assessments.Assessment": "name",
            "assessments.Evidence": "title url file_name sha256",
            "assessments.Answer": "value reason note",
            "assessments.Comment": "text",
            "assessments.SeatAnswer": "value reason note",
            "assessments.Settlement": "agreed note",
            "delivery.System": "name note baselines",
            "delivery.Vulnerability": "title dismissed_because",
            "roadmap.Roadmap": "name constraints baseline_note",
            "roadmap.PlannedInitiative": "blocked_because note",
            "roadmap.GateConfirmation": "note",
            "roadmap.GateApproval": "reason person_name",
            "roadmap.GateDecision": "reason decider_name",
            "roadmap.PilotCharter": "name candidate fit why scope outside criteria stop_rules "
            "team rollback",
            "roadmap.PilotOutcome": "reason numbers decider_name",
            "roadmap.Scenario": "name note",
            "roadmap.ScenarioChange": "detail",
            "roadmap.ProgressEntry": "note",
            "roadmap.WorkComment": "text",
            "roadmap.WorkEvidence": "title url file_name sha256",
            "roadmap.StartOverride": "reason",
            "reports.Brand": "name footer legal",
        }.items()
        for name in names.split()
    },
    "assessments.TargetProfile.steps": '"target": 91.375',
    "assessments.TargetProfile.challenges": '"target": 17.625',
    "delivery.System.targets": "180 days",
    "delivery.System.fix_limits": '["high", 41]',
    "roadmap.Roadmap.limits": "at most 43",
    "roadmap.PlannedInitiative.percent": '"percent": 37',
    "roadmap.PlannedInitiative.remaining_days": '"remaining_days": 19.625',
    "roadmap.ProgressEntry.spent_days": '"spent_days": 13.375',
    "reports.Brand.main": "#123456",
    "reports.Brand.accent": "#fedcba",
}


def fields() -> list[str]:
    """Every text or number of every model that has no choices and points nowhere."""
    found = []
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            if model._meta.label in WHOLLY:
                continue
            found += [
                f"{model._meta.label}.{field.name}"
                for field in model._meta.concrete_fields
                if isinstance(field, (*WORDS, *NUMBERS))
                and not (field.is_relation or field.primary_key or field.choices)
                and field.name not in EVERYWHERE
            ]
    return found


def test_every_field_is_told_or_left_out_with_a_reason() -> None:
    known = set(TYPED) | set(NOT_TOLD)
    there = set(fields())

    assert there - known == set(), "freeze it for a report, or say here why no report tells it"
    assert not set(TYPED) & set(NOT_TOLD)
    assert set(TYPED) <= there


def filled(label: str, **given: Any) -> dict[str, Any]:
    """Every typed text of a model with its mark, but for what is given."""
    texts = [field for field, there in TYPED.items() if field.startswith(label + ".") and not there]
    return {**{field.rpartition(".")[2]: mark(field) for field in texts}, **given}


def submitted(organization: Any, person: Any) -> Any:
    """An assessment with something typed in every field of it, handed in."""
    said = {
        **hospital_answers(),
        "T3": Said(AnswerState.ANSWERED, value=tuple(CANDIDATES)),
        "P.03": Said(AnswerState.ANSWERED, {"patients": mark("assessments.Answer.value")}),
    }
    assessment = assessment_import(
        organization=organization,
        user=person,
        name=mark("assessments.Assessment.name"),
        answers=said,
    )
    answers = Answer.objects.filter(assessment=assessment)
    answers.filter(question_id="Q1.01").update(note=mark("assessments.Answer.note"))
    why = mark("assessments.Answer.reason")
    answers.filter(question_id="Q1.02").update(state="not_applicable", value=None, reason=why)
    says = {"P.03": "answered", "Q1.02": "not_applicable"}
    for question, state in says.items():
        value = {"patients": mark("assessments.SeatAnswer.value")} if question == "P.03" else None
        SeatAnswer.objects.create(
            assessment=assessment,
            question_id=question,
            user=person,
            seat="it",
            updated_at=timezone.now(),
            **filled("assessments.SeatAnswer", state=state, value=value),
        )
    agreed = [{"name": mark("assessments.Settlement.agreed")}]
    Settlement.objects.create(
        assessment=assessment,
        question_id="Q1.01",
        answer_version=1,
        **filled("assessments.Settlement", agreed=agreed),
    )
    Evidence.objects.create(
        assessment=assessment,
        question_id="Q1.01",
        kind="file",
        **filled("assessments.Evidence", sha256=mark("assessments.Evidence.sha256")[:64]),
    )
    return assessment_submit(assessment=assessment, user=person)


def about_the_organization(organization: Any) -> None:
    before = {
        "value": 7200,
        "from": "2026-01-05",
        "until": "2026-02-02",
        "note": mark("delivery.System.baselines"),
    }
    aims = {"targets": {"lead_time": 4320}, "fix_limits": {"high": 41}}
    system = make_system(
        organization, **filled("delivery.System", baselines={"lead_time": before}, **aims)
    )
    Vulnerability.objects.create(
        system=system,
        severity="high",
        found_at=timezone.now(),
        dismissed_at=timezone.now(),
        **filled("delivery.Vulnerability"),
    )
    guide = Roadmap.objects.get().snapshot.guide
    TargetProfile.objects.create(
        organization=organization,
        guide_id=guide.id,
        steps={guide.steps[0].id: 91.375},
        challenges={guide.challenges[0].id: 17.625},
        updated_at=timezone.now(),
    )
    Brand.objects.create(
        organization=organization,
        **filled("reports.Brand", main="#123456", accent="#fedcba"),
    )


def about_the_plan(roadmap: Roadmap, person: Any) -> None:
    freeze = Freeze(date(2027, 3, 1), date(2027, 3, 5), mark("roadmap.Roadmap.constraints"))
    stated = constraints_to_json(Constraints(freezes=(freeze,)))
    Roadmap.objects.filter(pk=roadmap.pk).update(
        **filled("roadmap.Roadmap", constraints=stated, limits={"all": 43})
    )
    first, gate = roadmap.initiatives.first(), roadmap.gates.first()
    assert first is not None and gate is not None and roadmap.scenario is not None
    PlannedInitiative.objects.filter(pk=first.pk).update(
        **filled("roadmap.PlannedInitiative", version=1, percent=37, remaining_days=19.625)
    )
    by = {"made_by": person}
    for days in (6.0, 7.375):
        ProgressEntry.objects.create(
            initiative=first,
            kind="status",
            **filled("roadmap.ProgressEntry", spent_days=days, **by),
        )
    StartOverride.objects.create(
        initiative=first, gate=gate, **filled("roadmap.StartOverride", **by)
    )
    WorkComment.objects.create(
        roadmap=roadmap, initiative=first, author=person, **filled("roadmap.WorkComment")
    )
    sha256 = mark("roadmap.WorkEvidence.sha256")[:64]
    WorkEvidence.objects.create(
        roadmap=roadmap, gate=gate, kind="file", **filled("roadmap.WorkEvidence", sha256=sha256)
    )
    Scenario.objects.filter(pk=roadmap.scenario.pk).update(**filled("roadmap.Scenario"))
    ScenarioChange.objects.create(
        scenario=roadmap.scenario,
        number=1,
        kind="exclude",
        about=first.initiative_id,
        **filled(
            "roadmap.ScenarioChange", detail={"reason": mark("roadmap.ScenarioChange.detail")}
        ),
    )
    at_the_gate(gate)


def at_the_gate(gate: Any) -> None:
    item = next(one for one in gate.checklist if one.get("applies", True))
    now = timezone.now()
    GateConfirmation.objects.create(
        gate=gate, item_id=item["id"], confirmed_at=now, **filled("roadmap.GateConfirmation")
    )
    GateApproval.objects.create(
        gate=gate, round=1, role_id="SP", verdict="approve", said_at=now,
        **filled("roadmap.GateApproval"),
    )  # fmt: skip
    GateDecision.objects.create(
        gate=gate, round=1, kind="asked", **filled("roadmap.GateDecision", facts={})
    )


def about_the_pilot(roadmap: Roadmap, person: Any) -> None:
    charter = charter_start(snapshot=roadmap.snapshot, user=person, position=1)
    label = "roadmap.PilotCharter"
    criterion = {"text": mark(f"{label}.criteria"), "metric": "LT"}
    lists = {
        "candidate": {"name": mark(f"{label}.candidate"), "tier": "3"},
        "fit": {"fit": 61.5, "speaks_for": [mark(f"{label}.fit")]},
        "criteria": [criterion],
        "stop_rules": [mark(f"{label}.stop_rules")],
        "team": [{"role": "Lead", "name": mark(f"{label}.team")}],
    }
    for name, value in filled(label, **lists).items():
        setattr(charter, name, value)
    charter.save()
    numbers = [{"title": mark("roadmap.PilotOutcome.numbers")}]
    PilotOutcome.objects.create(
        charter=charter, decision="extend", **filled("roadmap.PilotOutcome", numbers=numbers)
    )


@pytest.mark.django_db
def test_what_is_typed_into_every_field_stands_in_a_record() -> None:
    organization = make_organization(name=mark("accounts.Organization.name"))
    person = make_member(organization, Role.OWNER).user
    person.name = mark("accounts.User.name")
    person.save()
    snapshot = submitted(organization, person)
    roadmap = roadmap_create(
        organization=organization, user=person, snapshot=snapshot, name="Plan", start_on=MONDAY
    )
    about_the_organization(organization)
    about_the_plan(roadmap, person)
    about_the_pilot(roadmap, person)
    other = make_scenario(snapshot=snapshot)
    remark = Comment.objects.create(
        assessment=snapshot.assessment, question_id="Q1.01", **filled("assessments.Comment")
    )
    work = WorkComment.objects.get()
    roadmap = Roadmap.objects.get(pk=roadmap.pk)
    chosen = {"comments": (remark.pk, -work.pk), "scenarios": (other.pk,)}

    told = "".join(
        json.dumps(to_json(freeze_for(roadmap, Choices(document=name, **more))))
        for name, more in (("full", chosen), ("auditor", {}))
    )

    # Shorter fields keep the beginning of their mark.
    missing = [field for field, there in TYPED.items() if (there or mark(field)) not in told]
    assert missing == []
