"""Which entries of the history are told to other systems, and what of them.

A payload names what happened to what, and nothing that anybody typed: whoever wants to know more
asks the API, which asks for the rights of its token.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, Organization

Words = str | Promise

# By subject, verb of the history → what it means. The type of the event is the verb.
SUBJECTS: dict[Words, dict[str, Words]] = {
    _("Assessments"): {
        "assessment.created": _("an assessment was begun"),
        "assessment.submitted": _("an assessment was submitted: its scores are there"),
        "targets.changed": _("targets were set or changed"),
    },
    _("Plans"): {
        "scenario.created": _("a plan on trial was made"),
        "scenario.decided": _("a plan on trial was changed by hand"),
        "scenario.solved": _("the search for a better plan came to its end"),
        "roadmap.created": _("a plan was adopted: there is a new roadmap"),
    },
    _("Work and gates"): {
        "initiative.updated": _("progress was reported on an initiative"),
        "initiative.started_early": _("an initiative was started before something it waits for"),
        "gate.asked": _("approval of a gate was asked for"),
        "gate.opened": _("a gate was opened"),
        "gate.refused": _("a gate was refused"),
        "gate.closed": _("a gate was closed again"),
        "pilot.decided": _("a pilot was decided upon"),
    },
    _("Records of delivery"): {
        "record.entered": _("a record was entered"),
        "record.changed": _("a record was changed"),
        "records.imported": _("records were brought in"),
    },
    _("Reports"): {
        "report.requested": _("a report was asked for"),
        "report.made": _("a report is ready: its file can be downloaded"),
        "report.failed": _("a report could not be made: it may be asked for again"),
        "batch.made": _("a batch of reports is ready: its zip can be downloaded"),
    },
    _("Consultancies"): {
        "engagement.granted": _("access was granted to a consultancy"),
        "engagement.changed": _("a consultancy’s access was changed"),
        "engagement.ended": _("a consultancy’s access ended"),
    },
}
EVENTS: dict[str, Words] = {
    verb: words for kinds in SUBJECTS.values() for verb, words in kinds.items()
}


# Sent when somebody asks for it: nothing happened.
TRIAL = "webhook.trial"


def groups_of_events() -> list[tuple[Words, list[tuple[str, Words]]]]:
    """For a page: each subject with its (type, what it means)."""
    return [(subject, list(kinds.items())) for subject, kinds in SUBJECTS.items()]


def payload_of(entry: AuditEntry, organization: Organization) -> str:
    """The body to sign and send, byte for byte the same each time."""
    about = {
        "entry": entry.pk,
        "kind": entry.target_type.rpartition(".")[2],
        "id": entry.target_id,
    }
    return _body(entry.verb, entry.created_at, organization, about)


def payload_of_trial(now: datetime, organization: Organization) -> str:
    return _body(TRIAL, now, organization, {})


def _body(type: str, at: datetime, organization: Organization, about: dict[str, Any]) -> str:
    body = {
        "type": type,
        "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "data": {"organization": organization.slug, **about},
    }
    return json.dumps(body, ensure_ascii=True, separators=(",", ":"))
