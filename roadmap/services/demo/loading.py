"""The demo organizations: invented, with known logins, for looking around. Never in production."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.demo import DEMO_PASSWORD, DEMO_PEOPLE
from accounts.enums import OrganizationKind, Role
from accounts.models import Membership, Organization, User
from assessments.demo_round import demo_second_round
from assessments.domain.answers_file import parse_answers
from assessments.models import Answer, Assessment, Snapshot
from assessments.services import assessment_import, assessment_submit
from delivery.demo import demo_delivery
from guide.registry import current_guide
from inbox.models import NoticeSettings
from roadmap.domain.constraints.stated import Constraints, Freeze, Staffing
from roadmap.enums import ForecastCause, InitiativeStatus, Verdict
from roadmap.models import GateState, Roadmap, Scenario
from roadmap.services.demo.consultancy import demo_consultancy
from roadmap.services.demo.following import demo_history
from roadmap.services.demo.tracking import demo_charter, demo_tracking
from roadmap.services.following.asking import forecast_ask
from roadmap.services.gates.approving import approver_name, gate_ask, gate_say
from roadmap.services.gates.opening import gate_confirm_item, gate_open
from roadmap.services.gates.reading import gate_results
from roadmap.services.roadmaps import scenario_adopt
from roadmap.services.scenarios.forecast import scenario_forecast
from roadmap.services.scenarios.making import (
    scenario_constrain,
    scenario_create,
    scenario_go_on,
    scenario_solve,
)
from roadmap.services.scenarios.planning import proposed_constraints
from roadmap.services.work.tracking import initiative_update


@dataclass(frozen=True)
class DemoOrganization:
    slug: str
    answers: str
    kind: OrganizationKind
    time_zone: str
    weeks_under_way: int
    opened_gates: tuple[str, ...] = ()
    assesses_again: bool = False
    # What it stated beside what is proposed, and what it asks itself.
    freeze: tuple[int, int, str] | None = None
    day_rates: tuple[tuple[str, float], ...] = ()
    asks_for_more_people: bool = False
    measures: bool = False


DEMO_ORGANIZATIONS = (
    DemoOrganization(
        slug="demo-rural-hospital",
        answers="per-1.yaml",
        kind=OrganizationKind.HOSPITAL,
        time_zone="America/Denver",
        weeks_under_way=42,
        opened_gates=("G1",),
        assesses_again=True,
        freeze=(56, 2, "EHR upgrade by the vendor"),
        day_rates=(("OPS", 420), ("INT", 460), ("SEC", 560), ("PMO", 480)),
        asks_for_more_people=True,
        measures=True,
    ),
    DemoOrganization(
        slug="demo-verification-startup",
        answers="per-4.yaml",
        kind=OrganizationKind.SOFTWARE_FIRM,
        time_zone="America/New_York",
        weeks_under_way=6,
    ),
)
MORE_AT_A_TIME = 3
MORE_PEOPLE = (
    ("CMO", 0.2, "The chief physician gives one day a week"),
    ("OPS", 0.5, "A part-time colleague joins IT"),
)
DONE_NOTES = (
    "Done as planned; the record is in the shared folder.",
    "",
    "Took a little longer than planned: one department answered late.",
)


def demo_load(today: date) -> list[Organization]:
    """Create what is missing of the demo; what is there stays as people left it."""
    people = demo_people()
    organizations = [
        Organization.objects.filter(slug=demo.slug).first()
        or demo_organization(demo, people, today)
        for demo in DEMO_ORGANIZATIONS
    ]
    demo_consultancy(organizations, people, today)
    return organizations


@transaction.atomic
def demo_people() -> dict[Role, User]:
    emails = [email for email, _name, _role in DEMO_PEOPLE]
    known = {user.email: user for user in User.objects.filter(email__in=emails)}
    # Hashing is slow on purpose: once is enough, and not at all when everyone is there.
    password = "" if len(known) >= len(DEMO_PEOPLE) else make_password(DEMO_PASSWORD)
    people = {}
    for email, name, role in DEMO_PEOPLE:
        user = known.get(email)
        if user is None:
            user = User.objects.create(email=email, name=name, password=password)
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        people[role] = user
    return people


@transaction.atomic
def demo_organization(
    demo: DemoOrganization, people: dict[Role, User], today: date
) -> Organization:
    """One organization with a submitted assessment, a roadmap under way and a report asked for."""
    path = settings.BASE_DIR / "demo" / demo.answers
    given = parse_answers(path.read_text(encoding="utf-8"), current_guide(), demo.answers)
    organization = Organization.objects.create(
        name=given.organization, slug=demo.slug, kind=demo.kind, time_zone=demo.time_zone
    )
    Membership.objects.bulk_create(
        Membership(organization=organization, user=user, role=role) for role, user in people.items()
    )
    # What is made up here is told in the inbox, and mailed to nobody.
    NoticeSettings.objects.bulk_create(
        NoticeSettings(organization=organization, person=person, stopped_at=timezone.now())
        for person in people.values()
    )
    owner = people[Role.OWNER]
    start = today - timedelta(weeks=demo.weeks_under_way, days=today.weekday())
    assessment = assessment_import(
        organization=organization, user=owner, name="First assessment", answers=given.answers
    )
    snapshot = assessment_submit(assessment=assessment, user=owner)
    scenario = scenario_create(
        organization=organization,
        user=owner,
        snapshot=snapshot,
        name="As things are",
        start_on=start,
        constraints=demo_constraints(demo, organization, snapshot, start),
    )
    roadmap = scenario_adopt(scenario=scenario, user=owner, name="First roadmap")
    _date_back(assessment, snapshot, roadmap, start - timedelta(days=4))
    _report_progress(roadmap, people[Role.CONTRIBUTOR], today)
    _name_approvers(roadmap, people)
    for gate in roadmap.gates.filter(gate_id__in=demo.opened_gates, planned_on__lt=today):
        _open(gate, people)
    demo_tracking(roadmap, people, today)
    demo_history(roadmap, today)
    if demo.measures:
        demo_charter(roadmap, owner, demo_delivery(organization, owner, today), today)
    if demo.assesses_again:
        demo_second_round(Assessment.objects.get(pk=assessment.pk), people, today)
    # The worker does what takes long.
    scenario_forecast(scenario=scenario, user=owner)
    forecast_ask(roadmap=roadmap, cause=ForecastCause.ASKED, user=owner)
    if demo.asks_for_more_people:
        scenario_solve(scenario=_with_more_people(roadmap, owner, today), user=owner)
    NoticeSettings.objects.filter(organization=organization).delete()
    return organization


def demo_constraints(
    demo: DemoOrganization, organization: Organization, snapshot: Snapshot, start: date
) -> Constraints:
    """What profile and answers propose, and what such an organization would know itself."""
    proposed = proposed_constraints(organization, snapshot, start)
    freezes = proposed.freezes
    if demo.freeze:
        after, weeks, reason = demo.freeze
        first = start + timedelta(weeks=after)
        freezes = (*freezes, Freeze(first, first + timedelta(weeks=weeks, days=-3), reason))
    rates = dict(demo.day_rates)
    currency = "USD" if rates else ""
    return replace(proposed, freezes=freezes, day_rates=rates, currency=currency)


def _with_more_people(roadmap: Roadmap, user: User, today: date) -> Scenario:
    """What if: a plan on trial from the roadmap under way, to compare it with."""
    again = scenario_go_on(roadmap=roadmap, user=user, today=today, name="From today on")
    first = today + timedelta(weeks=6, days=-today.weekday())
    more = tuple(
        Staffing(role=role, fte=fte, start=first, reason=reason)
        for role, fte, reason in MORE_PEOPLE
    )
    constraints = again.to_constraints()
    return scenario_constrain(
        scenario=again,
        constraints=replace(
            constraints, staffing=(*constraints.staffing, *more), wip_limit=MORE_AT_A_TIME
        ),
        name="With a day a week of a clinician",
        user=user,
    )


def _date_back(assessment: Assessment, snapshot: Snapshot, roadmap: Roadmap, day: date) -> None:
    """A plan that is under way was made before it began: the demo must not contradict itself.

    Snapshots are frozen for the app, so this goes past their own query set.
    """
    moment = datetime.combine(day, time(15), tzinfo=UTC)
    QuerySet(Assessment).filter(pk=assessment.pk).update(created_at=moment, submitted_at=moment)
    Answer.objects.filter(assessment=assessment).update(updated_at=moment)
    QuerySet(Snapshot).filter(pk=snapshot.pk).update(created_at=moment)
    QuerySet(Roadmap).filter(pk=roadmap.pk).update(created_at=moment)
    QuerySet(Scenario).filter(pk=roadmap.scenario_id).update(created_at=moment)


def _report_progress(roadmap: Roadmap, user: User, today: date) -> None:
    """What should be finished is done, except the last of it: something is always late."""
    due = roadmap.initiatives.filter(start_on__lte=today).select_related("roadmap__organization")
    ordered = list(due.order_by("finish_on", "rank"))
    finished = [item for item in ordered if item.finish_on < today]
    for number, item in enumerate(ordered):
        is_done = item in finished[:-1]
        if item.kind == "review":
            continue
        initiative_update(
            initiative=item,
            user=user,
            status=InitiativeStatus.DONE if is_done else InitiativeStatus.IN_PROGRESS,
            finished_on=item.finish_on if is_done else None,
            note=DONE_NOTES[number % len(DONE_NOTES)] if is_done else "",
            version=item.version,
        )


def _name_approvers(roadmap: Roadmap, people: dict[Role, User]) -> None:
    """A few people for many roles, as in a small organization; compliance only looks on."""
    speakers = {"CO": Role.VIEWER, "CMO": Role.CONTRIBUTOR}
    roles = {role.id for gate in roadmap.gates.all() for role in gate.roles}
    for role_id in sorted(roles):
        speaker = people[speakers.get(role_id, Role.OWNER)]
        approver_name(roadmap=roadmap, user=people[Role.OWNER], role_id=role_id, person=speaker)


def _open(gate: GateState, people: dict[Role, User]) -> None:
    """Held by the editor, approved by the others."""
    user = people[Role.EDITOR]
    results = gate_results(gate)
    if any(result.missing for result in results):
        return
    for result in results:
        if not result.is_met:
            gate_confirm_item(
                gate=gate, user=user, item_id=result.item.id, note="Seen at the review meeting."
            )
    gate_ask(gate=gate, user=user, note="The baseline is complete; please look at the checklist.")
    for role in (Role.OWNER, Role.VIEWER, Role.CONTRIBUTOR):
        gate_say(gate=gate, user=people[role], verdict=Verdict.APPROVE)
    gate_open(gate=gate, user=user, reason="Agreed at the review meeting.")
