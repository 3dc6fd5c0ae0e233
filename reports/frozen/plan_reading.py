"""Reads the plans that a roadmap is held against."""

from __future__ import annotations

from collections.abc import Sequence

from reports.frozen.stated import ComparedPlan
from roadmap.models import Roadmap, Scenario
from roadmap.pages.comparing import LETTERS, MOST, column
from roadmap.pages.scenario_diff import compared_with_scenario


def compared_plans(roadmap: Roadmap, chosen: Sequence[int]) -> tuple[ComparedPlan, ...]:
    """This plan first, then the scenarios that were chosen; empty where none of them is there."""
    wanted = [pk for pk in dict.fromkeys(chosen) if pk != roadmap.scenario_id]
    rows = Scenario.objects.filter(organization=roadmap.organization_id, pk__in=wanted)
    found = {row.pk: row for row in rows.select_related("snapshot") if row.plan}
    others = [found[pk] for pk in wanted if pk in found][: MOST - 1]
    if not others:
        return ()
    base = _as_scenario(roadmap)
    return (
        _compared(base, LETTERS[0], is_this=True),
        *(
            _compared(other, letter, base)
            for other, letter in zip(others, LETTERS[1:], strict=False)
        ),
    )


def _as_scenario(roadmap: Roadmap) -> Scenario:
    """The roadmap's own plan and forecast in the shape of the others."""
    mark = "adopted" if roadmap.forecast else ""
    return Scenario(
        organization_id=roadmap.organization_id,
        snapshot=roadmap.snapshot,
        name=roadmap.name,
        note=roadmap.scenario.note if roadmap.scenario else "",
        constraints=roadmap.constraints,
        decisions=roadmap.scenario.decisions if roadmap.scenario else {},
        plan=roadmap.plan,
        forecast=roadmap.forecast,
        input_hash=mark,
        forecast_hash=mark,
    )


def _compared(
    scenario: Scenario, letter: str, base: Scenario | None = None, *, is_this: bool = False
) -> ComparedPlan:
    own = column(scenario, letter)
    return ComparedPlan(
        name=scenario.name,
        letter=letter,
        is_this=is_this,
        finish=own.finish,
        p50=own.p50,
        p80=own.p80,
        readiness=own.readiness_after,
        person_days=own.person_days,
        cost=own.cost,
        currency=own.currency,
        initiatives=own.initiatives,
        left_out=own.left_out,
        missed=own.missed,
        note=scenario.note,
        differences=compared_with_scenario(base, scenario).changes if base else (),
    )
