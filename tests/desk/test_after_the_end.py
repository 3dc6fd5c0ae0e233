"""What an engagement opened is closed when it ends, and it opens nothing beyond the client."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.engagements import engagement_change, engagement_end
from accounts.enums import Area, Role
from accounts.models import Engagement
from accounts.shared_addresses import address_is_open, last_day
from api.models import WebhookEndpoint
from reports.models import ShareLink
from reports.services.shares import share_create
from roadmap.enums import FeedScope
from roadmap.models import StatusLink, StatusMail
from roadmap.services.sharing.feeds import feed_is_good, feed_make
from roadmap.services.sharing.links import link_create, mail_create
from tests.factories import make_engagement, make_member, make_organization
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def advised():
    client = make_organization(name="Elm")
    engagement = make_engagement(client, make_organization(advises=True), role=Role.EDITOR)
    consultant = make_member(engagement.consultancy, Role.EDITOR).user
    return engagement, make_roadmap(client), consultant


def given_out(roadmap, person, engagement=None):
    terms = {"roadmap": roadmap, "user": person, "engagement": engagement}
    until = {"expires_on": TODAY + timedelta(30), "today": TODAY}
    return [
        share_create(report=None, name="Plan", **terms, **until),
        link_create(name="Status", **terms, **until),
        mail_create(
            address=f"{person.pk}@elm.example", rhythm="weekly", weekday=0, hour=7, **terms
        ),
    ]


def is_open(row):
    row.refresh_from_db()
    if isinstance(row, WebhookEndpoint):
        return row.is_active()
    return (row.stopped_at if isinstance(row, StatusMail) else row.revoked_at) is None


def test_what_its_people_gave_out_ends_with_the_engagement():
    engagement, roadmap, consultant = advised()
    owner = make_member(engagement.client, Role.OWNER).user
    both = make_member(engagement.consultancy, Role.EDITOR).user
    make_member(engagement.client, Role.EDITOR, user=both)
    other = make_engagement(engagement.client, make_organization(advises=True), role=Role.EDITOR)
    stays = [
        *given_out(roadmap, owner),
        *given_out(roadmap, both),
        *given_out(roadmap, make_member(other.consultancy, Role.EDITOR).user, other),
    ]
    theirs = given_out(roadmap, consultant, engagement)
    consultant.memberships.all().delete()

    engagement_end(engagement=engagement, user=owner)

    assert [is_open(row) for row in theirs] == [False] * 3
    assert all(is_open(row) for row in stays)
    assert ShareLink.objects.count() == StatusLink.objects.count() == 4


@pytest.mark.parametrize(
    ("role", "areas", "stays"),
    [
        ("editor", ["assessments", "roadmap", "reports"], [True, True, True, True]),
        # A webhook is told of every part.
        ("editor", ["roadmap", "reports"], [True, True, True, False]),
        ("editor", ["assessments", "roadmap"], [False, True, True, False]),
        ("editor", ["assessments", "reports"], [False, False, False, False]),
        ("contributor", ["assessments", "roadmap", "reports"], [False] * 4),
        ("viewer", ["reports"], [False] * 4),
    ],
)
def test_narrowing_closes_what_could_not_be_given_out_now(role, areas, stays):
    engagement, roadmap, consultant = advised()
    owner = make_member(engagement.client, Role.OWNER).user
    other = make_engagement(engagement.client, make_organization(advises=True), role=Role.EDITOR)
    untouched = [
        *given_out(roadmap, owner),
        *given_out(roadmap, make_member(other.consultancy, Role.EDITOR).user, other),
    ]
    hook = WebhookEndpoint.objects.create(
        organization=engagement.client, url="https://hooks.elm.example", engagement=engagement
    )
    theirs = [*given_out(roadmap, consultant, engagement), hook]

    until = timezone.localdate() + timedelta(30)
    engagement_change(engagement=engagement, user=owner, role=role, areas=areas, until=until)

    assert [is_open(row) for row in theirs] == stays
    assert all(is_open(row) for row in untouched)
    # What was closed stays so, whatever is opened later.
    whole = [area.value for area in Area]
    engagement_change(engagement=engagement, user=owner, role="editor", areas=whole, until=until)
    assert [is_open(row) for row in theirs] == stays


def test_what_its_people_gave_out_runs_out_with_the_engagement():
    engagement, roadmap, consultant = advised()
    share, status, _mail = given_out(roadmap, consultant, engagement)
    assert address_is_open(share, TODAY) and address_is_open(status, TODAY)

    engagement.until = TODAY - timedelta(1)

    assert not address_is_open(share, TODAY) and not address_is_open(status, TODAY)
    assert last_day(share) == engagement.until


@pytest.mark.parametrize("page", ["shares:list", "roadmap:sharing"])
def test_address_made_by_a_consultant_knows_its_engagement(client, page):
    engagement, roadmap, consultant = advised()
    client.force_login(consultant)
    slug, until = engagement.client.slug, timezone.localdate() + timedelta(9)
    forms = {
        "shares:list": ("shares:list", {"name": "B", "expires_on": until, "what": "plan"}),
        "roadmap:sharing": (
            "roadmap:status_link_create",
            {"link-name": "B", "link-expires_on": until},
        ),
    }
    name, data = forms[page]

    sent = client.post(reverse(name, args=[slug, roadmap.pk]), data)

    assert sent.status_code == 302
    model = ShareLink if page == "shares:list" else StatusLink
    assert model.objects.get().engagement == engagement


def test_calendar_of_a_consultant_lives_as_long_as_the_engagement_covers_the_roadmap():
    engagement, _roadmap, consultant = advised()
    feed = feed_make(organization=engagement.client, person=consultant, scope=FeedScope.values[0])
    rows = Engagement.objects.filter(pk=engagement.pk)

    assert feed_is_good(feed)
    rows.update(areas=["reports"])
    assert not feed_is_good(feed)
    rows.update(areas=["roadmap"], ended_at=timezone.now())
    assert not feed_is_good(feed)


@pytest.mark.parametrize("page", ["clients", "peers", "initiatives", "templates", "start"])
def test_who_advises_a_consultancy_sees_none_of_its_clients(client, page):
    engagement, _roadmap, consultant = advised()
    above = make_engagement(
        engagement.consultancy, make_organization(advises=True), role=Role.EDITOR
    )
    client.force_login(make_member(above.consultancy, Role.EDITOR).user)
    address = reverse(f"desk:{page}", args=[engagement.consultancy.slug])

    assert client.get(address).status_code == 404
    client.force_login(consultant)
    assert client.get(address).status_code == 200
