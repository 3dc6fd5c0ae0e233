"""Digests: at a person's own hour, once, and never empty."""

from datetime import UTC, datetime, time

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from inbox import digests
from inbox.digests import Line, Section, digests_ask
from inbox.models import Notice, NoticeSettings
from inbox.reading import notice_read
from jobs import claiming
from jobs.mailing import mail as send
from jobs.models import Job, Turn
from jobs.tasks import run_job
from jobs.work import Work
from tests.factories import make_member, make_organization
from tests.inbox.factories import LOUD, QUIET, tell

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_own_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_makers", [])


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    def at(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(MONDAY)
    return at


def run_mails() -> list[str]:
    for pk in list(Job.objects.filter(kind="mail", state="queued").values_list("pk", flat=True)):
        run_job(pk)
    return [message.subject for message in mail.outbox]


def test_digest_tells_what_is_unread_and_was_not_mailed_once(clock) -> None:
    member = make_member()
    tell(member, kind=QUIET, title="Worth a look")
    tell(member, kind=LOUD, title="Mailed on its own")
    notice_read(tell(member, kind=QUIET, title="Read already")[0])
    Job.objects.all().delete()
    Notice.objects.filter(kind=LOUD.id).update(mail=None, read_at=MONDAY)
    assert digests_ask() == 1
    assert run_mails() == [f"Your week at {member.organization.name}, 23 November"]
    [message] = mail.outbox
    assert "Worth a look" in message.body
    assert "Worth a look" in message.alternatives[0][0]
    assert "Read already" not in message.body
    assert "Mailed on its own" not in message.body
    assert message.extra_headers["List-Unsubscribe"].endswith("/digest/>")
    clock(datetime(2026, 11, 30, 8, tzinfo=UTC))
    assert digests_ask() == 1
    run_mails()
    assert len(mail.outbox) == 1  # told before, and nothing new


def test_digest_without_anything_to_say_is_not_sent(clock) -> None:
    make_member()
    digests.register_section(lambda access, since: None)
    digests.register_section(lambda access, since: Section("Empty", ()))
    assert digests_ask() == 1
    assert run_mails() == []


def test_two_clocks_send_one_digest(clock) -> None:
    member = make_member()
    tell(member, kind=QUIET)
    assert digests_ask() == 1
    assert digests_ask() == 0
    # The second clock had looked before the first one took the turn.
    key = Turn.objects.get().key
    wishes = NoticeSettings(organization=member.organization, person=member.user)
    assert digests._request(member.organization, member.user, wishes, key) is False
    assert len(run_mails()) == 1


def test_turn_is_free_again_when_asking_failed(clock, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(make_member(), kind=QUIET)

    def dies(**_asked: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(digests, "mail_request", dies)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            digests_ask()
    assert digests_ask() == 1


def test_worker_killed_after_sending_sends_a_copy_and_marks_once(clock) -> None:
    tell(make_member(), kind=QUIET)
    digests_ask()
    job = Job.objects.get()
    claimed = claiming.claim(job.pk)
    assert claimed
    send(Work(*claimed))  # the worker dies before it says so
    assert Notice.objects.get().digested_at is None
    Job.objects.update(lease_until=datetime(2026, 11, 1, tzinfo=UTC))
    run_job(job.pk)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert Notice.objects.get().digested_at


def test_digest_comes_at_the_persons_hour_in_the_organizations_zone(clock) -> None:
    member = make_member(make_organization(time_zone="America/New_York"))
    NoticeSettings.objects.create(
        organization=member.organization,
        person=member.user,
        digest="daily",
        digest_at=time(6, 30),
    )
    clock(datetime(2026, 11, 24, 11, 15, tzinfo=UTC))
    assert digests_ask() == 0
    clock(datetime(2026, 11, 24, 11, 30, tzinfo=UTC))
    assert digests_ask() == 1
    clock(datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    assert digests_ask() == 0


@pytest.mark.parametrize("choice", [{"digest": "off"}, {"stopped_at": MONDAY}])
def test_whoever_wants_none_gets_none(clock, choice: dict[str, object]) -> None:
    member = make_member()
    tell(member, kind=QUIET)
    assert digests_ask() == 1
    NoticeSettings.objects.create(organization=member.organization, person=member.user, **choice)
    assert run_mails() == []
    clock(datetime(2026, 11, 30, 8, tzinfo=UTC))
    assert digests_ask() == 0


def test_sections_of_other_apps_stand_in_it_with_links_and_no_end_of_lines(clock) -> None:
    member = make_member()
    asked = []

    def due(access, since) -> Section:
        asked.append((access.user, access.organization, since))
        lines = tuple(Line(f"Thing {n}", f"/o/x/{n}/", "by Friday") for n in range(20))
        return Section("Due soon", lines, path="/o/x/")

    digests.register_section(due)
    digests_ask()
    run_mails()
    [message] = mail.outbox
    assert "DUE SOON" in message.body
    assert "- Thing 0 (by Friday)\n  http://127.0.0.1:8000/o/x/0/" in message.body
    assert "and 5 more" in message.body
    zone = member.organization.zone
    assert asked == [(member.user, member.organization, datetime(2026, 11, 16, 7, tzinfo=zone))]


def test_asking_takes_the_same_queries_for_many_people(clock, django_assert_num_queries) -> None:
    organization = make_organization()
    for _ in range(5):
        make_member(organization)
    assert digests_ask() == 5
    with django_assert_num_queries(4):
        assert digests_ask() == 0
