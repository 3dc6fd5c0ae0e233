"""The demo consultancy and its seven clients: two under way, one planned, three assessed, one new.

Five of them are assessed and have opened that: as many as peer bands need.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.demo import DEMO_CONSULTANT, DEMO_PASSWORD
from accounts.engagements import client_start, engagement_ask, engagement_grant
from accounts.enums import Area, OrganizationKind, Role
from accounts.models import Membership, Organization, User
from assessments.domain.answers import Answer, AnswerSet, AnswerState
from assessments.domain.answers_file import parse_answers
from assessments.services import assessment_create, assessment_import, assessment_submit
from assessments.services.peers import release_publish
from guide.model import Guide
from guide.registry import current_guide
from roadmap.services.roadmaps import roadmap_create

SLUG = "demo-consultancy"
NAME = "Quillfeather Advisory (fictional)"
UNTIL = timedelta(days=270)
BEGINS_IN = timedelta(weeks=4)
# One client has opened less than the others: what it keeps to itself stands on no page.
PARTS = {
    "demo-rural-hospital": tuple(Area),
    "demo-verification-startup": (Area.ROADMAP, Area.REPORTS),
    "demo-telehealth": tuple(Area),
    "demo-device-maker": tuple(Area),
    "demo-remote-care": tuple(Area),
    "demo-instrument-maker": tuple(Area),
}
MOST = 4


def demo_consultancy(
    clients: list[Organization], people: dict[Role, User], today: date
) -> Organization:
    """Made once; what is there stays as people left it."""
    return Organization.objects.filter(slug=SLUG).first() or _make(clients, people, today)


@transaction.atomic
def _make(clients: list[Organization], people: dict[Role, User], today: date) -> Organization:
    email, name = DEMO_CONSULTANT
    consultant = User.objects.create(email=email, name=name, password=make_password(DEMO_PASSWORD))
    EmailAddress.objects.create(user=consultant, email=email, primary=True, verified=True)
    consultancy = Organization.objects.create(
        name=NAME,
        slug=SLUG,
        kind=OrganizationKind.OTHER,
        time_zone="America/Chicago",
        advises=True,
    )
    Membership.objects.create(organization=consultancy, user=consultant, role=Role.OWNER)
    owner = people[Role.OWNER]
    assessed = [
        _assessed("demo-telehealth", "per-3.yaml", OrganizationKind.TELEHEALTH, owner, None),
        _assessed(
            "demo-device-maker",
            "per-6.yaml",
            OrganizationKind.DEVICE_MAKER,
            owner,
            today + BEGINS_IN - timedelta(days=today.weekday()),
        ),
        _assessed(
            "demo-remote-care",
            "per-3.yaml",
            OrganizationKind.TELEHEALTH,
            owner,
            None,
            like=("Thornwick Remote Care (fictional)", 1),
        ),
        _assessed(
            "demo-instrument-maker",
            "per-6.yaml",
            OrganizationKind.DEVICE_MAKER,
            owner,
            None,
            like=("Pellwright Instruments (fictional)", -1),
        ),
    ]
    for client in (*clients, *assessed):
        asked = engagement_ask(
            consultancy=consultancy,
            user=consultant,
            name=client.name,
            role=Role.EDITOR,
            areas=[Area(area).value for area in PARTS[client.slug]],
            until=today + UNTIL,
        )
        engagement_grant(
            asked=asked,
            client=client,
            user=owner,
            role=asked.role,
            areas=asked.areas,
            until=asked.until,
            is_told=False,
        )
    started = client_start(
        consultancy=consultancy,
        user=consultant,
        name="Brackenhill Day Surgery (fictional)",
        kind=OrganizationKind.CLINIC_GROUP,
        time_zone="America/Chicago",
    )
    assessment_create(
        organization=started.client, user=consultant, name="First assessment", profile={}
    )
    release_publish(consultancy, today)
    return consultancy


def _assessed(
    slug: str,
    answers: str,
    kind: OrganizationKind,
    owner: User,
    starts: date | None,
    like: tuple[str, int] | None = None,
) -> Organization:
    """An organization with its answers handed in and, if it `starts`, a plan adopted.

    `like`: under this name, and so many levels apart from those answers.
    """
    path = settings.BASE_DIR / "demo" / answers
    given = parse_answers(path.read_text(encoding="utf-8"), current_guide(), answers)
    name, apart = like or (given.organization, 0)
    organization = Organization.objects.create(
        name=name, slug=slug, kind=kind, time_zone="America/Chicago"
    )
    Membership.objects.create(organization=organization, user=owner, role=Role.OWNER)
    assessment = assessment_import(
        organization=organization,
        user=owner,
        name="First assessment",
        answers=_apart(given.answers, apart),
    )
    snapshot = assessment_submit(assessment=assessment, user=owner)
    if starts:
        roadmap_create(
            organization=organization,
            user=owner,
            snapshot=snapshot,
            name="First roadmap",
            start_on=starts,
        )
    return organization


def _apart(answers: AnswerSet, levels: int) -> AnswerSet:
    """Every second level moved; all else as it was given."""
    guide = current_guide()
    given = [id for id, one in answers.items() if _is_level(guide, id, one)]
    moved = {
        id: replace(answers[id], value=min(MOST, max(0, answers[id].value + levels)))
        for id in given[::2]
    }
    return {**answers, **moved}


def _is_level(guide: Guide, id: str, answer: Answer) -> bool:
    return guide.question(id).kind == "level" and answer.state is AnswerState.ANSWERED
