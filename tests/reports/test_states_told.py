"""What the pages of reports, batches and shared addresses say in the states that are rare."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from inbox.models import Notice
from jobs.models import Job
from reports.models import Batch, BatchItem, Report, ReportTemplate
from reports.services.batches import zip_make
from reports.services.shares import share_create, share_token
from roadmap.services.work.tracking import organization_today
from tests.factories import make_engagement, make_member, make_organization
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    member = make_member(role=Role.EDITOR)
    client.force_login(member.user)
    return member


@pytest.fixture
def roadmap(editor):
    return make_roadmap(editor.organization)


def report_of(roadmap, **more):
    return Report.objects.create(
        organization=roadmap.organization,
        roadmap=roadmap,
        snapshot={"organization": "North Clinic", "generated_on": "2026-11-23"},
        input_hash=f"{len(more)}" * 64,
        **more,
    )


def page_of(client, member, name, *args):
    return client.get(reverse(name, args=[member.organization.slug, *args])).content.decode()


def test_batch_whose_zip_was_let_go_is_not_called_ready(client, editor, roadmap):
    report = report_of(roadmap, finished_at=timezone.now())
    batch = Batch.objects.create(
        organization=editor.organization,
        name="Spring",
        choices=[{"form": "json"}, {"document": "board"}],
        finished_at=timezone.now(),
    )
    told = {"batch": batch, "client": editor.organization, "ended_at": timezone.now()}
    BatchItem.objects.create(**told, number=0, report=report)
    BatchItem.objects.create(**told, number=1, problem="The disk is full.")

    page = page_of(client, editor, "batches:detail", batch.pk)

    assert "The files are no longer kept" in page and "The files are ready" not in page
    # Which of a client's files it was.
    assert "Board paper: The disk is full." in page
    assert "Files no longer kept" in page_of(client, editor, "batches:list")


def test_list_says_why_a_report_was_not_made(client, editor, roadmap):
    job = Job.objects.create(
        organization=editor.organization, kind="report", state="failed", error="The disk is full."
    )
    report_of(roadmap, job=job)

    assert "The disk is full." in page_of(client, editor, "reports:list", roadmap.pk)


def test_shared_page_names_the_last_day_of_the_engagement(client, editor, roadmap):
    """Not its own, where access for which it was made ends before."""
    today = organization_today(editor.organization)
    engagement = make_engagement(editor.organization, until=today + timedelta(days=3))
    terms = {"report": None, "user": editor.user, "today": today, "engagement": engagement}
    link = share_create(
        roadmap=roadmap, name="Board", expires_on=today + timedelta(days=30), **terms
    )

    answer = client.get(reverse("links:shared", args=[share_token(link)]))

    assert answer.context["last_day"] == engagement.until


def test_what_can_still_be_read_is_listed_first(client, editor, roadmap):
    today = organization_today(editor.organization)
    terms = {"report": None, "user": editor.user, "today": today, "expires_on": today}
    older = make_roadmap(editor.organization, name="The year before")
    share_create(roadmap=older, name="Open", **terms)
    over = share_create(roadmap=roadmap, name="Over", **terms)
    over.revoked_at = timezone.now()
    over.save()

    page = page_of(client, editor, "shares:list", roadmap.pk)

    assert page.index(">Open<") < page.index(">Over<")
    # It belongs to another roadmap than this page.
    assert "The year before" in page


@pytest.mark.parametrize("minutes", [0, 5])
def test_who_waited_for_a_batch_is_told(editor, roadmap, minutes, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    batch = Batch.objects.create(
        organization=editor.organization, name="Spring", choices=[{}, {}], created_by=editor.user
    )
    Batch.objects.update(created_at=timezone.now() - timedelta(minutes=minutes))
    batch.refresh_from_db()
    told = {"batch": batch, "client": editor.organization, "ended_at": timezone.now()}
    BatchItem.objects.create(**told, number=0, report=report_of(roadmap))
    BatchItem.objects.create(**told, number=1, problem="The disk is full.")

    zip_make(batch=batch, token="t", tell=lambda *_said: None)()
    batch.refresh_from_db()
    # Put together once more, it is no news.
    zip_make(batch=batch, token="u", tell=lambda *_said: None)()

    found = [(one.person, one.title, one.text) for one in Notice.objects.all()]
    text = "1 file is made. 1 could not be made."
    assert found == ([(editor.user, "Reports are ready: Spring", text)] if minutes else [])


def test_long_name_stands_on_the_cover_in_lines(client):
    name = "Cedar Ridge Critical Access Hospital and Clinics of the Northern Valleys"
    owner = make_member(make_organization(name=name), Role.OWNER)
    client.force_login(owner.user)

    page = page_of(client, owner, "look:brand")

    for line in (
        "Cedar Ridge Critical",
        "Access Hospital and",
        "Clinics of the",
        "Northern Valleys",
    ):
        assert f">{line}</tspan>" in page


def test_template_says_what_it_holds(client, editor):
    choices = {"document": "board", "form": "docx", "page_size": "letter", "unit": "Ward <3"}
    ReportTemplate.objects.create(organization=editor.organization, name="Ours", choices=choices)

    page = page_of(client, editor, "look:templates")

    assert "Board paper · Word · for Ward &lt;3 · Letter" in page
