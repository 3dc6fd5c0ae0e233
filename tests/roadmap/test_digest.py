"""What a digest says of the roadmap: one's own work, gates, and what moved."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.enums import Role
from accounts.tenancy import Access
from inbox.digests import digests_ask
from jobs.models import Job
from jobs.tasks import run_job
from roadmap import digest
from roadmap.models import GateApprover, ProgressForecast
from tests.factories import make_member
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
SINCE = NOW - timedelta(days=7)
TODAY = NOW.date()


@pytest.fixture
def member():
    return make_member(role=Role.CONTRIBUTOR)


@pytest.fixture
def access(member) -> Access:
    return Access(member.organization, member.user, Role(member.role))


@pytest.fixture
def roadmap(member):
    made = make_roadmap(member.organization, initiatives=4)
    made.initiatives.update(finish_on=TODAY + timedelta(days=60))
    return made


def forecast(roadmap, days_ago: int, expected, slips) -> None:
    as_of = TODAY - timedelta(days=days_ago)
    ProgressForecast.objects.create(
        roadmap=roadmap,
        as_of=as_of,
        cause="night",
        input_hash="0" * 64,
        expected_on=expected,
        p50_on=expected,
        p80_on=expected + timedelta(days=9),
        document={
            "initiatives": {
                id: {"finish": expected.isoformat(), "slip": slip} for id, slip in slips.items()
            }
        },
        made_at=NOW - timedelta(days=days_ago),
    )


def texts(section) -> list[str]:
    return [f"{line.text}: {line.detail}" for line in section.lines] if section else []


def test_nothing_of_one_s_own_makes_no_section(access, roadmap) -> None:
    for maker in (digest.due_soon, digest.blocked, digest.gates_waiting, digest.slip):
        assert maker(access, SINCE) is None


def test_own_work_due_within_a_week_or_late_is_told_and_others_is_not(access, roadmap) -> None:
    soon, late, someone_s, done = roadmap.initiatives.order_by("rank")
    soon.owner = late.owner = done.owner = access.user
    soon.finish_on = TODAY + timedelta(days=7)
    late.finish_on = TODAY + timedelta(days=40)
    late.expected_on = TODAY - timedelta(days=1)
    someone_s.finish_on = done.finish_on = TODAY
    done.status = "done"
    for one in (soon, late, someone_s, done):
        one.save()
    found = texts(digest.due_soon(access, SINCE))
    assert [line.split(":")[0] for line in found] == [late.title, soon.title]
    assert "was due on" in found[0]


def test_blocked_work_is_named_and_its_reason_is_not(access, roadmap) -> None:
    first, second, *_rest = roadmap.initiatives.order_by("rank")
    first.owner = access.user
    second.waits_for = access.user
    for one in (first, second):
        one.blocked_because = "A secret weakness"
        one.save()
    found = texts(digest.blocked(access, SINCE))
    assert found == [f"{first.title}: yours, and blocked", f"{second.title}: waits for you"]


def test_gate_waits_for_whoever_speaks_for_a_role_and_said_nothing(access, roadmap) -> None:
    gate = roadmap.gates.get()
    role = gate.roles[0].id
    GateApprover.objects.create(roadmap=roadmap, role_id=role, person=access.user)
    assert digest.gates_waiting(access, SINCE) is None  # nobody asked yet
    gate.asked_at = NOW
    gate.save()
    assert len(texts(digest.gates_waiting(access, SINCE))) == 1
    gate.approvals.create(
        round=gate.round, role_id=role, verdict="approve", person=access.user, said_at=NOW
    )
    assert digest.gates_waiting(access, SINCE) is None


def test_gate_waits_no_more_once_another_spoke_for_the_role(access, roadmap) -> None:
    gate, other = roadmap.gates.get(), make_member(access.organization).user
    role = gate.roles[0].id
    for person in (access.user, other):
        GateApprover.objects.create(roadmap=roadmap, role_id=role, person=person)
    gate.asked_at = NOW
    gate.save()
    gate.approvals.create(
        round=gate.round, role_id=role, verdict="approve", person=other, said_at=NOW
    )

    assert digest.gates_waiting(access, SINCE) is None


def test_only_what_moved_since_the_last_digest_is_told(access, roadmap) -> None:
    roadmap.initiatives.filter(initiative_id__in=("A1", "A2")).update(owner=access.user)
    before = TODAY + timedelta(days=90)
    forecast(roadmap, 8, before, {"A1": 0, "A2": 3, "A3": 0})
    assert digest.slip(access, SINCE) is None
    forecast(roadmap, 0, before + timedelta(days=14), {"A1": 5, "A2": 3, "A3": 9})
    finish, own = texts(digest.slip(access, SINCE))
    assert finish.startswith(f"The finish of “{roadmap.name}”: now ")
    assert own == "Do thing 1: 5 working days later than agreed"


def test_what_moved_later_on_the_day_of_the_last_digest_is_told(access, roadmap) -> None:
    before = TODAY + timedelta(days=90)
    forecast(roadmap, 8, before, {"A1": 0})
    forecast(roadmap, 7, before + timedelta(days=14), {"A1": 0})
    ProgressForecast.objects.filter(made_at=SINCE).update(made_at=SINCE + timedelta(hours=8))
    forecast(roadmap, 0, before + timedelta(days=14), {"A1": 0})

    [finish] = texts(digest.slip(access, SINCE))

    assert finish.startswith(f"The finish of “{roadmap.name}”: now ")


def test_digest_takes_the_same_queries_for_much_work(
    access, roadmap, django_assert_max_num_queries
) -> None:
    roadmap.initiatives.update(owner=access.user, finish_on=TODAY, blocked_because="Wait.")
    forecast(roadmap, 8, TODAY, {f"A{n}": 0 for n in range(1, 5)})
    forecast(roadmap, 0, TODAY + timedelta(days=3), {f"A{n}": n for n in range(1, 5)})
    with django_assert_max_num_queries(12):
        for maker in (digest.due_soon, digest.blocked, digest.gates_waiting, digest.slip):
            maker(access, SINCE)


def test_digest_mail_holds_the_sections(access, roadmap, monkeypatch) -> None:
    roadmap.initiatives.update(owner=access.user, finish_on=TODAY, blocked_because="Secret words")
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: monday)
    assert digests_ask() == 1
    run_job(Job.objects.get(kind="mail").pk)
    [message] = mail.outbox
    assert "DUE SOON" in message.body
    assert "BLOCKED" in message.body
    assert "Secret words" not in message.body + message.alternatives[0][0]
    assert f"/roadmaps/{roadmap.pk}/initiatives/A1/" in message.body
