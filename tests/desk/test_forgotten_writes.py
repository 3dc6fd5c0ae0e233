"""No write is forgotten: after whatever sequence of changes, a row of the list of clients is either
known to be behind or equal to a recount; and every place that writes what it is counted from is
named here, with how the list hears of it.
"""

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.engagements import engagement_change
from accounts.enums import Area, Role
from accounts.models import Engagement, Organization, User
from accounts.sealing import seal_all
from accounts.services import organization_update
from assessments.enums import AssessmentStatus
from assessments.models import Assessment, Assignment, TargetProfile
from assessments.services import AssessmentClosed, assessment_submit
from assessments.services.assignments import (
    assign,
    assignment_change,
    assignment_done,
    assignment_withdraw,
)
from assessments.services.rounds import round_continue
from assessments.services.targets import targets_save
from desk.services import summaries
from roadmap.models import GateState, ProgressForecast, Roadmap
from roadmap.services.gates.opening import gate_close
from roadmap.services.work.rules import ProgressInvalid
from tests.assessments.factories import make_assessment, save_answer
from tests.desk import test_summaries as known
from tests.desk.test_summaries import fresh, is_stale, report, stored
from tests.factories import make_engagement, make_member
from tests.roadmap.factories import make_roadmap

DAY = timedelta(days=1)
SITE = "https://waymark.example"
Change = Callable[[Organization, User], object]


def draft_of(client: Organization) -> Assessment | None:
    return Assessment.objects.filter(organization=client, status=AssessmentStatus.DRAFT).first()


def drafted(client: Organization, user: User) -> None:
    if draft_of(client) is None:
        known.drafted(client, user)


def answered(client: Organization, user: User) -> None:
    if found := draft_of(client):
        save_answer(found, "Q1.02", 3)


def asked(client: Organization, user: User) -> None:
    found = draft_of(client)
    if found and not found.assignments.exists():
        today = timezone.localdate(timezone=client.zone)
        part = ("step", found.guide.steps[0].id)
        assign(assessment=found, by=user, parts=[part], people=[user], due_on=today, site=SITE)
        # Time passes: the desk hears of it with the next day, or with the next change.
        Assignment.objects.filter(assessment=found).update(due_on=today - DAY)


def of_draft(act: Callable[[Assignment, User], object]) -> Change:
    def change(client: Organization, user: User) -> None:
        found = Assignment.objects.filter(assessment=draft_of(client)).first()
        if found is not None:
            act(found, user)

    change.__name__ = act.__name__
    return change


def put_off(one: Assignment, user: User) -> None:
    later = timezone.localdate() + 5 * DAY
    assignment_change(assignment=one, by=user, to=user, due_on=later, site=SITE)


def said_done(one: Assignment, user: User) -> None:
    assignment_done(assignment=one, is_done=one.done_at is None)


def taken_back(one: Assignment, user: User) -> None:
    assignment_withdraw(assignment=one, by=user)


def handed_in(client: Organization, user: User) -> None:
    if found := draft_of(client):
        save_answer(found, "Q1.01", 4)
        assessment_submit(assessment=found, user=user)


def begun_from_the_last(client: Organization, user: User) -> None:
    last = client.snapshots.first()
    if last and draft_of(client) is None:
        made = make_assessment(organization=client, user=user)
        round_continue(assessment=made, previous=last.assessment, user=user)


def aimed(client: Organization, user: User) -> None:
    """Set, moved, and taken back altogether."""
    if (snapshot := client.snapshots.first()) is None:
        return
    guide = snapshot.guide
    own = TargetProfile.objects.filter(organization=client, guide_id=guide.id).first()
    level = {None: 100.0, 100.0: 40.0}.get(next(iter(own.steps.values())) if own else None)
    targets_save(
        organization=client,
        user=user,
        guide_id=guide.id,
        steps={guide.steps[0].id: level} if level else {},
        challenges={},
        version=own.version if own else 0,
    )


def moved_house(client: Organization, user: User) -> None:
    there = {"UTC": "Pacific/Kiritimati", "Pacific/Kiritimati": "Pacific/Niue"}
    zone = there.get(client.time_zone, "UTC")
    organization_update(organization=client, user=user, time_zone=zone, name="Elm & Oak")


def narrowed(client: Organization, user: User) -> None:
    engagement_change(
        engagement=Engagement.objects.get(client=client),
        user=user,
        role=Role.VIEWER,
        areas=[Area.ROADMAP],
        until=timezone.localdate() + 9 * DAY,
    )


def dropped(client: Organization, user: User) -> None:
    report(client, user, "A2", status="dropped", note="Bought instead.")


def expected(client: Organization, user: User) -> None:
    report(client, user, "A2", expected_on=timezone.localdate() + 900 * DAY)


