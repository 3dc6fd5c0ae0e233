"""Taking out a record that was entered, imported or sent by mistake."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from accounts.audit import record as audit
from accounts.models import User
from delivery.enums import LinkState
from delivery.models import Deployment
from delivery.services import daily
from delivery.services.entry import for_history, history_name, locked_record, said_by
from delivery.services.records import COUNTED_AT


@transaction.atomic
def record_remove(*, row: Any, user: User, kind: str, seen: str | None = None) -> None:
    """Take a record out; its facts stay in the history, and its days are counted anew.

    What named a removed deployment keeps the name: if the deployment is told again they meet
    again, and a cause is then confirmed anew.

    Raises:
        StaleRecord: it says something else than the person saw.
    """
    row = locked_record(kind, row, seen)
    system = row.system
    days = _days(row)
    detail = {"kind": kind, "system": system.name, "system_id": system.pk, **_said(kind, row)}
    if isinstance(row, Deployment):
        causes = row.incidents.filter(link=LinkState.CONFIRMED)
        detail["cause_of"] = list(causes.values_list("external_id", flat=True))
        # A person's word was about this deployment.
        row.incidents.update(deployment=None, link=LinkState.NONE, link_by=None, link_at=None)
        row.changes.update(deployment=None)
    audit(
        organization=system.organization,
        actor=user,
        verb="record.removed",
        target=row,
        name=f"{system.name}: {row}",
        detail=detail,
    )
    row.delete()
    daily.mark(system, days, hint=True)


def _days(row: Any) -> set[date]:
    """All days whose figures rest on the record."""
    moments = [getattr(row, COUNTED_AT[type(row)])]
    if isinstance(row, Deployment):
        # The audit trail of a change counts on the day of the change.
        moments += row.changes.values_list("deployed_at", flat=True)
    elif getattr(row, "deployment", None) is not None:
        moments.append(row.deployment.deployed_at)
    zone = row.system.organization.zone
    return {daily.day_of(at, zone) for at in moments if at is not None}


def _said(kind: str, row: Any) -> dict[str, Any]:
    """Its facts, so that it can be entered again; a title may be the reason to remove it."""
    said = {name: for_history(name, value) for name, value in said_by(kind, row).items()}
    facts = {history_name(name): value for name, value in said.items() if value is not None}
    return {"origin": row.origin, **facts}
