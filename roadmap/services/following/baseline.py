"""Which dates count as agreed when a roadmap is planned again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from roadmap.models import PlannedInitiative, Roadmap

REASON_LIMIT = 300


class BaselineInvalid(ValueError):
    """The dates agreed earlier were to be given up without a word why."""


def baseline_choose(*, before: Roadmap, after: Roadmap, reason: str | None) -> None:
    """Call it in the transaction that makes the new roadmap, whose own dates are its baseline.

    Without a reason the dates agreed earlier stay, by id; what is new keeps its own. With one the
    new dates are agreed instead, and the reason stands beside them.

    Raises:
        BaselineInvalid: the reason is empty.
    """
    if reason is None:
        _keep(before, after)
        return
    reason = reason.strip()[:REASON_LIMIT]
    if not reason:
        raise BaselineInvalid(_("Say in a sentence why the dates agreed earlier no longer count."))
    after.baseline_note = reason
    after.save(update_fields=["baseline_note"])


def _keep(before: Roadmap, after: Roadmap) -> None:
    columns = ("initiative_id", "baseline_start_on", "baseline_finish_on", "start_on", "finish_on")
    agreed = {row.initiative_id: row for row in before.initiatives.only("roadmap_id", *columns)}
    kept = []
    for row in after.initiatives.only("roadmap_id", *columns):
        earlier = agreed.get(row.initiative_id)
        if earlier is not None:
            row.baseline_start_on = earlier.baseline_start_on or earlier.start_on
            row.baseline_finish_on = earlier.baseline_finish_on or earlier.finish_on
            kept.append(row)
    PlannedInitiative.objects.bulk_update(kept, ["baseline_start_on", "baseline_finish_on"])
    after.baseline_of = before.baseline_of or before
    after.save(update_fields=["baseline_of"])
