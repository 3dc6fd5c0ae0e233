"""A tool that used to send and no longer does: by its own rhythm, told once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from delivery.domain.silence import Rhythm, is_silent, rhythm_of
from delivery.models import InboundEvent, Source
from delivery.notices import SILENT
from delivery.services.silence import silences_tell
from inbox.models import Notice
from tests.delivery.intake_factories import make_source
from tests.factories import make_member, make_organization

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def days(*ago):
    return [date(2026, 11, 20) - timedelta(days=n) for n in ago]


@pytest.mark.parametrize(
    ("ago", "rhythm"),
    [
        ([], None),
        ([3], None),
        ([3, 4], None),
        ([3, 4, 5], Rhythm(1, 7)),
        # Weekdays only: the gap over a weekend.
        ([0, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 17], Rhythm(3, 12)),
        ([0, 14, 28, 42], Rhythm(14, 56)),
        # One long holiday is no rhythm.
        ([*range(10), *range(40, 60)], Rhythm(1, 7)),
        # What was usual long ago counts no more, and what came lately is too little.
        ([0, 1, *range(100, 200)], None),
    ],
)
def test_the_rhythm_is_what_was_usual_lately(ago, rhythm):
    assert rhythm_of(days(*ago)) == rhythm


def test_silence_is_longer_than_the_rhythm_allows():
    last, rhythm = date(2026, 11, 1), Rhythm(3, 12)
    assert not is_silent(rhythm, last, last + timedelta(days=12))
    assert is_silent(rhythm, last, last + timedelta(days=13))
    assert not is_silent(None, last, date(2030, 1, 1))


def sends(source, *ago):
    rows = [
        InboundEvent(source=source, event_id=f"e{n}", body="{}", received_at=NOW - timedelta(n))
        for n in ago
    ]
    InboundEvent.objects.bulk_create(rows)


@pytest.mark.django_db
def test_owners_and_editors_are_told_once_for_each_silence():
    organization = make_organization()
    told = {make_member(organization, role=role).user for role in (Role.OWNER, Role.EDITOR)}
    make_member(organization, role=Role.VIEWER)
    source = make_source(organization)
    sends(source, 8, 9, 10, 11)
    make_source(organization)  # never sent
    sends(make_source(organization, ended_at=NOW), 8, 9, 10, 11)
    sends(make_source(organization), 1, 2, 3, 4)

    assert [silences_tell(NOW) for _again in range(2)] == [1, 0]

    notices = Notice.objects.filter(kind=SILENT.id)
    assert {notice.person for notice in notices} == told
    assert source.name in notices[0].title
    assert notices[0].path == reverse("delivery:source", args=[organization.slug, source.pk])

    sends(source, 0)
    assert silences_tell(NOW) == 0
    assert silences_tell(NOW + timedelta(days=60)) == 2  # this one again, and the one of 1 to 4
    assert Notice.objects.filter(kind=SILENT.id).count() == 6


@pytest.mark.django_db
def test_nothing_is_said_of_a_system_that_is_watched_no_more():
    source = make_source()
    sends(source, 8, 9, 10, 11)
    source.system.ended_at = NOW
    source.system.save()
    assert silences_tell(NOW) == 0


@pytest.mark.django_db
def test_pages_say_since_when_until_something_comes(client):
    member = make_member()
    client.force_login(member.user)
    source = make_source(member.organization)
    sends(source, 8, 9, 10, 11)
    silences_tell(NOW)
    slug = member.organization.slug
    pages = [
        reverse("delivery:metrics", args=[slug]),
        reverse("delivery:source", args=[slug, source.pk]),
    ]
    said = f"Nothing has arrived from “{source.name}” since"
    assert [said in client.get(page).content.decode() for page in pages] == [True, True]
    sends(source, 0)
    assert [said in client.get(page).content.decode() for page in pages] == [False, False]
    assert Source.objects.get(pk=source.pk).silent_since is not None
