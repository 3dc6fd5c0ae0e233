"""Holding a pilot's criteria against what was measured, and deciding what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from delivery.domain import metrics
from delivery.domain.metrics import Metrics
from delivery.queries import metric_values
from roadmap.domain.pilot.outcome import Outcome, Reading, judge
from roadmap.enums import PilotDecision
from roadmap.models import PilotCharter, PilotOutcome
from roadmap.services.charters import charter_content

WINDOW = timedelta(weeks=12)
REASON_LIMIT = 4_000
METRIC_OF = {
    "DF": metrics.FREQUENCY,
    "LT": metrics.LEAD_TIME,
    "CFR": metrics.FAIL_RATE,
    "MTTR": metrics.RECOVERY,
    "COV": metrics.COVERAGE,
    "SVRT": metrics.FIX_TIME,
    "ATC": metrics.AUDIT_TRAIL,
}


class OutcomeInvalid(ValueError):
    """Input that cannot be taken. `messages`: field name → what to do."""

    def __init__(self, messages: dict[str, str]) -> None:
        self.messages = messages
        super().__init__("; ".join(messages.values()))


def measured(charter: PilotCharter, today: date) -> Metrics | None:
    """The past twelve weeks of the charter's system; None where no system is named."""
    if charter.system is None:
        return None
    return metric_values(charter.system, today - WINDOW + timedelta(days=1), today)


def outcome_of(
    charter: PilotCharter, values: Metrics | None, stopped_by: Sequence[str], today: date
) -> Outcome:
    """The criteria held against the values, with what follows."""
    criteria = charter_content(charter).criteria
    return judge(criteria, _readings(values), stopped_by, today)


@transaction.atomic
def outcome_decide(
    *,
    charter: PilotCharter,
    user: User,
    decision: str,
    reason: str,
    stopped_by: Sequence[str],
    today: date,
    goes_on_although: bool = False,
) -> PilotOutcome:
    """Record the decision with the numbers as they are now. Later ones are added beside it.

    `goes_on_although`: the person knows that they go against a stop rule.

    Raises:
        OutcomeInvalid: no decision, no reason for it, or unknowingly against a stop rule.
    """
    reason = reason.replace("\r\n", "\n").replace("\x00", "").strip()
    messages = {}
    if decision not in PilotDecision.values:
        messages["decision"] = _("Choose what becomes of the pilot.")
    if not reason:
        messages["reason"] = _("Give the reason; it stands beside the numbers for good.")
    elif len(reason) > REASON_LIMIT:
        messages["reason"] = _("Shorten the reason to %s characters.") % f"{REASON_LIMIT:,}"
    if stopped_by and decision != PilotDecision.STOP and not goes_on_although:
        messages["goes_on_although"] = _(
            "The charter says to stop when this comes true. Choose to stop, or confirm here that "
            "the pilot goes on all the same and say why in the reason."
        )
    if messages:
        raise OutcomeInvalid(messages)
    values = measured(charter, today)
    outcome = outcome_of(charter, values, stopped_by, today)
    made = PilotOutcome.objects.create(
        charter=charter,
        decision=decision,
        proposed=outcome.proposed.value,
        reason=reason,
        numbers=_numbers(outcome, values, stopped_by),
        decided_by=user,
        decider_name=str(user)[:254],
    )
    record(
        organization=charter.organization,
        actor=user,
        verb="pilot.decided",
        target=charter,
        detail={
            "decision": decision,
            "proposed": outcome.proposed.value,
            **({"stop_rules": list(stopped_by)} if stopped_by else {}),
        },
    )
    return made


def _readings(values: Metrics | None) -> Mapping[str, Reading]:
    if values is None:
        return {}
    return {
        code: Reading(values[metric].value, values[metric].n, values[metric].interval)
        for code, metric in METRIC_OF.items()
    }


def _numbers(
    outcome: Outcome, values: Metrics | None, stopped_by: Sequence[str]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "metric": one.criterion.metric,
            "title": one.criterion.title,
            "text": one.criterion.text,
            "baseline": one.criterion.baseline,
            "target": one.criterion.target,
            "aim": one.criterion.aim,
            "by": one.criterion.by,
            "told": one.told.value,
            "is_certain": one.is_certain,
            "reading": asdict(one.reading) if one.reading else None,
            "from": (values.since or values.first).isoformat() if values else None,
            "until": values.last.isoformat() if values else None,
        }
        for one in outcome.checked
    ]
    return [*rows, *({"stop_rule": rule} for rule in stopped_by)]
