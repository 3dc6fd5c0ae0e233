"""Status reports for people without an account."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.urls import reverse

from accounts.enums import Role
from accounts.secret_addresses import token_of
from accounts.shared_addresses import TRIES
from jobs.models import Job
from jobs.tasks import run_job
from roadmap.enums import InitiativeStatus, Rhythm
from roadmap.models import StatusLink, StatusMail
from roadmap.services.sharing.links import (
    LINK,
    MAIL,
    SharingInvalid,
    is_due,
    link_create,
    mail_create,
    mail_stop,
    mails_due,
)
from roadmap.services.work.tracking import organization_today
from tests.factories import make_member, make_organization
from tests.roadmap.factories import MONDAY, make_roadmap

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)  # a Monday


@pytest.fixture
def shared():
    """An editor's roadmap, shared without a password."""
    editor = make_member(role=Role.EDITOR)
    roadmap = make_roadmap(editor.organization)
    today = organization_today(editor.organization)
    return link_create(
        roadmap=roadmap,
        user=editor.user,
        name="The board",
        expires_on=today + timedelta(days=2),
        today=today,
    )


def address(link, purpose=LINK, name="status"):
    return reverse(f"shared:{name}", args=[token_of(purpose, link.nonce)])


def status_mail(**changes):
    return StatusMail.objects.create(
        roadmap=make_roadmap(), address="board@example.org", weekday=0, hour=7, **changes
    )


def test_reader_without_account_sees_progress_and_no_reasons(client, shared):
    items = shared.roadmap.initiatives
    items.filter(initiative_id="A1").update(
        status=InitiativeStatus.IN_PROGRESS, blocked_because="Dr Grey is ill", note="secret note"
    )

    response = client.get(address(shared))

    text = response.content.decode()
    assert response.status_code == 200
    assert shared.roadmap.organization.name in text and "1 is blocked" in text
    assert "Dr Grey" not in text and "secret note" not in text
    assert "noindex" in response["X-Robots-Tag"]
    assert StatusLink.objects.get().views == 1


def test_link_ends_by_day_and_by_hand(client, shared):
    StatusLink.objects.update(expires_on=date(2020, 1, 1))
    assert client.get(address(shared)).status_code == 410

    StatusLink.objects.update(expires_on=date(2099, 1, 1), revoked_at=NOON)
    assert client.get(address(shared)).status_code == 410


@pytest.mark.parametrize("token", ["x", "0" * 32, "%00", "a" * 300])
def test_made_up_address_leads_nowhere(client, shared, token):
    assert client.get(f"/shared/status/{token}/").status_code == 404


def test_address_of_another_purpose_opens_nothing(client, shared):
    assert (
        client.get(reverse("shared:status", args=[token_of(MAIL, shared.nonce)])).status_code == 404
    )


def test_password_is_asked_for_and_remembered(client, shared):
    today = organization_today(shared.roadmap.organization)
    link = link_create(
        roadmap=shared.roadmap,
        user=shared.created_by,
        name="Press",
        expires_on=today,
        today=today,
        password="eight or more",
    )

    assert "eight or more" not in link.password
    page = client.get(address(link))
    assert "A password is asked for" in page.content.decode()
    # With "no-referrer" browsers send the form from the origin "null", which is refused.
    assert page["Referrer-Policy"] == "strict-origin"
    assert client.post(address(link), {"password": "wrong"}).status_code == 422
    assert client.post(address(link), {"password": "eight or more"}).status_code == 302
    assert shared.roadmap.name in client.get(address(link)).content.decode()
    # The cookie of one link opens no other, and ends with the password it was given for.
    StatusLink.objects.filter(pk=link.pk).update(password="md5$x$another")
    assert "A password is asked for" in client.get(address(link)).content.decode()


def test_guessing_has_to_pause(client, shared):
    StatusLink.objects.update(password="md5$x$y")
    for _ in range(TRIES):
        assert client.post(address(shared), {"password": "guess"}).status_code == 422

    assert client.post(address(shared), {"password": "guess"}).status_code == 429


def test_shared_address_follows_to_the_newest_roadmap(client, shared):
    newer = make_roadmap(shared.roadmap.organization, name="Planned again")

    assert newer.name in client.get(address(shared)).content.decode()


