from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from jobs.tasks import run_job
from roadmap.reports import storage
from roadmap.reports.snapshot import ReportSnapshot
from tests.reports.samples import small_snapshot


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> Path:
    """A private folder of its own for each test."""
    settings.FILES_DIR = tmp_path
    return storage.folder()


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """What went to the broker, instead of the broker."""
    ids: list[int] = []
    monkeypatch.setattr(run_job, "apply_async", lambda args, **options: ids.extend(args))
    yield ids


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports of three initiatives instead of seventy: what is tested is how they come about."""
    from roadmap.models import Report

    def frozen(report: Report) -> ReportSnapshot:
        return small_snapshot(organization=report.snapshot["organization"])

    monkeypatch.setattr(Report, "frozen", property(frozen))
