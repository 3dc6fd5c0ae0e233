"""The demo's working days: who does what, what is in the way, what was shown, who was told."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.enums import Role
from accounts.models import User
from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative, Roadmap
from roadmap.services.tracking import Report, initiative_report, limits_set
from roadmap.services.work_comments import comment_add
from roadmap.services.work_evidence import evidence_add_link

SHOWN = 6
SOON = timedelta(weeks=8)


def demo_tracking(roadmap: Roadmap, people: dict[Role, User], today: date) -> None:
    """Owners, progress, a block, evidence and a question, on a roadmap already reported on."""
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
