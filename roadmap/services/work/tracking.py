"""What people report on initiatives, saved so that nobody's newer report is overwritten unseen.

Every report adds an entry to the initiative's log and to the audit, asks for a new forecast of the
rest, and tells whom it concerns.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from roadmap.enums import EntryKind, InitiativeStatus
from roadmap.models import GateState, PlannedInitiative, ProgressEntry, Roadmap, StartOverride
from roadmap.services.gates.telling import tell_started_before
from roadmap.services.present import hold
from roadmap.services.work.obstacles import (
    limit_title,
    limits_of,
    limits_set,
    obstacles_of,
    taken_back,
)
from roadmap.services.work.refusals import (
    KEEP,
    Hurdle,
    NeedsReason,
    Obstacle,
    ProgressInvalid,
    Report,
    StaleInitiative,
)
from roadmap.services.work.rules import (
    EARLIEST,
    NOTE_LIMIT,
    REASON_LIMIT,
    Standing,
    after_report,
    clean_text,
    organization_today,
    standing_of,
    too_long,
)
from roadmap.services.work.telling import tell_report

EARLIEST_FINISH = EARLIEST

__all__ = [
    "EARLIEST_FINISH",
    "KEEP",
    "NOTE_LIMIT",
    "Hurdle",
    "NeedsReason",
    "Obstacle",
    "ProgressInvalid",
    "Report",
    "StaleInitiative",
    "initiative_report",
    "initiative_update",
    "limit_title",
    "limits_of",
    "limits_set",
    "organization_today",
    "store_progress",
]


def initiative_report(
    *,
    initiative: PlannedInitiative,
    user: User | None,
    version: int,
    report: Report,
    reasons: Mapping[str, str] | None = None,
    may_override: bool = False,
) -> PlannedInitiative:
    """Save what was reported, given the `version` the person saw.

    A start behind a closed gate, before its predecessors or past a limit asks for a reason for
    each of these (`reasons`: kind → words); behind a gate only with `may_override`. Saving the
    same again is fine and changes nothing.

    Raises:
        ProgressInvalid: something cannot be saved as it is, or it is the review of a gate that
            is still closed or would be dropped.
        StaleInitiative: something else was reported in the meantime.
        NeedsReason: a start meets obstacles for which no reason was given, or a move to “not
            started” takes away percent and days that were reported.
    """
    given = {kind: clean_text(words) for kind, words in (reasons or {}).items()}
    return _save(initiative, user, version, report, given, may_override, asks=True)


def initiative_update(
    *,
    initiative: PlannedInitiative,
    user: User | None,
    status: str,
    finished_on: date | None,
    note: str,
    version: int,
) -> PlannedInitiative:
    """Save status, finish and note as they were, told afterwards: no start asks for reasons.

    Only the demo and tests tell work this way. No page may: it would start work behind a closed
    gate without a word (`initiative_report`).

    Raises:
        ProgressInvalid, StaleInitiative: as for a report.
    """
    report = Report(status=status, finished_on=finished_on, note=note)
    return _save(initiative, user, version, report, {}, False, asks=False)


def store_progress(
    initiative: PlannedInitiative,
    user: User | None,
    status: str,
    finished_on: date | None,
    note: str,
) -> PlannedInitiative:
    """Write progress that follows from something else; call it inside the transaction that holds
    the row. It asks for no reasons: only a gate uses it, for its own review, which is done with
    the opening and taken up again with the closing.
    """
    report = Report(status=status, finished_on=finished_on, note=note)
    today = organization_today(initiative.roadmap.organization)
    before = standing_of(initiative)
    after = after_report(initiative, report, today, _percent_before_done(initiative))
    return _write(initiative, user, before, after, report)


def _save(
    initiative: PlannedInitiative,
    user: User | None,
    version: int,
    report: Report,
    reasons: Mapping[str, str],
    may_override: bool,
    *,
    asks: bool,
) -> PlannedInitiative:
    organization = initiative.roadmap.organization
    today = organization_today(organization)
    with transaction.atomic():
        # Held first and always: two starts at once must not both take the last free place.
        roadmap = hold(initiative.roadmap_id, initiative)
        roadmap.organization = organization
        rows = PlannedInitiative.objects.select_for_update(of=("self",))
        current = rows.select_related("updated_by").get(pk=initiative.pk)
        current.roadmap = roadmap
        before = standing_of(current)
        after = after_report(current, report, today, _percent_before_done(current))
        if before == after and not report.spent_days:
            return current
        if current.version != version:
            if _is_sent_twice(current, user, version, report, before == after):
                return current
            raise StaleInitiative(current)
        if after.status == InitiativeStatus.DONE:
            _require_open_gate(current)
        elif after.status == InitiativeStatus.DROPPED:
            _refuse_dropping_a_review(current)
        if asks and after.status != before.status:
            _require_words(reasons, taken_back(before, after, today))
            _overcome(current, user, after.status, reasons, may_override)
        return _write(current, user, before, after, report, reasons.get(Hurdle.BACK, ""))


def _write(
    current: PlannedInitiative,
    user: User | None,
    before: Standing,
    after: Standing,
    report: Report,
    why_back: str = "",
) -> PlannedInitiative:
    changed = [name for name in vars(before) if getattr(before, name) != getattr(after, name)]
    for name in changed:
        setattr(current, name, getattr(after, name))
    if changed == ["position"]:
        # The order of cards is no news: it is not logged and leaves what others type valid.
        current.save(update_fields=["position"])
        return current
    now = timezone.now()
    if "blocked_because" in changed:
        was = current.blocked_at if before.blocked_because else None
        current.blocked_at = (was or now) if after.blocked_because else None
    current.version += 1
    current.updated_by, current.updated_at = user, now
    current.save(
        update_fields=[*changed, "blocked_at", "version", "updated_by", "updated_at"],
    )
    told = [name for name in changed if name != "position"]
    back = why_back if after.status == InitiativeStatus.NOT_STARTED != before.status else ""
    _log(current, user, before, after, told, report, back)
    _record(current, user, before, after, told, report, back)
    _ask_for_forecast(current.roadmap, user)
    tell_report(current, user, before, after)
    return current


def _log(
    current: PlannedInitiative,
    user: User | None,
    before: Standing,
    after: Standing,
    told: list[str],
    report: Report,
    why_back: str,
) -> None:
    fields = [name for name in told if name != "note"]
    ProgressEntry.objects.create(
        initiative=current,
        kind=_kind(before, after),
        before={name: _plain(getattr(before, name)) for name in fields},
        after={name: _plain(getattr(after, name)) for name in fields},
        spent_days=report.spent_days,
        note="\n".join(filter(None, (why_back, after.note if "note" in told else ""))),
        made_by=user,
    )


def _kind(before: Standing, after: Standing) -> EntryKind:
    """What the entry is about first of all; its fields say the rest."""
    if before.status != after.status:
        return EntryKind.STATUS
    if before.blocked_because != after.blocked_because:
        return EntryKind.BLOCKED if after.blocked_because else EntryKind.UNBLOCKED
    return EntryKind.OWNER if before.owner_id != after.owner_id else EntryKind.PROGRESS


def _record(
    current: PlannedInitiative,
    user: User | None,
    before: Standing,
    after: Standing,
    told: list[str],
    report: Report,
    why_back: str,
) -> None:
    detail: dict[str, Any] = {"roadmap": current.roadmap_id, "version": current.version}
    people = {"owner_id": "owner", "waits_for_id": "waits_for"}
    for name in told:
        if name == "finished_on":
            if after.finished_on:
                detail[name] = after.finished_on.isoformat()
        elif name in people:
            detail[people[name]] = str(getattr(current, people[name]) or "")
        elif name == "blocked_because":
            detail["blocked"] = bool(after.blocked_because)
        elif name != "note":
            detail[name] = [_plain(getattr(before, name)), _plain(getattr(after, name))]
    if report.spent_days:
        detail["spent_days"] = report.spent_days
    if why_back:
        detail["reason"] = why_back
    record(
        organization=current.roadmap.organization,
        actor=user,
        verb="initiative.updated",
        target=current,
        detail=detail,
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _percent_before_done(initiative: PlannedInitiative) -> int:
    if initiative.status != InitiativeStatus.DONE:
        return initiative.percent
    finishing = initiative.entries.filter(kind=EntryKind.STATUS).first()
    return int(finishing.before.get("percent", 0)) if finishing else 0


def _is_sent_twice(
    current: PlannedInitiative, user: User | None, version: int, report: Report, is_same: bool
) -> bool:
    """The same person's own report again, as by a second press of the button."""
    if not is_same or user is None or current.version != version + 1:
        return False
    newest = current.entries.first()
    return (
        newest is not None
        and newest.made_by_id == user.pk
        and newest.spent_days == report.spent_days
    )


