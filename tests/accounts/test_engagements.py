"""Who of a consultancy gets into a client's house, and how that begins and ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from accounts.engagements import (
    AdvisesItself,
    AlreadyEngaged,
    EngagementInvalid,
    RequestClosed,
    client_start,
    engagement_ask,
    engagement_change,
    engagement_end,
    engagement_grant,
    engagement_withdraw,
)
from accounts.enums import Area, Role
from accounts.models import AuditEntry, Engagement
from accounts.tenancy import Can, access_to, accesses_of
from tests.factories import make_engagement, make_member, make_organization

pytestmark = pytest.mark.django_db

SOON = timedelta(days=90)


def consultant(role=Role.EDITOR):
    return make_member(make_organization(advises=True), role)


def request_of(member, **changes):
    terms = {"role": "editor", "areas": ["assessments"], "until": timezone.localdate() + SOON}
    return engagement_ask(
        consultancy=member.organization, user=member.user, name="Elm Clinic", **terms | changes
    )


@pytest.mark.parametrize(
    ("in_consultancy", "granted", "acts_as"),
    [
        (Role.OWNER, Role.EDITOR, Role.EDITOR),
        (Role.EDITOR, Role.VIEWER, Role.VIEWER),
        (Role.VIEWER, Role.EDITOR, Role.VIEWER),
        (Role.CONTRIBUTOR, Role.CONTRIBUTOR, Role.CONTRIBUTOR),
    ],
)
def test_consultant_acts_with_the_lower_of_two_roles(in_consultancy, granted, acts_as):
    member = consultant(in_consultancy)
    engagement = make_engagement(consultancy=member.organization, role=granted)

    access = access_to(member.user, engagement.client.slug)

    assert (access.role, access.engagement) == (acts_as, engagement)
    assert not access.can_manage


def test_members_of_the_client_are_no_consultants():
    member = consultant()
    engagement = make_engagement(consultancy=member.organization, role=Role.VIEWER)
    make_member(engagement.client, Role.OWNER, user=member.user)

    access = access_to(member.user, engagement.client.slug)

    assert (access.role, access.engagement) == (Role.OWNER, None)


def test_the_client_gets_into_nothing_of_its_consultancy():
    engagement = make_engagement()
    owner = make_member(engagement.client, Role.OWNER).user

    with pytest.raises(Http404):
        access_to(owner, engagement.consultancy.slug)


def test_an_ended_engagement_lets_nobody_in():
    member = consultant()
    engagement = make_engagement(consultancy=member.organization)
    assert access_to(member.user, engagement.client.slug)

    engagement_end(engagement=engagement, user=make_member(engagement.client, Role.OWNER).user)

    with pytest.raises(Http404):
        access_to(member.user, engagement.client.slug)
    assert engagement.client.pk not in accesses_of(member.user)


def test_whoever_leaves_the_consultancy_leaves_its_clients():
    member = consultant()
    engagement = make_engagement(consultancy=member.organization)

    member.delete()

    with pytest.raises(Http404):
        access_to(member.user, engagement.client.slug)


@pytest.mark.parametrize(
    ("zone", "is_in"), [("Pacific/Kiritimati", False), ("UTC", True), ("Pacific/Pago_Pago", True)]
)
def test_the_last_day_is_the_clients(monkeypatch, zone, is_in):
    member = consultant()
    client = make_organization(time_zone=zone)
    make_engagement(client, member.organization, until=date(2026, 11, 22))
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)

    if is_in:
        assert access_to(member.user, client.slug).organization == client
    else:
        with pytest.raises(Http404):
            access_to(member.user, client.slug)


def test_what_is_not_covered_is_refused_with_words():
    member = consultant()
    engagement = make_engagement(consultancy=member.organization, areas=(Area.REPORTS,))
    access = access_to(member.user, engagement.client.slug)

    access.require_area(Area.REPORTS)
    access.require_area(None)
    with pytest.raises(PermissionDenied, match="has not opened its Assessments and scores"):
        access.require_area(Area.ASSESSMENTS)


@pytest.mark.parametrize(
    ("name", "areas", "status"),
    [
        ("assessments:list", (Area.ASSESSMENTS,), 200),
        ("assessments:list", (Area.ROADMAP,), 403),
        ("roadmap:list", (Area.ROADMAP,), 200),
        ("roadmap:list", (Area.ASSESSMENTS,), 403),
        ("delivery:metrics", (Area.ROADMAP,), 200),
        ("delivery:metrics", (Area.REPORTS,), 403),
        ("accounts:organization_home", (Area.REPORTS,), 200),
        ("accounts:history", tuple(Area), 200),
        ("accounts:history", (Area.ASSESSMENTS, Area.ROADMAP), 403),
    ],
)
def test_pages_open_by_the_areas_granted(client, name, areas, status):
    member = consultant()
    engagement = make_engagement(consultancy=member.organization, areas=areas)
    client.force_login(member.user)

    assert client.get(reverse(name, args=[engagement.client.slug])).status_code == status


def test_the_higher_of_two_engagements_counts():
    member, other = consultant(), consultant()
    make_member(other.organization, user=member.user)
    house = make_organization()
    make_engagement(house, member.organization, role=Role.VIEWER)
    make_engagement(house, other.organization, role=Role.EDITOR)

    assert access_to(member.user, house.slug).role == Role.EDITOR


@pytest.mark.parametrize("number", [1, 6])
def test_many_founding_engagements_ask_no_more_often(django_assert_num_queries, number):
    member = consultant(Role.OWNER)
    clients = [
        make_engagement(consultancy=member.organization, is_founding=True).client
        for _ in range(number)
    ]
    make_member(clients[0], Role.OWNER)

    with django_assert_num_queries(2):
        accesses = accesses_of(member.user)

    roles = [accesses[client.pk].role for client in clients]
    assert roles == [Role.EDITOR, *[Role.OWNER] * (number - 1)]


def test_asking_granting_and_ending_stands_in_both_histories():
    member = consultant()
    owner = make_member(role=Role.OWNER)
    asked = request_of(member)

    made = engagement_grant(
        asked=asked,
        client=owner.organization,
        user=owner.user,
        role="viewer",
        areas=["roadmap", "reports"],
        until=timezone.localdate() + SOON,
    )
    engagement_end(engagement=made, user=owner.user)
    engagement_end(engagement=made, user=owner.user)

    assert (made.role, made.areas) == ("viewer", ["roadmap", "reports"])
    verbs = AuditEntry.objects.order_by("pk").values_list("organization", "verb")
    ours, theirs = member.organization.pk, owner.organization.pk
    assert sorted(verbs) == sorted(
        [
            (ours, "engagement.asked"),
            (ours, "engagement.granted"),
            (theirs, "engagement.granted"),
            (ours, "engagement.ended"),
            (theirs, "engagement.ended"),
        ]
    )


def test_a_request_is_answered_once():
    member, owner = consultant(), make_member(role=Role.OWNER)
    asked = request_of(member)
    terms = {"role": "viewer", "areas": ["roadmap"], "until": timezone.localdate() + SOON}
    grant = {"asked": asked, "client": owner.organization, "user": owner.user, **terms}
    engagement_grant(**grant)

    with pytest.raises(RequestClosed):
        engagement_grant(**grant)
    with pytest.raises(AlreadyEngaged):
        engagement_grant(**grant | {"asked": request_of(member)})
    with pytest.raises(AdvisesItself):
        engagement_grant(**grant | {"asked": request_of(member), "client": member.organization})
    withdrawn = request_of(member)
    engagement_withdraw(asked=withdrawn, user=member.user)
    with pytest.raises(RequestClosed):
        engagement_grant(**grant | {"asked": withdrawn})


def test_one_that_ran_out_makes_room_for_a_new_one():
    member, owner = consultant(), make_member(role=Role.OWNER)
    make_engagement(owner.organization, member.organization, until=date(2020, 1, 1))

    made = engagement_grant(
        asked=request_of(member),
        client=owner.organization,
        user=owner.user,
        role="editor",
        areas=["reports"],
        until=timezone.localdate(),
    )

    assert Engagement.objects.filter(ended_at=None).get() == made


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "owner"}, "role"),
        ({"areas": []}, "areas"),
        ({"areas": ["cellar"]}, "areas"),
        ({"until": date(2020, 1, 1)}, "until"),
        ({"until": date(2200, 1, 1)}, "until"),
    ],
)
def test_terms_that_make_no_sense_are_refused(changes, field):
    engagement = make_engagement()
    terms = {"role": "viewer", "areas": ["roadmap"], "until": timezone.localdate() + SOON}

    with pytest.raises(EngagementInvalid) as refused:
        engagement_change(
            engagement=engagement, user=make_member(role=Role.OWNER).user, **terms | changes
        )
    assert list(refused.value.messages) == [field]


def test_who_starts_a_client_keeps_it_until_it_has_an_owner():
    member = consultant()
    made = client_start(
        consultancy=member.organization,
        user=member.user,
        name="Ash Hospital",
        kind="hospital",
        time_zone="Europe/Vienna",
    )
    assert access_to(member.user, made.client.slug).allows(Can.MANAGE) is False

    owner_of_house = make_member(member.organization, Role.OWNER).user
    assert access_to(owner_of_house, made.client.slug).allows(Can.MANAGE)

    make_member(made.client, Role.OWNER)
    assert access_to(owner_of_house, made.client.slug).role == Role.EDITOR
