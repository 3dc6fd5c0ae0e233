"""The inbox, the bell and the settings."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership
from inbox.forms import SettingsForm
from inbox.models import Notice, NoticeSettings
from inbox.reading import notices_prune
from inbox.wishes import stored_wishes
from tests.factories import make_member, make_organization
from tests.inbox.factories import LOUD, QUIET, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Membership:
    return make_member(make_organization(time_zone="Europe/Berlin"))


@pytest.fixture
def visitor(client: Client, member: Membership) -> Client:
    client.force_login(member.user)
    return client


def inbox(member: Membership, more: str = "") -> str:
    return f"/o/{member.organization.slug}/inbox/{more}"


def many(member: Membership, count: int) -> None:
    Notice.objects.bulk_create(
        Notice(
            organization=member.organization,
            person=member.user,
            kind=LOUD.id,
            title=f"Notice {number}",
            path="/",
            read_at=timezone.now() if number % 2 else None,
        )
        for number in range(count)
    )


def test_empty_inbox_says_what_will_stand_there(visitor, member) -> None:
    page = visitor.get(inbox(member)).content.decode()
    assert "Nobody told you anything yet" in page
    assert "wm-bell__count" not in page


def test_unread_comes_first_and_the_bell_counts_it(visitor, member) -> None:
    tell(member, title="Old and unread")
    tell(member, title="New and read")
    Notice.objects.filter(title="New and read").update(read_at=timezone.now())
    tell(make_member(member.organization), title="Somebody else's")
    page = visitor.get(inbox(member)).content.decode()
    assert page.index("Old and unread") < page.index("New and read")
    assert "Somebody else" not in page
    assert '<span class="wm-bell__count">1<' in page
    unread = visitor.get(inbox(member, "?show=unread")).content.decode()
    assert "New and read" not in unread


def test_one_is_marked_read_and_unread_and_the_choice_is_kept(visitor, member) -> None:
    [notice] = tell(member)
    answer = visitor.post(inbox(member, f"{notice.pk}/read/"), {"query": "show=unread"})
    assert answer["Location"] == inbox(member, "?show=unread")
    notice.refresh_from_db()
    read_at = notice.read_at
    assert read_at
    visitor.post(inbox(member, f"{notice.pk}/read/"))
    notice.refresh_from_db()
    assert notice.read_at == read_at
    visitor.post(inbox(member, f"{notice.pk}/read/"), {"as": "unread"})
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_of_a_kind_or_all_are_marked_read(visitor, member) -> None:
    tell(member)
    tell(member, kind=QUIET)
    visitor.post(inbox(member, "read/"), {"kind": QUIET.id})
    assert Notice.objects.filter(read_at=None).count() == 1
    visitor.post(inbox(member, "read/"))
    assert not Notice.objects.filter(read_at=None).exists()


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "javascript:x"])
def test_notice_leads_nowhere_else(visitor, member, path: str) -> None:
    [notice] = tell(member)
    Notice.objects.update(path=path)
    assert visitor.get(inbox(member, f"{notice.pk}/"))["Location"] == inbox(member)


def test_five_thousand_notices_take_the_same_queries_as_one(
    visitor, member, django_assert_num_queries
) -> None:
    tell(member)
    visitor.get(inbox(member))
    with django_assert_num_queries(8):
        visitor.get(inbox(member))
    many(member, 5000)
    with django_assert_num_queries(8):
        page = visitor.get(inbox(member, "?page=3")).content.decode()
    assert "Page 3 of 201" in page
    assert "99+" in page


def test_settings_are_saved_and_shown_in_the_organizations_zone(visitor, member) -> None:
    tell(member)  # registers the kinds
    page = visitor.get(inbox(member, "settings/")).content.decode()
    assert "Europe/Berlin" in page
    answer = visitor.post(
        inbox(member, "settings/"),
        {
            "kinds": [QUIET.id],
            "digest": "daily",
            "digest_weekday": "3",
            "digest_at": "06:45",
            "quiet_from": "",
            "quiet_until": "",
            "is_stopped": "on",
        },
    )
    assert answer.status_code == 302
    wishes = NoticeSettings.objects.get(person=member.user)
    assert wishes.mails[QUIET.id] is True
    assert wishes.mails[LOUD.id] is False
    assert (wishes.digest, str(wishes.digest_at), wishes.quiet_from) == ("daily", "06:45:00", None)
    assert wishes.stopped_at
    again = visitor.get(inbox(member, "settings/")).content.decode()
    assert 'value="06:45"' in again


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [("20:00", "", "Give both times"), ("07:00", "07:00", "Both times are the same")],
)
def test_half_quiet_hours_are_refused_and_nothing_is_lost(
    visitor, member, begins: str, ends: str, words: str
) -> None:
    answer = visitor.post(
        inbox(member, "settings/"),
        {
            "digest": "off",
            "digest_weekday": "2",
            "digest_at": "05:55",
            "quiet_from": begins,
            "quiet_until": ends,
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="05:55"' in page
    assert not NoticeSettings.objects.exists()


def test_what_was_read_long_ago_goes(member) -> None:
    for number in range(3):
        tell(member, title=f"Notice {number}")
    long_ago = timezone.now() - timedelta(days=181)
    Notice.objects.filter(title="Notice 0").update(read_at=long_ago, created_at=long_ago)
    Notice.objects.filter(title="Notice 1").update(created_at=long_ago)
    assert notices_prune() == 1
    assert not Notice.objects.filter(title="Notice 0").exists()


def test_settings_are_saved_though_a_mail_stores_them_first(visitor, member, monkeypatch) -> None:
    valid = SettingsForm.is_valid

    def meanwhile(form: SettingsForm) -> bool:
        stored_wishes(member.organization, member.user)
        return valid(form)

    monkeypatch.setattr(SettingsForm, "is_valid", meanwhile)
    sent = {"digest": "off", "digest_weekday": "0", "digest_at": "07:00"}
    answer = visitor.post(inbox(member, "settings/"), sent)

    assert answer.status_code == 302
    assert stored_wishes(member.organization, member.user).digest == "off"
