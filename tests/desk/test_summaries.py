"""Stored figures are those of a recount, whatever happened; what is behind is found by itself."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.audit import record
from accounts.enums import Role
from accounts.models import Organization, User
from accounts.sealing import seal_all
from assessments.domain.scoring import score
from assessments.domain.targets import TargetSet
from assessments.models import Assignment
from assessments.services import assessment_submit
from assessments.services.assignments import assign, assignment_done
from assessments.services.targets import targets_save
from desk.domain.summary import (
    AssessmentFacts,
    Facts,
    GateFacts,
    RoadmapFacts,
    WorkFacts,
    summarize,
)
from desk.models import ClientSummary
from desk.services import summaries
from desk.services.facts import facts_of
from guide.registry import current_guide
from roadmap.domain.progress import Status
from roadmap.models import PlannedInitiative, ProgressForecast, Roadmap
from roadmap.services import gate_open
from roadmap.services.work.tracking import Report, initiative_report
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import make_engagement, make_member, make_organization
from tests.roadmap.factories import approved, make_roadmap, make_snapshot

TODAY = date(2027, 3, 1)
DAY = timedelta(days=1)


def work(id, status=Status.NOT_STARTED, *, phase="P1", due=TODAY, effort=1.0, blocked=False):
    return WorkFacts(id, phase, effort, status, due, blocked)


def of(*items, gates=(), **values):
    facts = RoadmapFacts(
        id=1,
        planned_on=TODAY,
        phases=[("P1", "Assess"), ("P2", "Run")],
        work=items,
        gates=gates,
        **values,
    )
    return summarize(Facts(roadmap=facts), TODAY)


def test_nothing_yet_says_nothing():
    found = summarize(Facts(), TODAY)

    assert (found.readiness, found.progress, found.gate_on, found.phase) == (None, None, None, "")


def test_late_is_open_past_its_day_and_blocked_counts_open_work_only():
    found = of(
        work("A", due=TODAY - DAY),
        work("B", due=TODAY),
        work("C", Status.DONE, due=TODAY - DAY, blocked=True),
        work("D", Status.DROPPED, due=TODAY - DAY),
        work("E", Status.IN_PROGRESS, due=TODAY - DAY, blocked=True),
    )

    assert (found.late, found.blocked) == (2, 1)


@pytest.mark.parametrize(
    ("statuses", "phase", "done"),
    [
        ((Status.NOT_STARTED, Status.NOT_STARTED), "Assess", 0),
        ((Status.DONE, Status.NOT_STARTED), "Run", 50),
        ((Status.DROPPED, Status.IN_PROGRESS), "Run", 0),
        ((Status.DONE, Status.DONE), "", 100),
    ],
)
def test_phase_is_the_first_with_unfinished_work(statuses, phase, done):
    found = of(work("A", statuses[0]), work("B", statuses[1], phase="P2"))

    assert (found.phase_title, found.progress) == (phase, done)


def test_next_gate_is_the_first_that_is_closed():
    gates = [
        GateFacts("G1", "Open", True, TODAY - 9 * DAY),
        GateFacts("G3", "Later", False, TODAY + 9 * DAY),
        GateFacts("G2", "Next", False, TODAY - DAY),
    ]

    assert of(work("A"), gates=gates).gate_id == "G2"


@given(st.lists(st.sampled_from(list(Status)), max_size=12))
@settings(max_examples=50)
def test_counts_never_exceed_the_work(statuses):
    found = of(*(work(str(i), status, due=TODAY - DAY) for i, status in enumerate(statuses)))

    assert 0 <= found.late <= len(statuses)
    assert 0 <= (found.progress or 0) <= 100


def fresh(client: Organization) -> dict[str, object]:
    facts, _made_at = facts_of(client)
    return summaries.columns(summarize(facts, timezone.localdate(timezone=client.zone)))


def stored(client: Organization) -> dict[str, object]:
    row = ClientSummary.objects.get(organization=client)
    return {name: getattr(row, name) for name in fresh(client)}


def is_stale(client: Organization) -> bool:
    return summaries.stale_clients().filter(pk=client.pk).exists()


def item(client: Organization, id: str = "A1") -> PlannedInitiative:
    rows = PlannedInitiative.objects.select_related("roadmap__organization")
    return rows.get(roadmap=Roadmap.objects.filter(organization=client)[0], initiative_id=id)


def report(client: Organization, user: User, id: str = "A1", **values: object) -> None:
    about = item(client, id)
    initiative_report(
        initiative=about, user=user, version=about.version, report=Report(**values), reasons={}
    )


def begun(client: Organization, user: User) -> None:
    report(client, user, status="in_progress")


def done(client: Organization, user: User) -> None:
    report(client, user, status="done")


def blocked(client: Organization, user: User) -> None:
    report(client, user, status="in_progress", blocked_because="The vendor is silent.")


def opened(client: Organization, user: User) -> None:
    roadmap = Roadmap.objects.filter(organization=client)[0]
    PlannedInitiative.objects.filter(roadmap=roadmap).update(status="done")
    gate = roadmap.gates.get()
    for one in gate.checklist:
        one["applies"] = one["id"] == "G1-1"
    gate.save()
    gate_open(gate=approved(gate), user=user)


def planned_again(client: Organization, user: User) -> None:
    roadmap = make_roadmap(client, initiatives=2)
    record(organization=client, actor=user, verb="roadmap.created", target=roadmap)


def assessed_again(client: Organization, user: User) -> None:
    assessment = make_assessment(organization=client, user=user)
    save_answer(assessment, "Q1.01", 4)
    assessment_submit(assessment=assessment, user=user)


def drafted(client: Organization, user: User) -> None:
    make_assessment(organization=client, user=user)


def aimed(client: Organization, user: User) -> None:
    guide = client.snapshots.first().guide
    steps = {guide.steps[0].id: 100.0}
    targets_save(
        organization=client, user=user, guide_id=guide.id, steps=steps, challenges={}, version=0
    )


def forecast(client: Organization, user: User) -> None:
    """What the worker stores at night; no history tells of it."""
    ProgressForecast.objects.create(
        roadmap=Roadmap.objects.filter(organization=client)[0],
        as_of=TODAY,
        cause="night",
        input_hash="0" * 64,
        document={
            "finish": {"p50": "2027-05-03", "p80": "2027-06-07", "slip": 3, "actual": None},
            "gates": {"G1": {"on": "2027-05-01"}},
        },
        made_at=timezone.now(),
    )


def plan_forecast(client: Organization) -> None:
    """The plan's own, which arrives after it was adopted."""
    chances = {"finish": {"p50": "2027-05-03", "p80": "2027-06-07"}}
    Roadmap.objects.filter(organization=client).update(forecast=chances)


