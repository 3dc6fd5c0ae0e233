"""The demo's working days: who does what, what is in the way, what was shown, who was told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.db.models import F

from accounts.enums import Role
from accounts.models import User
from delivery.models import System
from roadmap.domain.pilot.charter import Criterion
from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative, Roadmap
from roadmap.services.charters import charter_content, charter_save, charter_start
from roadmap.services.work.comments import comment_add
from roadmap.services.work.evidence import evidence_add_link
from roadmap.services.work.tracking import Report, initiative_report, limits_set

SHOWN = 6
SOON = timedelta(weeks=8)


def demo_tracking(roadmap: Roadmap, people: dict[Role, User], today: date) -> None:
    """Owners, progress, a block, evidence and a question, on a roadmap already reported on."""
    _begin_as_planned(roadmap, today)
    limits_set(roadmap=roadmap, user=people[Role.EDITOR], limits={"all": 4})
    workers = [people[Role.CONTRIBUTOR], people[Role.EDITOR]]
    rows = list(roadmap.initiatives.exclude(kind="review").order_by("start_on", "rank"))
    running = [row for row in rows if row.status == InitiativeStatus.IN_PROGRESS]
    coming = [row for row in rows if row.status == InitiativeStatus.NOT_STARTED]
    for number, row in enumerate(running):
        _report(row, people[Role.EDITOR], owner=workers[number % 2], percent=35 + 20 * number)
    for number, row in enumerate(r for r in coming if r.start_on <= today + SOON):
        _report(row, people[Role.EDITOR], owner=workers[(number + 1) % 2])
    if running:
        _block(running[0], people)
        comment_add(
            roadmap=roadmap,
            initiative=running[0],
            author=people[Role.CONTRIBUTOR],
            text="The vendor wants it in writing from an owner. Can you send it?",
            ticked=[people[Role.OWNER].pk],
        )
    for row in [row for row in rows if row.status == InitiativeStatus.DONE][-SHOWN:]:
        evidence_add_link(
            roadmap=roadmap,
            user=people[Role.CONTRIBUTOR],
            initiative=row,
            url=f"https://intranet.example.org/devops/{row.initiative_id.lower()}",
            title="Record in the shared folder",
        )


def _begin_as_planned(roadmap: Roadmap, today: date) -> None:
    """What was reported in one go was begun when it was planned, not today."""
    begun = roadmap.initiatives.filter(start_on__lte=today).exclude(started_on=None)
    begun.filter(finished_on=None).update(started_on=F("start_on"))
    begun.filter(finished_on__gte=F("start_on")).update(started_on=F("start_on"))


def _block(row: PlannedInitiative, people: dict[Role, User]) -> None:
    row.refresh_from_db()
    initiative_report(
        initiative=row,
        user=people[Role.CONTRIBUTOR],
        version=row.version,
        report=Report(
            blocked_because="The vendor answers only to an owner of the organization.",
            waits_for=people[Role.OWNER],
        ),
    )


def _report(row: PlannedInitiative, user: User, **changes: object) -> None:
    row.refresh_from_db()
    report = Report(**changes)  # type: ignore[arg-type]
    initiative_report(initiative=row, user=user, version=row.version, report=report)


def demo_charter(roadmap: Roadmap, user: User, system: System, today: date) -> None:
    """The pilot with criteria as numbers, checked against what is measured of `system`."""
    charter = charter_start(snapshot=roadmap.snapshot, user=user, position=PILOT)
    proposed = charter_content(charter)
    by = (today + timedelta(weeks=10)).isoformat()
    content = replace(
        proposed,
        scope="The interface between laboratory and record, for one site.",
        outside="The record itself, and the laboratory's own system.",
        criteria=tuple(Criterion(*row, by=by, aim=aim) for *row, aim in CRITERIA),
        rollback="The last version is put back by hand; results go by paper meanwhile.",
    )
    charter_save(
        charter=charter, user=user, version=charter.version, content=content, system=system
    )


# The candidate that people of the hospital run themselves, by its place in their table.
PILOT = 1
CRITERIA = (
    ("DF", "Releases of the interface", "one in four weeks", "four in four weeks", 4.0),
    ("CFR", "Releases that had to be repaired", "about one in three", "15 %", 15.0),
    ("SVRT", "Known weaknesses", "nobody counted", "30 days", 30.0),
    ("ATC", "Changes that can be traced", "about one in three", "90 %", 90.0),
)
