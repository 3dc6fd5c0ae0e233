import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from accounts.models import AuditEntry
from jobs import claiming
from jobs.enums import JobState
from jobs.models import Job
from jobs.tasks import run_job
from reports import storage
from reports.models import Report
from reports.services import making
from reports.services.making import report_files_sweep, report_request, report_retry
from roadmap.services.work.tracking import initiative_update
from tests.reports.factories import make_report, make_roadmap

pytestmark = pytest.mark.django_db
# For what is told to the broker after the commit. On PostgreSQL such a test costs a second more, as
# every table is emptied after it.
committed = pytest.mark.django_db(transaction=True)


def pdfs(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_report_request_freezes_what_the_report_will_say() -> None:
    roadmap = make_roadmap()

    report = make_report(roadmap)
    roadmap.organization.name = "Renamed"
    roadmap.organization.save()

    frozen = Report.objects.get(pk=report.pk).frozen
    assert frozen.organization == "Mercy Hospital"
    assert len(frozen.initiatives) == roadmap.initiatives.count()
    assert not frozen.has_progress


@committed
def test_report_request_writes_the_job_and_tells_the_broker(sent: list[int]) -> None:
    report = make_report()

    job = Job.objects.get()
    assert (report.job, job.kind, job.payload) == (job, "report", {"report": report.pk})
    assert job.input_hash == report.input_hash
    assert sent == [job.pk]
    assert AuditEntry.objects.filter(verb="report.requested").count() == 1


def test_report_request_that_is_rolled_back_leaves_nothing(sent: list[int]) -> None:
    roadmap = make_roadmap()

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_report(roadmap)
        raise ZeroDivisionError

    assert (Report.objects.count(), Job.objects.count(), sent) == (0, 0, [])


@committed
def test_report_request_of_the_same_input_returns_the_same_report(sent: list[int]) -> None:
    roadmap = make_roadmap()

    first, second = make_report(roadmap), make_report(roadmap)

    assert first == second
    assert len(sent) == 1


@committed
def test_report_request_of_a_finished_report_returns_it_at_once(
    printed_once: None, sent: list[int]
) -> None:
    first = make_report()
    run_job(first.job_id)

    second = make_report(first.roadmap)

    assert second == first
    assert second.is_ready
    assert len(sent) == 1


def test_report_request_after_progress_makes_another_report() -> None:
    roadmap = make_roadmap(start_on=date.today() - timedelta(weeks=4))
    first = make_report(roadmap)
    initiative = roadmap.initiatives.first()
    assert initiative
    initiative_update(
        initiative=initiative,
        user=None,
        status="done",
        finished_on=date.today() - timedelta(days=3),
        note="Agreed.",
        version=0,
    )

    second = make_report(roadmap)

    assert second != first
    kept = {item.id: item.progress for item in second.frozen.initiatives}
    assert kept[initiative.initiative_id].status == "done"
    assert kept[initiative.initiative_id].note == "Agreed."
    assert second.frozen.has_progress


def test_report_run_twice_makes_one_file_and_one_result(short: None, files: Path) -> None:
    report = make_report()

    run_job(report.job_id)
    first = pdfs(files)
    run_job(report.job_id)

    report.refresh_from_db()
    assert report.job.state == JobState.DONE
    assert pdfs(files) == first == [report.file]
    assert report.pages and report.pages >= 8
    assert report.size == storage.path_of(report.file).stat().st_size


@committed
def test_report_whose_worker_died_after_writing_the_file_is_made_once(
    printed_once: None, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker writes its file and dies; nobody may be served it."""
    report = make_report()

    def die(*args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as broken, pytest.raises(SystemExit):
        broken.setattr(claiming, "finish", die)
        run_job(report.job_id)
    orphans = pdfs(files)
    Job.objects.update(lease_until=report.created_at - timedelta(hours=1))
    report.refresh_from_db()
    assert (len(orphans), report.file) == (1, "")

    run_job(report.job_id)

    report.refresh_from_db()
    assert report.job.state == JobState.DONE
    assert report.job.attempts == 2
    assert pdfs(files) == [report.file] != orphans


def test_report_that_was_taken_over_changes_nothing(
    printed_once: None, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = make_report()
    claimed = claiming.claim(report.job_id)
    assert claimed
    finish = making.report_render(report=report, token=claimed[1], tell=lambda *args: None)
    Job.objects.update(token="someone-else")

    with pytest.raises(claiming.LeaseLost):
        claiming.finish(report.job_id, claimed[1], finish)

    report.refresh_from_db()
    assert report.file == ""


def test_report_that_takes_too_long_fails_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, short: None
) -> None:
    monkeypatch.setattr("reports.printing.pdf.TIME_LIMIT_SECONDS", 0)
    report = make_report()

    run_job(report.job_id)

    report.refresh_from_db()
    assert report.has_failed
    assert "took too long" in report.job.error


@committed
def test_report_retry_asks_again_only_when_it_failed(sent: list[int]) -> None:
    report = make_report()
    user = report.created_by
    assert user
    assert not report_retry(report=report, user=user)
    Job.objects.update(state=JobState.FAILED, error="No space left.")
    report.refresh_from_db()

    assert report_retry(report=report, user=user)

    report.job.refresh_from_db()
    assert report.job.state == JobState.QUEUED
    assert len(sent) == 2


@committed
def test_report_request_tries_a_failed_one_again(sent: list[int]) -> None:
    report = make_report()
    Job.objects.update(state=JobState.FAILED)

    again = report_request(roadmap=report.roadmap, user=report.created_by)

    assert again == report
    assert Job.objects.get().state == JobState.QUEUED
    assert len(sent) == 2


def test_report_whose_file_is_gone_is_made_again(printed_once: None, files: Path) -> None:
    """After a restore of the database without its files."""
    report = make_report()
    run_job(report.job_id)
    report.refresh_from_db()
    storage.path_of(report.file).unlink()

    again = make_report(report.roadmap)
    run_job(again.job_id)

    again.refresh_from_db()
    assert again == report
    assert pdfs(files) == [again.file]


def test_sweep_removes_old_files_that_no_report_names(printed_once: None, files: Path) -> None:
    report = make_report()
    run_job(report.job_id)
    report.refresh_from_db()
    for name in ("7-dead.pdf", "8-dead.part", "9-fresh.part"):
        (files / name).write_bytes(b"%PDF")
    long_ago = report.created_at.timestamp() - 2 * storage.SWEEP_AFTER_SECONDS
    for name in ("7-dead.pdf", "8-dead.part", report.file):
        os.utime(files / name, (long_ago, long_ago))

    removed = report_files_sweep()

    assert removed == 2
    assert pdfs(files) == sorted([report.file, "9-fresh.part"])


@pytest.mark.parametrize("name", ["../db.sqlite3", "1-a.txt", "/etc/passwd", "", "1-../a.pdf"])
def test_path_of_refuses_names_that_are_not_ours(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a report file"):
        storage.path_of(name)


def test_stored_files_are_private(files: Path) -> None:
    name = storage.write(1, "abc", b"%PDF")

    assert storage.path_of(name).stat().st_mode & 0o777 == 0o600
    assert pdfs(files) == ["1-abc.pdf"]
