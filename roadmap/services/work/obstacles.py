"""What stands in the way of a start, in words; and the limits people agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import record
from accounts.models import User
from roadmap.domain.progress import Status
from roadmap.domain.tracking.moves import ALL, PHASE, ROLE, Full, InTheWay, Item, in_the_way
from roadmap.models import GateState, PlannedInitiative, Roadmap
from roadmap.services.present import hold
from roadmap.services.work.refusals import Hurdle, Obstacle, ProgressInvalid
from roadmap.services.work.rules import Standing

MOST = 999


def items_of(rows: Iterable[PlannedInitiative]) -> list[Item]:
    return [
        Item(
            id=row.initiative_id,
            status=Status(row.status),
            phase=row.phase,
            roles=tuple(row.roles),
            predecessors=tuple(row.predecessors),
        )
        for row in rows
    ]


def obstacles_of(
    initiative: PlannedInitiative, after: str, *, may_override: bool
) -> tuple[list[Obstacle], dict[str, GateState]]:
    """What a move to the status meets, and the closed gates by id: two queries."""
    rows = PlannedInitiative.objects.filter(roadmap=initiative.roadmap_id).only(
        "initiative_id", "title", "status", "phase", "roles", "predecessors", "rank"
    )
    titles = {row.initiative_id: row.title for row in rows}
    gates = {
        gate.gate_id: gate
        for gate in GateState.objects.filter(roadmap=initiative.roadmap_id, is_open=False)
    }
    found = in_the_way(
        initiative.initiative_id,
        Status(after),
        items_of(rows),
        {gate.review: gate.gate_id for gate in gates.values()},
        limits_of(initiative.roadmap),
    )
    return _in_words(found, titles, gates, initiative.roadmap, may_override), gates


def taken_back(before: Standing, after: Standing, today: date) -> list[Obstacle]:
    """What a move to “not started” takes away. What was begun today by a slip of the hand, and
    of which nothing more was said, goes back unasked.
    """
    if after.status != Status.NOT_STARTED or before.status == Status.NOT_STARTED:
        return []
    lost = []
    if before.percent:
        lost.append(_("%(n)s%% done") % {"n": before.percent})
    if before.started_on and (lost or before.started_on < today or before.finished_on):
        lost.append(_("started on %s") % date_format(before.started_on, "DATE_FORMAT"))
    if before.finished_on:
        lost.append(_("finished on %s") % date_format(before.finished_on, "DATE_FORMAT"))
    if not lost:
        return []
    words = _("“Not started” takes away what was reported: %s. Only the log will still say it.")
    return [Obstacle(Hurdle.BACK, words % ", ".join(lost), "")]


def _in_words(
    found: InTheWay,
    titles: Mapping[str, str],
    gates: Mapping[str, GateState],
    roadmap: Roadmap,
    may_override: bool,
) -> list[Obstacle]:
    behind = _("It lies behind gate %(gate)s, “%(title)s”, which is closed.")
    waits = _("It builds on “%(title)s”, which is not finished.")
    return [
        *(
            Obstacle(
                Hurdle.GATE,
                behind % {"gate": gate, "title": gates[gate].title},
                gate,
                is_for_editors=not may_override,
            )
            for gate in found.gates
        ),
        *(
            Obstacle(Hurdle.PREDECESSOR, waits % {"title": titles.get(before, before)}, before)
            for before in found.predecessors
        ),
        *(Obstacle(Hurdle.LIMIT, _full_words(full, roadmap), full.key) for full in found.limits),
    ]


def _full_words(full: Full, roadmap: Roadmap) -> str:
    words = ngettext(
        "%(where)s: %(n)s initiative is in progress, and %(limit)s is the limit.",
        "%(where)s: %(n)s initiatives are in progress, and %(limit)s is the limit.",
        full.under_way,
    )
    where = limit_title(roadmap, full.key)
    return words % {"where": where, "n": full.under_way, "limit": full.limit}


def limit_title(roadmap: Roadmap, key: str) -> str:
    """What a limit is about, for a reader. Reads the plan's document for roles and phases."""
    if key == ALL:
        return _("All work")
    return _places(roadmap).get(key, key)


def limits_of(roadmap: Roadmap) -> dict[str, int]:
    """The limits agreed, by key; whatever else the column holds is left out."""
    return {
        key: limit
        for key, limit in roadmap.limits.items()
        if isinstance(limit, int) and not isinstance(limit, bool) and 1 <= limit <= MOST
    }


def limits_set(
    roadmap: Roadmap, user: User | None, limits: Mapping[str, int | None]
) -> dict[str, int]:
    """Agree on limits, all at once: a key not named, or named with none, has no limit.

    Raises:
        ProgressInvalid: keyed by the limit that cannot be.
    """
    known = {ALL, *_places(roadmap)}
    wanted = {key: limit for key, limit in limits.items() if limit is not None}
    messages = {}
    for key, limit in wanted.items():
        if key not in known:
            messages[key] = _("This roadmap has no such role or phase.")
        elif isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST:
            messages[key] = _("Give a whole number from 1 to 999, or leave it empty for no limit.")
    if messages:
        raise ProgressInvalid(messages)
    with transaction.atomic():
        current = hold(roadmap.pk)
        before = limits_of(current)
        if before != wanted:
            current.limits = wanted
            current.save(update_fields=["limits"])
            changed = {k for k in {*before, *wanted} if before.get(k) != wanted.get(k)}
            record(
                organization=roadmap.organization,
                actor=user,
                verb="roadmap.limits_changed",
                target=roadmap,
                detail={key: [before.get(key), wanted.get(key)] for key in sorted(changed)},
            )
    roadmap.limits = dict(wanted)
    return dict(wanted)


def _places(roadmap: Roadmap) -> dict[str, str]:
    phases = {f"{PHASE}{phase['id']}": phase["title"] for phase in roadmap.plan["phases"]}
    return phases | {
        f"{ROLE}{part['role']}": part["title"] for part in roadmap.plan.get("capacity", [])
    }
