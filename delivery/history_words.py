"""What the history's entries about systems and causes mean to a reader."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.history import register_history
from accounts.models import AuditEntry
from delivery.domain.metrics import METRICS, SEVERITIES
from delivery.enums import Severity
from delivery.pages.definitions import DEFINITIONS


def register() -> None:
    register_history(
        kinds={
            "system": _("Systems"),
            "incident": _("Incidents"),
            "source": _("Sources"),
            "record": _("Records"),
            "records": _("Imports"),
        },
        verbs={
            "system.created": _("began to watch the system"),
            "system.changed": _("changed the system"),
            "system.ended": _("stopped watching the system"),
            "system.resumed": _("watches the system again"),
            "incident.cause_confirmed": _("confirmed a deployment as the cause of the incident"),
            "incident.cause_denied": _("ruled a deployment out as the cause of the incident"),
            "source.created": _("connected the source"),
            "source.changed": _("changed the source"),
            "source.renewed": _("made a new secret for the source"),
            "source.old_secret_dropped": _("ended the old secret of the source"),
            "source.ended": _("ended the source"),
            "source.reworked": _("had rejected events of the source tried again"),
            "record.entered": _("entered the record"),
            "record.changed": _("changed the record"),
            "record.removed": _("removed the record"),
            "records.imported": _("imported the file"),
        },
        fields=_fields(),
        lists=("systems", "production", "cause_of"),
        links={
            "delivery.system": _system,
            "delivery.incident": _incident,
            "delivery.source": _source,
        },
    )


def _fields() -> dict[str, Any]:
    """Aims are told by metric, as `system_update` records them."""
    fields: dict[str, Any] = {
        "key": _("short name"),
        "tier": _("tier"),
        "is_vendor_managed": _("the vendor deploys it"),
        "deployment": _("deployment"),
        "system": _("system"),
        "systems": _("names of projects"),
        "production": _("what counts as production"),
        "events": _("events"),
        "file": _("file"),
        "created": _("new"),
        "updated": _("changed"),
        "cause_of": _("confirmed cause of"),
        "change_kind": _("kind of change"),
        "deployed_at": _("in production since"),
        "is_production": _("production"),
        "is_rework": _("unplanned repair"),
        "is_by_ticket": _("timed by its ticket"),
    }
    for metric in METRICS:
        fields[f"targets.{metric}"] = format_lazy(
            _("target: {title}"), title=DEFINITIONS[metric].title
        )
        fields[f"baselines.{metric}"] = format_lazy(
            _("baseline: {title}"), title=DEFINITIONS[metric].title
        )
    for severity in SEVERITIES:
        label = Severity(severity).label
        fields[f"fix_limits.{severity}"] = format_lazy(_("days to fix: {level}"), level=label)
    return fields


def _system(entry: AuditEntry, slug: str) -> str:
    return reverse("delivery:system", args=[slug, entry.target_id])


def _source(entry: AuditEntry, slug: str) -> str:
    return reverse("delivery:source", args=[slug, entry.target_id])


def _incident(entry: AuditEntry, slug: str) -> str | None:
    system = entry.detail.get("system_id")
    if not system:
        return None
    return reverse("delivery:records", args=[slug, system, "incidents"])
