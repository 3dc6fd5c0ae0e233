"""Who is told what, in the inbox and by mail, and how mails are stopped."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from inbox.models import Notice, NoticeSettings
from inbox.reading import notice_read
from inbox.telling import notices_settle, notices_withdraw
from jobs.models import Job
from jobs.tasks import run_job
from tests.factories import make_member, make_organization, make_user
from tests.inbox.factories import LOUD, QUIET, tell

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


def run_mails() -> None:
    for pk in list(Job.objects.filter(kind="mail").values_list("pk", flat=True)):
        run_job(pk)


def urls_of(message: mail.EmailMultiAlternatives) -> dict[str, str]:
    lines = message.body.splitlines()
    return {lines[number - 1]: line for number, line in enumerate(lines) if line.startswith("http")}


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_members_are_told_and_not_whoever_did_it_nor_strangers() -> None:
    member = make_member()
    author = make_member(member.organization)
    stranger = make_member()
    told = tell(member, author, stranger, actor=author.user)
    assert [notice.person for notice in told] == [member.user]
    assert told[0].actor_name == str(author.user)


def test_same_key_is_told_once_to_each_person() -> None:
    first, second = make_member(), None
    second = make_member(first.organization)
    assert len(tell(first, key="a")) == 1
    assert [notice.person for notice in tell(first, second, key="a")] == [second.user]
    assert tell(first, second, key="a") == []
    assert Job.objects.filter(kind="mail").count() == 2
    assert len(tell(first, key="b")) == 1


def test_number_of_queries_does_not_grow_with_the_people(django_assert_num_queries) -> None:
    organization = make_organization()
    members = [make_member(organization) for _ in range(30)]
    with django_assert_num_queries(9):
        assert len(tell(members[0], key="one")) == 1
    with django_assert_num_queries(9):
        assert len(tell(*members, key="all")) == 30


def test_mail_has_a_link_text_beside_html_and_ways_to_stop_it() -> None:
    member = make_member()
    [notice] = tell(member, text="Private words.")
    run_mails()
    [message] = mail.outbox
    assert message.subject == "Look at this"
    assert message.alternatives[0][1] == "text/html"
    html = message.alternatives[0][0]
    slug = member.organization.slug
    for part in (message.body, html):
        assert f"http://127.0.0.1:8000/o/{slug}/inbox/{notice.pk}/" in part
        assert f"http://127.0.0.1:8000/o/{slug}/inbox/settings/" in part
        assert "Private words" not in part
    stop = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert stop in message.body
    assert stop in html
    assert stop.endswith(f"/{LOUD.id}/")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    notice.refresh_from_db()
    assert notice.mail_id


def test_link_in_the_mail_leads_there_and_marks_it_read(client: Client) -> None:
    member = make_member()
    [notice] = tell(member)
    run_mails()
    client.force_login(member.user)
    answer = client.get(path(urls_of(mail.outbox[0])[""]))
    assert answer["Location"] == notice.path
    notice.refresh_from_db()
    assert notice.read_at


def test_what_was_read_withdrawn_or_stopped_meanwhile_is_not_mailed() -> None:
    read, withdrawn, stopped, left = (make_member() for _ in range(4))
    notice_read(tell(read)[0])
    tell(withdrawn, key="gone")
    assert notices_withdraw(organization=withdrawn.organization, key="gone") == 1
    tell(stopped)
    NoticeSettings.objects.create(
        organization=stopped.organization, person=stopped.user, stopped_at=timezone.now()
    )
    tell(left)
    left.delete()
    run_mails()
    assert mail.outbox == []


def test_kind_that_is_not_mailed_stands_in_the_inbox_only_unless_chosen() -> None:
    member, keen, tired = make_member(), make_member(), make_member()
    for person, choice in ((keen, True), (tired, False)):
        NoticeSettings.objects.create(
            organization=person.organization,
            person=person.user,
            mails={QUIET.id: choice, LOUD.id: choice},
        )
    assert tell(member, kind=QUIET)[0].mail is None
    assert tell(keen, kind=QUIET)[0].mail
    assert tell(tired, kind=LOUD)[0].mail is None


def test_mail_waits_for_the_end_of_quiet_hours_in_the_organization_s_zone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: SUNDAY)
    member = make_member(make_organization(time_zone="Asia/Kathmandu"))
    NoticeSettings.objects.create(organization=member.organization, person=member.user)
    [notice] = tell(member)
    assert notice.mail.not_before == datetime(2026, 11, 23, 1, 15, tzinfo=UTC)
    run_mails()
    assert mail.outbox == []
    [asked] = tell(member, asked_for_now=True)
    assert asked.mail.not_before is None


def test_defaults_are_quiet_hours_where_the_server_says_so(
    settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WAYMARK_QUIET_HOURS = "20:00-08:30"
    monkeypatch.setattr(timezone, "now", lambda: SUNDAY)
    [notice] = tell(make_member())
    assert notice.mail.not_before == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def test_opening_the_address_stops_nothing_and_its_button_does() -> None:
    member = make_member(role=Role.VIEWER)
    tell(member)
    run_mails()
    stop = path(mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>"))
    anyone = Client(enforce_csrf_checks=True)
    assert "Something loud" in anyone.get(stop).content.decode()
    wishes = NoticeSettings.objects.get(person=member.user)
    assert wishes.mails == {}
    # As mail programs send it: without a cookie, without a token of ours.
    assert anyone.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert anyone.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    wishes.refresh_from_db()
    assert wishes.mails == {LOUD.id: False}
    assert wishes.stopped_at is None
    assert tell(member)[0].mail is None
    anyone.post(stop, {"again": "1"})
    assert tell(member)[0].mail is not None


def test_all_mails_are_stopped_and_the_inbox_goes_on() -> None:
    member = make_member()
    tell(member)
    run_mails()
    address = path(urls_of(mail.outbox[0])["Stop all mails of this organization:"])
    assert Client().post(address).status_code == 200
    [notice] = tell(member)
    assert notice.mail is None
    assert Notice.objects.count() == 2


@pytest.mark.parametrize("token", ["x", "a.b", "ä" * 300])
def test_address_that_was_made_up_is_not_found(client: Client, token: str) -> None:
    assert client.get(f"/mail/{token}/").status_code == 404
    assert client.post(f"/mail/{token}/digest/").status_code == 404


def test_other_people_s_notices_do_not_exist(client: Client) -> None:
    member = make_member()
    [notice] = tell(member)
    owner = make_member(member.organization, Role.OWNER)
    client.force_login(owner.user)
    address = f"/o/{member.organization.slug}/inbox/{notice.pk}/"
    assert client.get(address).status_code == 404
    assert client.post(f"{address}read/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None
    client.force_login(make_user())
    assert client.get(address).status_code == 404


def test_what_asks_nothing_any_more_is_no_news() -> None:
    member = make_member()
    (asked,) = tell(member, key="gate.asked:7:1")
    (other,) = tell(member, key="gate.asked:71:1")

    assert notices_settle(organization=member.organization, key="gate.asked:7:") == 1

    asked.refresh_from_db()
    other.refresh_from_db()
    assert asked.read_at is not None and other.read_at is None
