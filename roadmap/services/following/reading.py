"""What the pages read of a roadmap under way: a fixed number of queries, whatever its size."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from roadmap.models import PlannedInitiative, ProgressForecast, ProgressSnapshot, Roadmap

A_WEEK = timedelta(days=7)
ROW_COLUMNS = (
    "roadmap_id",
    "initiative_id",
    "title",
    "kind",
    "rank",
    "phase",
    "effort",
    "status",
    "start_on",
    "finish_on",
    "working_days",
    "started_on",
    "finished_on",
    "baseline_finish_on",
    "blocked_because",
)


def followed_rows(roadmap: Roadmap) -> list[PlannedInitiative]:
    return list(roadmap.initiatives.only(*ROW_COLUMNS))


def forecast_before(now: ProgressForecast) -> ProgressForecast | None:
    """Of a week before, or the oldest there is when it is not that old yet."""
    older = ProgressForecast.objects.filter(roadmap=now.roadmap_id, as_of__lt=now.as_of)
    return older.filter(as_of__lte=now.as_of - A_WEEK).first() or older.last()


def weekly_snapshots(roadmap: Roadmap) -> list[ProgressSnapshot]:
    """The organization's weeks up to this roadmap, those of the plans before it too: one a week."""
    rows: QuerySet[ProgressSnapshot] = ProgressSnapshot.objects.filter(
        roadmap__organization=roadmap.organization_id, roadmap__created_at__lte=roadmap.created_at
    )
    # Where two roadmaps share a week, the newer one says where it stood.
    by_week = {row.week_on: row for row in rows.order_by("week_on", "roadmap__created_at", "pk")}
    return list(by_week.values())


def expected_finish(roadmap: Roadmap) -> dict[str, Any] | None:
    """The finish of the newest forecast alone: one query, without the rest of the document."""
    rows = ProgressForecast.objects.filter(roadmap=roadmap)
    return rows.values_list("document__finish", flat=True).first()
