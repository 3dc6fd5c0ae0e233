"""Which model of every app goes into an archive, and why the others do not.

A test fails when a model stands in neither list: whoever adds one decides here. The order is that
of the archive: what is named comes before what names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Part:
    """A model that is carried. `left`: fields that are not and begin anew with their default → why.
    `files`: field → the store that holds the file it names. `people`: paths of JSON values that
    are numbers of people; `rows`: path → the model whose rows the numbers are; of two models the
    second goes by its numbers with a minus. `pairs`: paths of [name of a model, number].
    """

    label: str
    left: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    rows: Mapping[str, str | tuple[str, str]] = field(default_factory=dict)
    pairs: tuple[str, ...] = ()

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    @property
    def file_name(self) -> str:
        return f"data/{self.label}.jsonl"

    @property
    def owner(self) -> str:
        return str(self.model.TENANT_PATH)  # type: ignore[attr-defined]

    @property
    def fields(self) -> list[models.Field]:
        skipped = {"organization", *self.left}
        return [
            f
            for f in self.model._meta.concrete_fields
            if f.name not in skipped and not f.primary_key
        ]

    @property
    def lists(self) -> list[models.ManyToManyField]:
        return [f for f in self.model._meta.many_to_many if f.name not in self.left]


def part(label: str, **more: Any) -> Part:
    return Part(label, **more)


OF_A_JOB = _("work of the server there, over by now")
NEW_SECRET = _("a secret: the source gets a new one here")
CHOSEN = {
    "choices.comments[]": ("assessments.Comment", "roadmap.WorkComment"),
    "choices.scenarios[]": "roadmap.Scenario",
}
CARRIED: tuple[Part, ...] = (
    part("assessments.StoredGuide"),
    part("assessments.Assessment", people=("parked.*.seats[].user",)),
    part("assessments.Evidence", files={"stored_name": "evidence"}),
    part("assessments.Answer"),
    part("assessments.Assignment", left={"mail": OF_A_JOB}),
    part("assessments.Comment"),
    part("assessments.ExpiryNotice"),
    part("assessments.SeatAnswer"),
    part("assessments.Settlement", people=("agreed[].user",)),
    part("assessments.ParkedTalk"),
    part("assessments.Snapshot"),
    part("assessments.Suggestion"),
    part("assessments.TargetProfile"),
    part("assessments.TableUpload"),
    part("delivery.System"),
    part("delivery.DailyFigures"),
    part("delivery.StaleDay"),
    part(
        "delivery.Source",
        left=dict.fromkeys(
            ("nonce", "secret_nonce", "old_secret_nonce", "old_secret_until"), NEW_SECRET
        ),
    ),
    part("delivery.RefusalCount"),
    part("delivery.Deployment"),
    part("delivery.Incident"),
    part("delivery.Change"),
    part("delivery.Vulnerability"),
    part("delivery.Coverage"),
    part("delivery.InboundEvent", pairs=("made",)),
    part("delivery.RecordUpload", rows={"content.system": "delivery.System"}),
    part("roadmap.Scenario", left={"job": OF_A_JOB}),
    part("roadmap.ScenarioChange"),
    part("roadmap.Roadmap", left={"forecast_job": OF_A_JOB}),
    part("roadmap.PlannedInitiative"),
    part("roadmap.GateState"),
    part("roadmap.GateConfirmation"),
    part("roadmap.GateApprover"),
    part("roadmap.GateApproval"),
    part("roadmap.PilotCharter"),
    part("roadmap.PilotOutcome"),
    part("roadmap.ProgressForecast"),
    part("roadmap.ProgressSnapshot"),
    part(
        "roadmap.ProgressEntry",
        people=tuple(
            f"{when}.{who}_id" for when in ("before", "after") for who in ("owner", "waits_for")
        ),
    ),
    part("roadmap.WorkComment"),
    part("roadmap.WorkEvidence", files={"stored_name": "evidence"}),
    part(
        "roadmap.GateDecision",
        rows={
            "facts.evidence[].id": "roadmap.WorkEvidence",
            "facts.items[].evidence[].id": "roadmap.WorkEvidence",
        },
    ),
    part("roadmap.StartOverride"),
    part("reports.Brand", files={"logo": "logos"}),
    part("reports.ReportTemplate", rows=CHOSEN),
    part(
        "reports.Report",
        left={"job": OF_A_JOB, "batch": _("belongs to the consultancy that asked for it")},
        files={"file": "reports", "snapshot": "frozen_logo"},
        rows={**CHOSEN, "choices.since": "reports.Report"},
    ),
    part("handover.EarlierEntry"),
    part(
        "accounts.AuditEntry",
        rows={
            "detail.assessment": "assessments.Assessment",
            "detail.previous": "assessments.Assessment",
            "detail.snapshot": "assessments.Snapshot",
            "detail.system_id": "delivery.System",
            "detail.roadmap": "roadmap.Roadmap",
            "detail.scenario": "roadmap.Scenario",
            "detail.job": "jobs.Job",
        },
    ),
    part("accounts.AuditSeal"),
)

OTHERS_SECRET = _("a secret address or key: whoever holds it would keep their way in")
OF_THE_SERVER = _("work of this server, over or made anew")
OF_A_PERSON = _("a person’s own, not the organization’s")
OF_A_CONSULTANCY = _("belongs to the consultancy and never reaches a client’s archive")
NOT_CARRIED = {
    "accounts.Organization": _("its name, kind, zone and language stand in the manifest"),
    "accounts.User": _("people’s names and addresses stand in people.jsonl, no account does"),
    "accounts.Membership": _("roles stand in people.jsonl; people are invited anew"),
    "accounts.Invitation": OTHERS_SECRET,
    "accounts.Engagement": _("access that a client grants here holds here only"),
    "accounts.EngagementRequest": OTHERS_SECRET,
    "jobs.Job": OF_THE_SERVER,
    "jobs.Turn": OF_THE_SERVER,
    "inbox.Notice": OF_A_PERSON,
    "inbox.NoticeSettings": OF_A_PERSON,
    "assessments.PeerRelease": _("figures over several organizations"),
    "roadmap.StatusLink": OTHERS_SECRET,
    "roadmap.StatusMail": OTHERS_SECRET,
    "roadmap.CalendarFeed": OTHERS_SECRET,
    "reports.Batch": OF_A_CONSULTANCY,
    "reports.BatchItem": OF_A_CONSULTANCY,
    "reports.ShareLink": OTHERS_SECRET,
    "desk.PrivateNote": OF_A_CONSULTANCY,
    "desk.NoteVersion": OF_A_CONSULTANCY,
    "desk.BulkRun": OF_A_CONSULTANCY,
    "desk.BulkItem": OF_A_CONSULTANCY,
    "desk.ClientSummary": _("counted anew from what is carried"),
    "desk.ClientTemplate": OF_A_CONSULTANCY,
    "desk.ClientStart": OF_A_CONSULTANCY,
    "desk.SavedView": OF_A_CONSULTANCY,
    "desk.DefaultView": OF_A_CONSULTANCY,
    "handover.Archive": OF_THE_SERVER,
    "handover.Arrival": OF_THE_SERVER,
    "handover.CarriedPerson": _("the people of people.jsonl, as they are called here"),
    "api.ApiToken": OTHERS_SECRET,
    "api.RepeatedRequest": OF_THE_SERVER,
    "api.WebhookEndpoint": OTHERS_SECRET,
    "api.WebhookDelivery": OF_THE_SERVER,
}