def closed(client: Organization, user: User) -> None:
    gate = GateState.objects.filter(roadmap=Roadmap.objects.filter(organization=client)[0])[0]
    gate_close(gate=gate, user=user, reason="The proof did not hold.")


def forecast(client: Organization, user: User) -> None:
    newest = Roadmap.objects.filter(organization=client)[0]
    if not ProgressForecast.objects.filter(roadmap=newest).exists():
        known.forecast(client, user)


CHANGES: list[Change] = [
    drafted, answered, asked, of_draft(put_off), of_draft(said_done), of_draft(taken_back),
    handed_in, begun_from_the_last, aimed, moved_house, narrowed, known.begun, known.done,
    known.blocked, dropped, expected, known.opened, closed, known.planned_again, forecast,
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_after_any_sequence_a_row_is_behind_or_equal_to_a_recount(seed):
    member = make_member(role=Role.OWNER)
    client = make_engagement(member.organization).client
    make_roadmap(client)
    summaries.summaries_recount()
    chance = Random(seed)
    moved = 0
    order = chance.sample(CHANGES, len(CHANGES)) + chance.choices(CHANGES, k=10)

    for change in order:
        before = stored(client)
        try:
            change(client, member.user)
        except (ProgressInvalid, AssessmentClosed):
            continue
        client.refresh_from_db()
        seal_all()
        assert is_stale(client) or stored(client) == fresh(client), change.__name__
        # Now and then several changes come together.
        if chance.random() < 0.7:
            summaries.summaries_recount()
            assert stored(client) == fresh(client), change.__name__
            assert not is_stale(client), f"{change.__name__}: counted again and again"
            moved += stored(client) != before
    assert moved >= 5


# What a row is counted from (desk/services/facts.py).
COUNTED = {
    "Assessment", "Assignment", "Snapshot", "TargetProfile", "Answer",
    "Roadmap", "ProgressForecast", "PlannedInitiative", "GateState",
}  # fmt: skip
WRITES = {
    "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
}  # fmt: skip
HISTORY = "an entry of the history, in the same transaction"
TOLD = {
    "assessments.demo_round": "the demo, before anybody advises it",
    "assessments.mails.assignments.assignment_sent": "when a mail left: no figure",
    "assessments.services.answers.replace_answer": HISTORY,
    "assessments.services.assessments._new_draft": HISTORY,
    "assessments.services.assessments._store_all": HISTORY,
    "assessments.services.assessments.assessment_submit": HISTORY,
    "assessments.services.assignments._mail": "which mail was asked for: no figure",
    "assessments.services.assignments._store": HISTORY,
    "assessments.services.assignments.assignment_done": HISTORY,
    "assessments.services.assignments.assignment_send_again": "where its links lead: no figure",
    "assessments.services.confirmation.answers_confirm": "who confirmed: no figure",
    "assessments.services.confirmation.confirmation_withdraw": "who confirmed: no figure",
    "assessments.services.moving": HISTORY,
    "assessments.services.targets._save": HISTORY,
    "roadmap.services.carrying_over": "roadmap.created, in the same transaction",
    "roadmap.services.demo": "the demo, before anybody advises it",
    "roadmap.services.following.baseline": "roadmap.created, in the same transaction",
    "roadmap.services.following.run._store": "the time of the forecast",
    "roadmap.services.roadmaps": "roadmap.created, in the same transaction",
    "roadmap.services.scenarios.forecast._take": "the plan's own chances (`planned_chances`)",
    "roadmap.services.work.board_moving": "the place on the board: no figure",
}


def writes() -> set[str]:
    """Where rows of these models are written by name: module.function."""
    root = Path(settings.BASE_DIR)
    found = set()
    for app in ("accounts", "assessments", "delivery", "roadmap", "reports", "desk", "handover",
                "api", "jobs", "inbox"):  # fmt: skip
        for path in (root / app).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            module = ".".join(path.relative_to(root).with_suffix("").parts)
            for function in ast.walk(ast.parse(path.read_text())):
                if isinstance(function, ast.FunctionDef):
                    found |= {f"{module}.{function.name}" for n in ast.walk(function) if _is_one(n)}
    return found


def _is_one(node: ast.AST) -> bool:
    """`Model.objects.….update(…)` or the like of a model that is counted."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if node.func.attr not in WRITES:
        return False
    names = {part.id for part in ast.walk(node.func) if isinstance(part, ast.Name)}
    return bool(names & COUNTED)


def test_every_place_that_writes_what_is_counted_says_how_the_desk_hears_of_it():
    untold = {
        place
        for place in writes()
        if not any(place == told or place.startswith(f"{told}.") for told in TOLD)
    }
    assert untold == set(), "Say in TOLD how the list of clients hears of it, and test it above."
