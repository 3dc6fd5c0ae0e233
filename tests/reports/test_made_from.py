"""A consultancy that was not shown the answers makes no report of them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Area, Role
from accounts.models import User
from accounts.tenancy import access_to
from reports.models import Report
from reports.services.batches import may_report
from roadmap.models import Roadmap
from tests.factories import make_engagement, make_member
from tests.reports.factories import make_roadmap

pytestmark = pytest.mark.django_db


def let_in(roadmap: Roadmap, *areas: Area) -> User:
    engagement = make_engagement(client=roadmap.organization, role=Role.EDITOR, areas=areas)
    return make_member(engagement.consultancy, Role.EDITOR).user


@pytest.mark.parametrize(
    ("areas", "status"),
    [
        ((Area.REPORTS,), 403),
        ((Area.REPORTS, Area.ROADMAP), 403),
        ((Area.REPORTS, Area.ASSESSMENTS), 403),
        (tuple(Area), 302),
    ],
)
def test_reports_are_made_by_whoever_sees_what_they_hold(
    client: Client, areas: tuple[Area, ...], status: int
) -> None:
    roadmap = make_roadmap()
    consultant = let_in(roadmap, *areas)
    client.force_login(consultant)
    at = [roadmap.organization.slug, roadmap.pk]

    assert client.post(reverse("reports:list", args=at)).status_code == status
    assert client.get(reverse("reports:new", args=at)).status_code == (
        200 if status == 302 else status
    )
    assert Report.objects.count() == (status == 302)
    assert may_report(access_to(consultant, roadmap.organization.slug)) is (status == 302)
    shown = client.get(reverse("reports:list", args=at))
    assert shown.status_code == 200
    assert (b"Make a report" in shown.content) is (status == 302)


def test_whoever_sees_reports_alone_finds_them_on_the_home_page(client: Client) -> None:
    roadmap = make_roadmap()
    client.force_login(let_in(roadmap, Area.REPORTS))
    slug = roadmap.organization.slug

    home = client.get(reverse("accounts:organization_home", args=[slug])).content.decode()

    assert reverse("reports:list", args=[slug, roadmap.pk]) in home
    assert f'{reverse("roadmap:detail", args=[slug, roadmap.pk])}"' not in home
