"""What an earlier report is called where one is chosen."""

from datetime import UTC, datetime

from django.utils import timezone

from reports.models import Report
from reports.pages.builder import report_name


def test_an_earlier_report_is_told_by_the_reader_s_clock():
    report = Report(document="full", created_at=datetime(2026, 11, 23, 10, 33, tzinfo=UTC))

    with timezone.override("America/Los_Angeles"):
        assert "2:33" in report_name(report)
