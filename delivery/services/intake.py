"""Working off what tools have sent: each event once, none stopping the rest."""

from __future__ import annotations

import json
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from delivery.domain.payloads.readers import read_event
from delivery.domain.payloads.reading import Closing, Context, Ignored, Malformed, Said
from delivery.domain.records import IncidentRecord, Record
from delivery.enums import EventState, Origin, SourceKind
from delivery.intake.turns import in_turn
from delivery.models import InboundEvent, Incident, RefusalCount, Source, System
from delivery.services.records import store

log = logging.getLogger(__name__)

# Small, for on SQLite the door waits while a batch is written.
BATCH = 100
SECONDS_AT_ONCE = 20.0
REASON_LENGTH = 300
BODIES_KEPT = timedelta(days=30)
EVENTS_KEPT = timedelta(days=400)


@dataclass
class Outcome:
    """What is to become of one event."""

    event: InboundEvent
    state: str
    reason: str = ""
    told: Sequence[tuple[System, Record | Closing]] = ()
    made: Sequence[tuple[str, int]] = ()


def events_work_off(*, batch: int = BATCH, seconds: float = SECONDS_AT_ONCE) -> int:
    """Work off what waits, oldest first; how many. Twice or by two workers changes nothing."""
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        worked = _work_batch(batch)
        done += worked
        if not worked:
            break
    return done


def _work_batch(batch: int) -> int:
    """Read outside of the transaction, so that the door is held up for the writing only."""
    waiting = InboundEvent.objects.filter(state=EventState.WAITING)
    events = list(
        waiting.order_by("pk").select_related("source__system", "source__organization")[:batch]
    )
    if not events:
        return 0
    outcomes = _read_all(events)
    with in_turn(), transaction.atomic():
        # SQLite has one writer at a time; elsewhere another worker's events are passed over.
        mine = waiting.filter(pk__in=[event.pk for event in events]).select_for_update(
            skip_locked=True
        )
        claimed = set(mine.values_list("pk", flat=True))
        outcomes = [outcome for outcome in outcomes if outcome.event.pk in claimed]
        _store_all(outcomes)
        _save(outcomes)
        _wake_closings(outcomes)
    return len(outcomes)


