"""The list of reports: what tells them apart, and what can be done with each."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from jobs.services import job_cancel
from reports.choices import Choices
from reports.pages.listed import choices_told
from reports.services import previews
from reports.services.making import report_request
from tests.factories import make_member
from tests.roadmap.factories import plan_roadmap


def test_what_is_not_as_usual_tells_reports_apart():
    assert choices_told(Choices()) == []
    assert choices_told(
        Choices(
            document="clinician", unit="Ward 3", detail="short", page_size="letter", sections=("a",)
        )
    ) == ["for Ward 3", "Short", "Letter", "1 section, chosen"]
    assert choices_told(Choices(audience="gone")) == ["gone"]


@pytest.fixture
def roadmap(db):
    editor = make_member(role=Role.EDITOR)
    made = plan_roadmap(editor.organization, user=editor.user)
    made.editor = editor.user
    return made


def test_a_report_under_way_can_be_given_up_in_the_list_and_made_after_all(client, roadmap):
    client.force_login(roadmap.editor)
    report = report_request(
        roadmap=roadmap, user=roadmap.editor, choices=Choices(page_size="letter")
    )
    where = (roadmap.organization.slug, roadmap.pk)
    address = reverse("reports:list", args=where)

    page = client.get(address).content.decode()
    assert reverse("reports:report_cancel", args=(*where, report.pk)) in page
    assert "Letter" in page
    assert "every 3s" in page

    job_cancel(job=report.job)
    page = client.get(address).content.decode()
    assert reverse("reports:report_again", args=(*where, report.pk)) in page
    assert "Given up" in page and "Not made" not in page
    assert "every 3s" not in page
    page = client.get(reverse("reports:report", args=(*where, report.pk))).content.decode()
    assert "This report was given up" in page and "could not be made" not in page


def test_a_preview_that_is_cut_says_so(client, roadmap, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    client.force_login(roadmap.editor)
    job = previews.preview_request(roadmap=roadmap, user=roadmap.editor, choices=Choices())
    folder = previews.folder_of(job.pk)
    folder.mkdir(parents=True)
    previews.page_path(folder, 1).write_bytes(b"")
    (folder / previews.TOTAL).write_text("130")
    job.state = "done"
    job.save()

    address = reverse("reports:previewed", args=(roadmap.organization.slug, roadmap.pk, job.pk))
    assert "The first 1 of 130 pages" in client.get(address).content.decode()


def test_an_address_that_names_the_kind_alone_opens_choices_that_will_do(client, roadmap):
    client.force_login(roadmap.editor)
    where = (roadmap.organization.slug, roadmap.pk)

    shown = client.get(reverse("reports:new", args=where), {"kind": "clinician"}).context["form"]

    assert shown["page_size"].value() == "a4"
    assert shown["audience"].value() == "leaders"
    assert shown["detail"].value() == "usual"
