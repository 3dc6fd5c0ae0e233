from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from jobs.tasks import run_job
from reports import storage
from reports.frozen.snapshot import ReportSnapshot, input_hash
from reports.printing import pdf
from tests.reports.samples import small_snapshot

PRINTED: dict[str, pdf.RenderedReport] = {}


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
    from reports.models import Report

    def frozen(report: Report) -> ReportSnapshot:
        return small_snapshot(organization=report.snapshot["organization"])

    monkeypatch.setattr(Report, "frozen", property(frozen))


@pytest.fixture
def printed_once(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """And each printed once for all tests: the same snapshot gives the same bytes (test_pdf.py).
    For what happens around the printing."""

    def print_or_recall(snapshot: ReportSnapshot, tell: pdf.Tell) -> pdf.RenderedReport:
        key = input_hash(snapshot)
        if key not in PRINTED:
            PRINTED[key] = render_pdf(snapshot, tell)
        return PRINTED[key]

    render_pdf = pdf.render_pdf
    monkeypatch.setattr(pdf, "render_pdf", print_or_recall)