def _save(outcomes: Sequence[Outcome]) -> None:
    """In one go: `bulk_update` would take longer than all the storing (measured)."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    sql = (
        f'UPDATE "{InboundEvent._meta.db_table}" SET state = %s, reason = %s, made = %s, '
        "worked_at = %s, attempts = %s WHERE id = %s"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, [_row(outcome, now) for outcome in outcomes])


def _row(outcome: Outcome, now: Any) -> tuple[Any, ...]:
    event = outcome.event
    reason = outcome.reason.replace("\x00", "")[:REASON_LENGTH]
    made = json.dumps([list(pair) for pair in outcome.made])
    return (str(outcome.state), reason, made, now, min(event.attempts + 1, 30_000), event.pk)


# Reading


def _read_all(events: Sequence[InboundEvent]) -> list[Outcome]:
    organizations = {event.source.organization.pk for event in events}
    systems: dict[int, dict[str, System]] = defaultdict(dict)
    for system in System.objects.filter(organization__in=organizations).select_related(
        "organization"
    ):
        systems[system.organization.pk][system.key.casefold()] = system
    return [_read(event, systems[event.source.organization.pk]) for event in events]


def _read(event: InboundEvent, systems: dict[str, System]) -> Outcome:
    source = event.source
    context = Context(
        event_kind=event.event_kind,
        received_at=event.received_at,
        production=frozenset(str(name).casefold() for name in source.production),
    )
    try:
        said = read_event(source.kind, event.body, context)
        return Outcome(event, EventState.TAKEN, told=_placed(source, systems, said))
    except Ignored as reason:
        return Outcome(event, EventState.IGNORED, str(reason))
    except Malformed as reason:
        return Outcome(event, EventState.REJECTED, str(reason))
    except Exception:
        # Without the body, which may hold what no log should.
        log.exception("Event %s of source %s could not be read.", event.pk, source.pk)
        return Outcome(event, EventState.REJECTED, _failed())


def _failed() -> str:
    return _("Waymark failed to read this. Try again; if it fails again, tell who runs the server.")


def _placed(
    source: Source, systems: dict[str, System], said: Sequence[Said]
) -> list[tuple[System, Record | Closing]]:
    return [(system_for(source, systems, each.project), each.what) for each in said]


def system_for(source: Source, systems: dict[str, System], project: str) -> System:
    """The system that a tool means by a name. `systems`: key in lower case → system.

    Raises:
        Malformed: no system is named for it, or that is no longer watched.
    """
    name = project.strip().casefold()
    named = {
        str(key).strip().casefold(): str(value).casefold() for key, value in source.systems.items()
    }
    system = systems.get(named.get(name, "")) if name else None
    if system is None and name and source.kind == "own":
        system = systems.get(name)
        if system is None:
            raise Malformed(_no_system(project))
    system = system or source.system
    if system is None:
        raise Malformed(_no_system(project))
    if system.ended_at is not None:
        raise Malformed(_("The system “%s” is no longer watched.") % system.name)
    return system


def _no_system(project: str) -> str:
    if not project:
        return _("It names no project, and this source has no system of its own.")
    return _("No system is named for “%s”.") % project[:150]


# Storing


def _store_all(outcomes: Sequence[Outcome]) -> None:
    """All together, which is quick; each by itself where that fails: one spoils no other."""
    wanted = [outcome for outcome in outcomes if outcome.state == EventState.TAKEN]
    for source in {outcome.event.source for outcome in wanted}:
        group = [outcome for outcome in wanted if outcome.event.source == source]
        try:
            with transaction.atomic():
                _store(source, group)
        except OperationalError:
            raise  # the database itself: nothing is done, all is tried again
        except Exception:
            for outcome in group:
                _store_one(source, outcome)


def _store_one(source: Source, outcome: Outcome) -> None:
    try:
        with transaction.atomic():
            _store(source, [outcome])
    except Malformed as reason:
        outcome.state, outcome.reason, outcome.made = EventState.REJECTED, str(reason), ()
    except OperationalError:
        raise
    except Exception:
        log.exception("Event %s of source %s was not stored.", outcome.event.pk, source.pk)
        outcome.state, outcome.reason, outcome.made = EventState.REJECTED, _failed(), ()


def _store(source: Source, outcomes: Sequence[Outcome]) -> None:
    by_system: dict[System, list[tuple[Outcome, Record]]] = defaultdict(list)
    for outcome in outcomes:
        outcome.made = []
        for system, what in outcome.told:
            if isinstance(what, Closing):
                what = _closed(system, what, by_system[system])
            # What no one dates was said when it arrived, not when the worker came to it.
            if what.told_at is None:
                what = replace(what, told_at=outcome.event.received_at)
            by_system[system].append((outcome, what))
    for system in sorted(by_system, key=lambda system: system.pk):
        pairs = by_system[system]
        stored = store(
            system, [what for _outcome, what in pairs], origin=Origin.WEBHOOK, source=source
        )
        for (outcome, _what), row in zip(pairs, stored.rows, strict=True):
            outcome.made = [*outcome.made, (row._meta.model_name, row.pk)]


def _closed(
    system: System, closing: Closing, before: Iterable[tuple[Outcome, Record]]
) -> IncidentRecord:
    """The incident with its end: told in the same batch, or known."""
    opened: datetime | None = None
    for _outcome, what in before:
        if isinstance(what, IncidentRecord) and what.external_id == closing.external_id:
            opened = what.opened_at
    if opened is None:
        known = Incident.objects.filter(system=system, external_id=closing.external_id).first()
        opened = known.opened_at if known else None
    if opened is None:
        raise Malformed(_not_known(closing.external_id))
    if opened > closing.resolved_at:
        raise Malformed(_("The incident would end before it began."))
    return IncidentRecord(closing.external_id, opened, closing.resolved_at, told_at=closing.told_at)


def _not_known(external_id: str) -> str:
    return _("No incident “%s” is known to close.") % external_id[:100]


def _wake_closings(outcomes: Sequence[Outcome]) -> None:
    """Ends that came before their incidents are tried again once these are told.

    Only an incident wakes them, never another end: none wakes itself.
    """
    opened: dict[int, set[str]] = defaultdict(set)
    for outcome in outcomes:
        source = outcome.event.source
        if source.kind == SourceKind.DEVLAKE and outcome.state == EventState.TAKEN:
            opened[source.pk] |= {
                _not_known(what.external_id)
                for _system, what in outcome.told
                if isinstance(what, IncidentRecord)
            }
    since = timezone.now() - BODIES_KEPT
    for pk, reasons in opened.items():
        if reasons:
            rejected = InboundEvent.objects.filter(source=pk, state=EventState.REJECTED)
            rejected.filter(received_at__gte=since, reason__in=reasons).exclude(body="").update(
                state=EventState.WAITING, reason=""
            )


# Afterwards


@transaction.atomic
def events_rework(*, source: Source, user: User | None, events: Sequence[int] = ()) -> int:
    """Have rejected events of a source (or some of them) worked off again; how many."""
    rejected = InboundEvent.objects.filter(source=source, state=EventState.REJECTED).exclude(
        body=""
    )
    if events:
        rejected = rejected.filter(pk__in=events)
    count = rejected.update(state=EventState.WAITING, reason="")
    if count:
        record(
            organization=source.organization,
            actor=user,
            verb="source.reworked",
            target=source,
            detail={"events": count},
        )
        transaction.on_commit(send_hint)
    return count


def send_hint() -> None:
    """Tell a worker that somebody waits. No broker, no harm: the sweep comes round."""
    from delivery.tasks import work_off

    try:
        work_off.apply_async(retry=False)
    except Exception:
        log.warning("No worker could be told of waiting events; the sweep will find them.")


def events_prune() -> int:
    """Forget the bodies of old events, and very old events; how many were touched.

    That an event came is kept for longer than its body: so that it is known when it comes again.
    """
    now = timezone.now()
    old = InboundEvent.objects.filter(received_at__lt=now - BODIES_KEPT).exclude(body="")
    emptied = old.exclude(state=EventState.WAITING).update(body="")
    gone, _details = InboundEvent.objects.filter(received_at__lt=now - EVENTS_KEPT).delete()
    RefusalCount.objects.filter(hour__lt=now - EVENTS_KEPT).delete()
    return emptied + gone


def made_rows(event: InboundEvent) -> list[tuple[str, Any]]:
    return [(str(model), pk) for model, pk in event.made]