CHANGES: list[Callable[[Organization, User], None]] = [
    begun,
    done,
    blocked,
    opened,
    planned_again,
    aimed,
    drafted,
    assessed_again,
    forecast,
]


@pytest.mark.django_db
def test_recount_equals_what_is_stored_after_every_kind_of_change():
    """One client after another change; each is found stale, and counted once."""
    member = make_member(role=Role.OWNER)
    client = make_engagement(member.organization).client
    roadmap = make_roadmap(client)
    summaries.summaries_recount()
    assert stored(client) == fresh(client)

    unseen = []
    for change in CHANGES:
        before = stored(client)
        change(client, member.user)
        seal_all()
        if not is_stale(client):
            unseen.append(change.__name__)
        assert summaries.summaries_recount() == 1, change.__name__
        assert stored(client) == fresh(client), change.__name__
        assert not is_stale(client), change.__name__
        if change in (done, blocked, opened, planned_again, aimed, forecast):
            assert stored(client) != before, change.__name__
    assert unseen == []
    assert ClientSummary.objects.get().roadmap != roadmap


@pytest.mark.django_db
def test_chances_of_a_plan_are_counted_when_they_arrive():
    client = make_engagement().client
    make_roadmap(client)
    summaries.summaries_recount()
    assert not is_stale(client)

    plan_forecast(client)

    assert is_stale(client)
    summaries.summaries_recount()
    assert (stored(client) == fresh(client), is_stale(client)) == (True, False)


@pytest.mark.django_db
def test_what_people_were_asked_is_overdue_until_they_say_it_is_done():
    member = make_member(role=Role.EDITOR)
    client = make_engagement(member.organization).client
    assessment = make_assessment(organization=client)
    today = timezone.localdate(timezone=client.zone)
    assign(
        assessment=assessment,
        by=member.user,
        parts=[("step", assessment.guide.steps[0].id)],
        people=[member.user],
        due_on=today,
        site="https://waymark.example",
    )
    Assignment.objects.update(due_on=today - DAY)
    summaries.summary_recount(client)
    assert stored(client)["overdue_assignments"] == 1
    seal_all()
    summaries.summaries_recount()

    assignment_done(assignment=Assignment.objects.get(), is_done=True)
    seal_all()

    assert is_stale(client)
    summaries.summaries_recount()
    assert stored(client)["overdue_assignments"] == 0


@pytest.mark.django_db
def test_a_new_day_makes_stale_where_it_has_begun(monkeypatch):
    far, near = (make_organization(time_zone=z) for z in ("Pacific/Kiritimati", "Pacific/Niue"))
    for client in (far, near):
        make_engagement(client)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 3, 1, 9, tzinfo=UTC))
    summaries.summaries_recount()
    assert not summaries.stale_clients().exists()

    # Ten o'clock: midnight in Kiritimati.
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 3, 1, 10, 1, tzinfo=UTC))

    assert [client.pk for client in summaries.stale_clients()] == [far.pk]


@pytest.mark.django_db
def test_only_clients_are_counted_and_a_broken_one_stops_no_other(monkeypatch):
    make_organization()
    broken, whole = make_engagement().client, make_engagement().client
    honest = summaries.facts_of

    def facts(client):
        if client.pk == broken.pk:
            raise ValueError("broken")
        return honest(client)

    monkeypatch.setattr(summaries, "facts_of", facts)

    assert summaries.summaries_recount() == 1
    assert [row.organization_id for row in ClientSummary.objects.all()] == [whole.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_recount_of_one_client_costs_the_same(django_assert_max_num_queries, number):
    client = make_engagement().client
    for _ in range(number):
        make_snapshot(client)
    make_roadmap(client, initiatives=5 * number)

    with django_assert_max_num_queries(18):
        summaries.summary_recount(client)


def test_expired_answers_are_overdue_from_the_day_after():
    guide = current_guide()
    facts = AssessmentFacts(
        guide_id=guide.id,
        assessed_on=TODAY,
        card=score(guide, {}),
        targets=TargetSet({}, {}),
        expires=[TODAY - DAY, TODAY, TODAY + DAY],
    )

    found = summarize(Facts(assessment=facts, due_on=[TODAY - DAY, TODAY]), TODAY)

    assert (found.overdue_reviews, found.overdue_assignments) == (1, 1)