def test_link_for_longer_than_a_year_is_refused(shared):
    today = date(2027, 1, 1)
    for until in (today - timedelta(days=1), today + timedelta(days=400)):
        with pytest.raises(SharingInvalid):
            link_create(
                roadmap=shared.roadmap,
                user=shared.created_by,
                name="x",
                expires_on=until,
                today=today,
            )


def test_wrong_form_keeps_what_was_typed(client, shared):
    client.force_login(shared.created_by)
    place = [shared.roadmap.organization.slug, shared.roadmap_id]
    data = {"link-name": "Kept", "link-expires_on": "2001-01-01", "link-password": "short"}

    response = client.post(reverse("roadmap:status_link_create", args=place), data)

    assert response.status_code == 422
    assert 'value="Kept"' in response.content.decode()


@pytest.mark.parametrize(
    ("rhythm", "moment", "is_it"),
    [
        (Rhythm.WEEKLY, datetime(2027, 3, 1, 7), True),
        (Rhythm.WEEKLY, datetime(2027, 3, 1, 6, 59), False),
        (Rhythm.WEEKLY, datetime(2027, 3, 2, 9), False),
        (Rhythm.MONTHLY, datetime(2027, 3, 1, 23), True),
        (Rhythm.MONTHLY, datetime(2027, 3, 8, 9), False),
    ],
)
def test_mail_is_due_on_its_day_from_its_hour(rhythm, moment, is_it):
    mail = StatusMail(rhythm=rhythm, weekday=0, hour=7)

    assert is_due(mail, moment) is is_it


def test_two_clocks_ask_for_one_mail_and_the_job_twice_sends_one():
    status_mail()

    assert (mails_due(NOON), mails_due(NOON), mails_due(NOON + timedelta(hours=3))) == (1, 0, 0)
    job = Job.objects.get(kind="roadmap.status_mail")
    run_job(job.pk)
    run_job(job.pk)

    (message,) = outbox.outbox
    assert message.to == ["board@example.org"]
    assert message.attachments[0][1][:5] == b"%PDF-"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert StatusMail.objects.get().last_sent_on is not None


def test_hour_counts_where_the_organization_is():
    mail = status_mail()
    organization = mail.roadmap.organization
    organization.time_zone = "Pacific/Auckland"
    organization.save()

    # Monday 07:30 in Auckland is still Sunday evening in UTC.
    assert mails_due(datetime(2027, 2, 28, 18, 30, tzinfo=UTC)) == 1


def test_reader_stops_the_mails_by_the_link_in_them(client):
    mail = status_mail()
    mails_due(NOON)
    run_job(Job.objects.get(kind="roadmap.status_mail").pk)
    link = re.search(r"http\S+/shared/status-mail/\S+", outbox.outbox[0].body)[0]
    path = link[link.index("/shared/") :]

    assert "Stop the status reports?" in client.get(path).content.decode()
    assert StatusMail.objects.get().stopped_at is None
    client.post(path, {"List-Unsubscribe": "One-Click"})
    assert StatusMail.objects.get().stopped_at is not None
    with pytest.raises(SharingInvalid, match="no more mails"):
        mail_create(
            roadmap=mail.roadmap,
            user=make_member(mail.roadmap.organization).user,
            address="Board@example.org",
            rhythm=Rhythm.WEEKLY,
            weekday=0,
            hour=7,
        )


def test_mail_stopped_while_its_job_waits_is_not_sent():
    mail = status_mail()
    mails_due(NOON)
    mail_stop(mail=mail, user=None)

    run_job(Job.objects.get(kind="roadmap.status_mail").pk)

    assert outbox.outbox == []


@pytest.mark.parametrize("initiatives", [3, 40])
def test_shared_page_costs_the_same_whatever_the_roadmap(
    client, django_assert_max_num_queries, initiatives
):
    organization = make_organization()
    roadmap = make_roadmap(organization, initiatives=initiatives)
    link = StatusLink.objects.create(
        roadmap=roadmap, name="x", expires_on=MONDAY + timedelta(days=3650)
    )

    with django_assert_max_num_queries(8):
        assert client.get(address(link)).status_code == 200
