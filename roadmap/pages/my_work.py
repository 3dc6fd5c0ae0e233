"""What "My work" shows: what waits for a person and what is theirs, in a few queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce

from accounts.tenancy import Access
from assessments.waiting import answered_count, my_assignments
from assessments.waiting import waiting_count as questions_count
from inbox.models import Notice
from roadmap.domain.tracking.due import due_day, is_soon
from roadmap.enums import InitiativeStatus
from roadmap.models import GateState, PlannedInitiative, Roadmap
from roadmap.services.gates.reading import asked_of
from roadmap.services.work.people import People, people_of
from roadmap.services.work.telling import MENTIONED
from roadmap.services.work.tracking import organization_today

SHORT = (
    *("roadmap_id", "initiative_id", "title", "kind", "rank", "start_on", "finish_on"),
    *("predecessors", "status", "finished_on", "owner", "percent", "remaining_days"),
    *("expected_on", "blocked_because", "waits_for", "version", "baseline_finish_on"),
)
OPEN = (InitiativeStatus.NOT_STARTED, InitiativeStatus.IN_PROGRESS)
TO_TAKE, MENTIONS, FINISHED = 8, 20, 8
RECENT = timedelta(days=14)


@dataclass(frozen=True)
class Row:
    """One initiative. `days`: until it is due; below 0: overdue. `days_past_agreed`: since the day
    first agreed, of work that a newer plan has given a later one; else 0.
    """

    item: PlannedInitiative
    due: date
    days: int
    is_ready: bool
    owner: str = ""
    days_past_agreed: int = 0

    @property
    def is_overdue(self) -> bool:
        return self.days < 0

    @property
    def days_over(self) -> int:
        return -self.days


@dataclass(frozen=True)
class MyWork:
    """`roadmap` None: nothing is planned yet. An initiative stands in one place only."""

    roadmap: Roadmap | None
    blocked_on_me: tuple[Row, ...] = ()
    gates: tuple[GateState, ...] = ()
    mentions: tuple[Notice, ...] = ()
    # Assignments of questions, and how many of them have every question answered.
    questions: int = 0
    answered: int = 0
    overdue: tuple[Row, ...] = ()
    due: tuple[Row, ...] = ()
    blocked: tuple[Row, ...] = ()
    running: tuple[Row, ...] = ()
    later: tuple[Row, ...] = ()
    to_take: tuple[Row, ...] = ()
    more_to_take: int = 0
    finished: tuple[PlannedInitiative, ...] = ()

    @property
    def waits(self) -> int:
        waiting = (self.blocked_on_me, self.gates, self.mentions)
        return sum(len(part) for part in waiting) + bool(self.questions)

    @property
    def unanswered(self) -> int:
        return self.questions - self.answered

    @property
    def all_overdue(self) -> int:
        """Whether or not something is in its way."""
        return len(self.overdue) + sum(row.is_overdue for row in self.blocked)

    @property
    def mine(self) -> int:
        parts = (self.overdue, self.due, self.blocked, self.running, self.later)
        return sum(len(part) for part in parts)


def current_roadmap(access: Access) -> Roadmap | None:
    """The one people work by; plans of before are history."""
    rows = access.scope(Roadmap).only("name", "organization_id", "created_at", "limits")
    return rows.first()


def my_work(access: Access, today: date) -> MyWork:
    """Nine queries, however much there is; two more where questions are assigned."""
    questions = questions_count(access)
    asked = {"questions": questions, "answered": answered_count(access) if questions else 0}
    notices = access.scope(Notice).filter(person=access.user, kind=MENTIONED, read_at=None)
    mentions = tuple(notices[:MENTIONS])
    roadmap = current_roadmap(access)
    if roadmap is None:
        return MyWork(None, mentions=mentions, **asked)
    items = list(roadmap.initiatives.only(*SHORT).select_related(None).order_by("rank"))
    people = people_of(access.organization)
    open_ids = {item.initiative_id for item in items if item.is_open}
    rows = [_row(item, open_ids, people, today) for item in items if item.is_open]
    rows.sort(key=lambda row: (row.due, row.item.rank))
    mine = [row for row in rows if row.item.owner_id == access.user.pk]
    to_take = _to_take(rows, people)
    return MyWork(
        roadmap=roadmap,
        blocked_on_me=tuple(
            row
            for row in rows
            if row.item.waits_for_id == access.user.pk and row.item.blocked_because
        ),
        gates=asked_of(roadmap, access.user),
        mentions=mentions,
        **asked,
        **_places(mine, today),
        to_take=to_take[:TO_TAKE],
        more_to_take=max(0, len(to_take) - TO_TAKE),
        finished=_finished(items, access.user.pk, today),
    )


def waiting_count(access: Access) -> int:
    """What waits, except gates (the bell tells of those), and what is overdue: one query.

    Each assignment of questions, each initiative blocked on this person, each overdue one of
    theirs, each unread mention.
    """
    if not access.can_track:
        return 0
    newest = access.scope(Roadmap).order_by("-created_at", "-pk").values("pk")[:1]
    is_overdue = Q(owner=access.user, due__lt=organization_today(access.organization))
    waits_for_me = Q(waits_for=access.user) & ~Q(blocked_because="")
    initiatives = PlannedInitiative.objects.alias(due=Coalesce("expected_on", "finish_on")).filter(
        is_overdue | waits_for_me, roadmap=Subquery(newest), status__in=OPEN
    )
    questions = my_assignments(access).filter(done_at=None)
    mentions = access.scope(Notice).filter(person=access.user, kind=MENTIONED, read_at=None)
    parts = [part.order_by().values("pk") for part in (questions, mentions)]
    rows = initiatives.order_by().values("pk").union(*parts, all=True)
    return rows.count()


def _row(item: PlannedInitiative, open_ids: set[str], people: People, today: date) -> Row:
    due = due_day(item.finish_on, item.expected_on)
    owner = people.by_pk.get(item.owner_id) if item.owner_id else None
    return Row(
        item=item,
        due=due,
        days=(due - today).days,
        is_ready=open_ids.isdisjoint(item.predecessors),
        owner=str(owner or ""),
        days_past_agreed=_past_agreed(item, due, today),
    )


def _past_agreed(item: PlannedInitiative, due: date, today: date) -> int:
    """Planning again gives late work another day; that it is late stays to be seen."""
    agreed = item.baseline_finish_on
    if agreed is None or agreed >= item.finish_on or due < today:
        return 0
    return max(0, (today - agreed).days)


def _places(mine: Sequence[Row], today: date) -> dict[str, tuple[Row, ...]]:
    """Blocked before overdue before due: what one can do nothing about stands apart."""
    places: dict[str, list[Row]] = {
        name: [] for name in ("blocked", "overdue", "due", "running", "later")
    }
    for row in mine:
        if row.item.blocked_because:
            place = "blocked"
        elif row.is_overdue:
            place = "overdue"
        elif is_soon(row.due, today):
            place = "due"
        elif row.item.status == InitiativeStatus.IN_PROGRESS:
            place = "running"
        else:
            place = "later"
        places[place].append(row)
    return {name: tuple(rows) for name, rows in places.items()}


def _to_take(rows: Iterable[Row], people: People) -> tuple[Row, ...]:
    """What is nobody's and under way or ready to start; reviews are held by whoever asks."""
    found = [
        row
        for row in rows
        if not people.may_work(row.item.owner_id)
        and row.item.kind != "review"
        and (row.is_ready or row.item.status == InitiativeStatus.IN_PROGRESS)
    ]
    found.sort(key=lambda row: (row.item.start_on, row.item.rank))
    return tuple(found)


def _finished(
    items: Iterable[PlannedInitiative], me: int, today: date
) -> tuple[PlannedInitiative, ...]:
    done = [
        item
        for item in items
        if item.owner_id == me
        and item.is_done
        and item.finished_on
        and today - item.finished_on <= RECENT
    ]
    done.sort(key=lambda item: (item.finished_on or today, item.rank), reverse=True)
    return tuple(done[:FINISHED])
