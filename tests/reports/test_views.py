import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from jobs.enums import JobState
from jobs.models import Job
from jobs.tasks import run_job
from reports.models import Report
from tests.factories import make_member, make_organization
from tests.reports.factories import make_report, make_roadmap

pytestmark = pytest.mark.django_db


def url_of(report: Report, name: str = "report") -> str:
    return reverse(f"reports:{name}", args=[report.organization.slug, report.roadmap_id, report.pk])


def client_of(report: Report, role: str) -> Client:
    client = Client()
    client.force_login(make_member(report.organization, role).user)
    return client


def make_ready_report() -> Report:
    report = make_report()
    run_job(report.job_id)
    report.refresh_from_db()
    return report


def test_report_create_leads_to_the_page_of_the_report() -> None:
    roadmap = make_roadmap()
    client = Client()
    client.force_login(roadmap.created_by)

    answer = client.post(reverse("reports:list", args=[roadmap.organization.slug, roadmap.pk]))

    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url_of(report))


def test_report_create_refuses_contributors() -> None:
    roadmap = make_roadmap()
    url = reverse("reports:list", args=[roadmap.organization.slug, roadmap.pk])
    client = Client()
    client.force_login(make_member(roadmap.organization, Role.CONTRIBUTOR).user)

    assert client.post(url).status_code == 403
    assert client.get(url).status_code == 200
    assert Report.objects.count() == 0


def test_report_of_another_organization_does_not_exist() -> None:
    report = make_report()
    stranger = make_member(make_organization(), Role.OWNER)
    client = Client()
    client.force_login(stranger.user)
    theirs, roadmap, pk = report.organization.slug, report.roadmap_id, report.pk
    own = stranger.organization.slug

    for name in ("report", "report_download"):
        assert client.get(reverse(f"reports:{name}", args=[theirs, roadmap, pk])).status_code == 404
        assert client.get(reverse(f"reports:{name}", args=[own, roadmap, pk])).status_code == 404
    for slug in (theirs, own):
        for name, args in (("list", [roadmap]), ("report_again", [roadmap, pk])):
            assert client.post(reverse(f"reports:{name}", args=[slug, *args])).status_code == 404


def test_report_under_another_roadmap_of_the_same_organization_does_not_exist() -> None:
    report = make_report()
    other = make_roadmap(report.organization, name="Other")
    client = client_of(report, Role.VIEWER)

    answer = client.get(
        reverse("reports:report", args=[report.organization.slug, other.pk, report.pk])
    )

    assert answer.status_code == 404


def test_waiting_report_polls_and_works_by_reload() -> None:
    report = make_report()
    Job.objects.update(state=JobState.RUNNING, progress=40, phrase="Laying out page 12…")

    page = client_of(report, Role.VIEWER).get(url_of(report)).content.decode()

    assert 'hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "Laying out page 12…" in page
    assert 'value="40"' in page
    assert f'href="{url_of(report)}"' in page


def test_polled_part_is_the_moving_part_alone() -> None:
    report = make_report()

    part = client_of(report, Role.VIEWER).get(url_of(report), {"part": "progress"}).content.decode()

    assert part.strip().startswith("<section")
    assert "<html" not in part
    assert 'hx-trigger="every 1s"' in part


def test_ready_report_stops_polling_and_offers_the_file(printed_once: None) -> None:
    report = make_ready_report()

    page = client_of(report, Role.VIEWER).get(url_of(report)).content.decode()

    assert "hx-trigger" not in page
    assert "http-equiv" not in page
    assert f'href="{url_of(report, "report_download")}"' in page


def test_failed_report_says_why_and_lets_editors_try_again() -> None:
    report = make_report()
    Job.objects.update(state=JobState.FAILED, error="There is no space left.")

    seen_by_viewer = client_of(report, Role.VIEWER).get(url_of(report)).content.decode()
    editor = client_of(report, Role.EDITOR)
    seen_by_editor = editor.get(url_of(report)).content.decode()
    answer = editor.post(url_of(report, "report_again"))

    assert "There is no space left." in seen_by_viewer
    assert "Try again" in seen_by_editor
    assert "Try again" not in seen_by_viewer
    assert answer.status_code == 302
    assert Job.objects.get().state == JobState.QUEUED


def test_download_serves_the_file_with_its_name(printed_once: None) -> None:
    report = make_ready_report()

    answer = client_of(report, Role.VIEWER).get(url_of(report, "report_download"))

    body = b"".join(answer.streaming_content)
    day = report.snapshot["generated_on"]
    assert answer.status_code == 200
    assert body.startswith(b"%PDF-1.7")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == str(len(body))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == (
        f'attachment; filename="mercy-hospital-roadmap-{day}.pdf"'
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mercy Hospital", "mercy-hospital"),
        ("../../etc/passwd", "etcpasswd"),
        ('x"; filename="evil.exe', "x-filenameevilexe"),
        ("مستشفى", "report"),
        ("a\r\nSet-Cookie: b", "a-set-cookie-b"),
    ],
)
def test_download_name_is_plain_whatever_the_organization_is_called(
    name: str, expected: str
) -> None:
    report = Report(snapshot={"organization": name, "generated_on": "2026-11-22"})

    assert report.download_name == f"{expected}-roadmap-2026-11-22.pdf"


def test_download_of_a_report_that_is_not_ready_does_not_exist() -> None:
    report = make_report()

    answer = client_of(report, Role.OWNER).get(url_of(report, "report_download"))

    assert answer.status_code == 404


def test_download_of_a_missing_file_says_what_to_do(printed_once: None) -> None:
    from reports import storage

    report = make_ready_report()
    storage.path_of(report.file).unlink()

    answer = client_of(report, Role.OWNER).get(url_of(report, "report_download"), follow=True)

    assert "The file of this report is missing." in answer.content.decode()


def test_report_page_asks_few_queries(django_assert_max_num_queries: object) -> None:
    report = make_report()
    client = client_of(report, Role.VIEWER)

    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get(url_of(report), {"part": "progress"})
