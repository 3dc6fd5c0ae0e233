"""Reports and plans for people without an account."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from accounts.shared_addresses import TRIES
from reports import storage
from reports.models import Report, ShareLink
from reports.services.shares import (
    MOST_OPEN,
    ShareInvalid,
    share_create,
    share_revoke,
    share_token,
)
from roadmap.models import PlannedInitiative
from roadmap.services.work.tracking import organization_today
from tests.factories import make_member
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db
BODY = b"%PDF-1.7 nothing more"


@pytest.fixture
def editor():
    return make_member(role=Role.EDITOR)


@pytest.fixture
def roadmap(editor):
    return make_roadmap(editor.organization)


@pytest.fixture
def report(roadmap, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    made = Report.objects.create(
        organization=roadmap.organization,
        roadmap=roadmap,
        snapshot={"organization": "North Clinic", "generated_on": "2026-11-23"},
        input_hash="a" * 64,
        pages=3,
    )
    made.file = storage.write(made.pk, "0abc", BODY)
    made.save(update_fields=["file"])
    return made


def share(roadmap, user, report=None, *, days=5, password="", name="The board"):
    today = organization_today(roadmap.organization)
    return share_create(
        roadmap=roadmap,
        report=report,
        user=user,
        name=name,
        expires_on=today + timedelta(days=days),
        today=today,
        password=password,
    )


def address(link, page="links:shared"):
    return reverse(page, args=[share_token(link)])


def test_report_is_read_without_an_account(client, editor, roadmap, report):
    link = share(roadmap, editor.user, report)

    page = client.get(address(link))
    file = client.get(address(link, "links:file"))

    assert page.status_code == 200
    assert address(link, "links:file") in page.content.decode()
    assert b"".join(file.streaming_content) == BODY
    assert file["Content-Type"] == "application/pdf"
    for answer in (page, file):
        assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert "no-store" in answer["Cache-Control"]
    link.refresh_from_db()
    assert link.views == 1 and link.last_viewed_at


def test_plan_shows_what_stands_now_and_nobody_s_name(client, editor, roadmap):
    link = share(roadmap, editor.user)
    one = roadmap.initiatives.exclude(kind="review").first()
    PlannedInitiative.objects.filter(pk=one.pk).update(
        owner=editor.user, note="Dr. Sorensen is against it", blocked_because="no money from Ida"
    )
    editor.user.name = "Wilhelmina Featherstone"
    editor.user.save()

    page = client.get(address(link)).content.decode()

    assert one.title in page and "blocked" in page
    for hidden in ("Featherstone", "Sorensen", "no money", f"/o/{roadmap.organization.slug}/"):
        assert hidden not in page


def test_password_opens_page_and_file(client, editor, roadmap, report):
    link = share(roadmap, editor.user, report, password="open sesame")

    closed = client.get(address(link, "links:file"))
    wrong = client.post(address(link), {"password": "sesame"})
    right = client.post(address(link), {"password": "open sesame"}, follow=True)
    file = client.get(address(link, "links:file"))

    assert b"password" in closed.content and closed["Content-Type"].startswith("text/html")
    assert wrong.status_code == 422
    assert right.status_code == 200 and "Read the report" in right.content.decode()
    assert b"".join(file.streaming_content) == BODY


def test_new_password_locks_again_and_guessing_is_stopped(client, editor, roadmap):
    link = share(roadmap, editor.user, password="open sesame")
    client.post(address(link), {"password": "open sesame"})
    other = share(roadmap, editor.user, password="something else")
    ShareLink.objects.filter(pk=link.pk).update(password=other.password)

    assert "Show it" in client.get(address(link)).content.decode()
    answers = [client.post(address(link), {"password": "?"}) for _ in range(TRIES)]
    assert answers[-1].status_code == 429


@pytest.mark.parametrize("how", ["ended", "over"])
def test_ended_address_shows_nothing(client, editor, roadmap, report, how):
    link = share(roadmap, editor.user, report)
    if how == "ended":
        share_revoke(link=link, user=editor.user)
        share_revoke(link=link, user=editor.user)
        assert AuditEntry.objects.filter(verb="share.ended").count() == 1
    else:
        ShareLink.objects.update(expires_on=organization_today(roadmap.organization))
        assert client.get(address(link)).status_code == 200  # the whole of its last day
        ShareLink.objects.update(
            expires_on=organization_today(roadmap.organization) - timedelta(days=1)
        )

    assert client.get(address(link)).status_code == 410
    assert client.get(address(link, "links:file")).status_code == 410


def test_address_is_no_other_address(client, editor, roadmap):
    token = share_token(share(roadmap, editor.user))

    for wrong in (token[:-1], token + "x", "x", reverse("shared:status", args=[token])[-40:]):
        assert client.get(f"/shared/plans/{wrong}/").status_code == 404
    assert client.get(reverse("shared:status", args=[token])).status_code == 404


def test_file_that_is_gone_is_told(client, editor, roadmap, report):
    link = share(roadmap, editor.user, report)
    storage.path_of(report.file).unlink()

    assert client.get(address(link, "links:file")).status_code == 404
    Report.objects.update(file="")
    assert "no longer kept" in client.get(address(link)).content.decode()


def test_page_makes_an_address_and_keeps_what_was_typed(client, editor, roadmap, report):
    client.force_login(editor.user)
    url = reverse("shares:list", args=[roadmap.organization.slug, roadmap.pk])
    sent = {"what": str(report.pk), "name": "Ministry", "expires_on": "2020-01-01"}

    opened = client.get(f"{url}?report={report.pk}").content.decode()
    refused = client.post(url, sent)
    day = organization_today(roadmap.organization) + timedelta(days=3)
    made = client.post(url, sent | {"expires_on": day.isoformat()}, follow=True)

    assert re.search(rf'value="{report.pk}"[^>]*checked', opened)
    assert refused.status_code == 422 and "Ministry" in refused.content.decode()
    assert "from today on" in refused.content.decode()
    link = ShareLink.objects.get()
    assert link.report == report and link.name == "Ministry"
    assert address(link) in made.content.decode()


def test_report_of_another_roadmap_is_not_offered(client, editor, roadmap, report):
    other = make_roadmap()
    Report.objects.update(roadmap=other, organization=other.organization)
    client.force_login(editor.user)
    url = reverse("shares:list", args=[roadmap.organization.slug, roadmap.pk])

    answer = client.post(url, {"what": str(report.pk), "name": "X", "expires_on": "2027-01-01"})

    assert answer.status_code == 422 and not ShareLink.objects.exists()


def test_open_addresses_are_counted(editor, roadmap):
    today = organization_today(roadmap.organization)
    rows = [
        ShareLink(organization=roadmap.organization, roadmap=roadmap, name=str(n), expires_on=today)
        for n in range(MOST_OPEN)
    ]
    for row in rows:
        row.save()

    with pytest.raises(ShareInvalid):
        share(roadmap, editor.user)


@pytest.mark.parametrize("number", [1, 12])
def test_list_stays_within_its_queries(
    client, editor, roadmap, report, number, django_assert_max_num_queries
):
    for n in range(number):
        share(roadmap, editor.user, report if n % 2 else None)
    client.force_login(editor.user)

    with django_assert_max_num_queries(14):
        client.get(reverse("shares:list", args=[roadmap.organization.slug, roadmap.pk]))
