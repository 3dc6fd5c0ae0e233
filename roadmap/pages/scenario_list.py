"""Plans on trial as a list: what each promises, without reading the plans themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from jobs.enums import OPEN_STATES
from roadmap.models import Scenario


@dataclass(frozen=True)
class ScenarioRow:
    """`finish` of the plan; `p50` and `p80` of its forecast, when it has one of its own."""

    scenario: Scenario
    finish: date | None
    p50: date | None
    p80: date | None
    roadmap_pk: int | None
    is_searching: bool


def scenario_rows(scenarios: QuerySet[Scenario]) -> list[ScenarioRow]:
    """One query, whatever their number and size."""
    found = (
        scenarios.select_related("snapshot__assessment", "roadmap", "job")
        .annotate(
            finish=KT("plan__finish"),
            p50=KT("forecast__finish__p50"),
            p80=KT("forecast__finish__p80"),
        )
        .only(
            "name",
            "created_at",
            "input_hash",
            "forecast_hash",
            "organization_id",
            "snapshot__assessment__name",
            "roadmap__name",
            "job__state",
        )
    )
    return [_row(scenario) for scenario in found]


def _row(scenario: Scenario) -> ScenarioRow:
    roadmap = getattr(scenario, "roadmap", None)
    has_forecast = scenario.is_forecast_current
    return ScenarioRow(
        scenario=scenario,
        finish=_day(scenario.finish),  # type: ignore[attr-defined]
        p50=_day(scenario.p50) if has_forecast else None,  # type: ignore[attr-defined]
        p80=_day(scenario.p80) if has_forecast else None,  # type: ignore[attr-defined]
        roadmap_pk=roadmap.pk if roadmap else None,
        is_searching=scenario.job is not None and scenario.job.state in OPEN_STATES,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