def _overcome(
    current: PlannedInitiative,
    user: User | None,
    status: str,
    reasons: Mapping[str, str],
    may_override: bool,
) -> None:
    """Go past what stands in the way, with a word for each kind of it; and keep the words."""
    obstacles, gates = obstacles_of(current, status, may_override=may_override)
    _require_words(reasons, obstacles)
    for obstacle in obstacles:
        if obstacle.kind == Hurdle.GATE:
            _override(current, user, gates[obstacle.about], reasons[obstacle.kind])
    if obstacles:
        kinds = dict.fromkeys(obstacle.kind for obstacle in obstacles)
        ProgressEntry.objects.create(
            initiative=current,
            kind=EntryKind.OVERRIDE,
            after={"obstacles": [[o.kind, o.about, o.text] for o in obstacles]},
            note="\n".join(dict.fromkeys(reasons[kind] for kind in kinds)),
            made_by=user,
        )
        _record_reasons(current, user, obstacles, reasons)


def _require_words(reasons: Mapping[str, str], obstacles: list[Obstacle]) -> None:
    long = {
        f"reason_{k}": too_long(words) for k, words in reasons.items() if len(words) > REASON_LIMIT
    }
    if long:
        raise ProgressInvalid(long)
    if any(obstacle.is_for_editors or not reasons.get(obstacle.kind) for obstacle in obstacles):
        raise NeedsReason(obstacles)


