"""Grants, changes and ends of engagements are told to both sides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import engagements
from accounts.enums import Area, Role
from inbox.models import Notice
from tests.factories import make_engagement, make_member, make_organization


@pytest.fixture
def sides(db):
    client, consultancy = (
        make_organization(name="Elm"),
        make_organization(name="Quill", advises=True),
    )
    return {
        "owner": make_member(client, Role.OWNER).user,
        "second": make_member(client, Role.OWNER).user,
        "reader": make_member(client, Role.VIEWER).user,
        "asked": make_member(consultancy, Role.EDITOR).user,
        "helper": make_member(consultancy, Role.VIEWER).user,
        "client": client,
        "consultancy": consultancy,
    }


def told():
    return {(one.person_id, one.title) for one in Notice.objects.all()}


def test_a_grant_reaches_who_asked_and_the_other_owners(sides):
    until = timezone.localdate() + timedelta(days=90)
    terms = {"role": Role.VIEWER.value, "areas": [Area.REPORTS.value], "until": until}
    asked = engagements.engagement_ask(
        consultancy=sides["consultancy"], user=sides["asked"], name="Elm", **terms
    )
    engagements.engagement_grant(asked=asked, client=sides["client"], user=sides["owner"], **terms)

    assert told() == {
        (sides["asked"].pk, "Elm has let you in"),
        (sides["second"].pk, "Quill was let in"),
    }
    assert "Viewer · Reports · until" in Notice.objects.get(person=sides["asked"]).text


def test_a_change_and_an_end_are_told(sides):
    engagement = make_engagement(sides["client"], sides["consultancy"])
    terms = {"role": Role.VIEWER.value, "areas": [Area.REPORTS.value]}
    engagements.engagement_change(
        engagement=engagement, user=sides["owner"], until=timezone.localdate(), **terms
    )
    engagements.engagement_end(engagement=engagement, user=sides["owner"])
    engagements.engagement_end(engagement=engagement, user=sides["owner"])

    mine = Notice.objects.filter(person=sides["asked"]).order_by("pk")
    assert [one.title for one in mine] == [
        "Elm changed what you may see and do",
        "The engagement with Elm has ended",
    ]
    assert mine[0].text.startswith("Viewer · Reports")
    assert Notice.objects.filter(person=sides["second"]).count() == 2
    assert not Notice.objects.filter(person__in=[sides["reader"], sides["helper"]]).exists()


def test_a_client_one_started_oneself_is_no_news(sides):
    engagements.client_start(
        consultancy=sides["consultancy"],
        user=sides["asked"],
        name="Oak",
        kind="hospital",
        time_zone="UTC",
    )

    assert told() == set()