def _override(current: PlannedInitiative, user: User | None, gate: GateState, reason: str) -> None:
    StartOverride.objects.create(initiative=current, gate=gate, reason=reason, made_by=user)
    gate.roadmap = current.roadmap
    tell_started_before(gate, user, current.title, reason)


def _record_reasons(
    current: PlannedInitiative,
    user: User | None,
    obstacles: list[Obstacle],
    reasons: Mapping[str, str],
) -> None:
    is_override = any(obstacle.kind == Hurdle.GATE for obstacle in obstacles)
    record(
        organization=current.roadmap.organization,
        actor=user,
        verb="initiative.overridden" if is_override else "initiative.started_early",
        target=current,
        detail={
            "roadmap": current.roadmap_id,
            **{
                o.kind: ", ".join(p.about for p in obstacles if p.kind == o.kind) for o in obstacles
            },
            "reason": "\n".join(dict.fromkeys(reasons[o.kind] for o in obstacles)),
        },
    )


def _ask_for_forecast(roadmap: Roadmap, user: User | None) -> None:
    from roadmap.enums import ForecastCause
    from roadmap.services.following.asking import forecast_ask

    forecast_ask(roadmap=roadmap, cause=ForecastCause.CHANGE, user=user)


def _require_open_gate(initiative: PlannedInitiative) -> None:
    """A review is done by opening its gate, which asks for the checklist and for an editor;
    otherwise what waits for the gate could begin behind its back.
    """
    if initiative.kind != "review" or initiative.is_done:
        return
    closed = GateState.objects.filter(
        roadmap=initiative.roadmap_id, review=initiative.initiative_id, is_open=False
    ).first()
    if closed is not None:
        message = _("This review is done when gate %(gate)s is opened: open it on its own page.")
        raise ProgressInvalid({"status": message % {"gate": closed.gate_id}})


def _refuse_dropping_a_review(initiative: PlannedInitiative) -> None:
    """Without its review a gate would guard nothing."""
    if initiative.kind == "review":
        message = _("The review of a gate cannot be dropped: it guards what comes after it.")
        raise ProgressInvalid({"status": message})
