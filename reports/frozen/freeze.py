"""Makes the snapshot of a report out of a guide, answers, their scorecard and a plan. Pure.

The plan comes as its document (`roadmap.domain.document.plan_document`), which is what a roadmap
stores: a report made now and one made from a stored plan go the same way.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from assessments.domain.answers import AnswerSet
from assessments.domain.scoring import Scorecard
from assessments.domain.targets import TargetSet, proposed
from assessments.target_choice import kind_of
from guide.model import Guide
from reports.frozen.constraints import stated_lines
from reports.frozen.facts import Facts, PlanDocument, Tracking
from reports.frozen.findings import Findings
from reports.frozen.flows import flows_entry
from reports.frozen.money import cost_entry
from reports.frozen.outlook import forecast_entry, freeze_entries, role_entries
from reports.frozen.prices import prices_entry
from reports.frozen.snapshot import GuideRef, LeftOut, Regime, ReportSnapshot
from reports.frozen.standing import answer_entries, heat_entry, open_entries, targets_entry
from reports.frozen.tracing import control_traces
from reports.frozen.work import PlannedWork
from reports.frozen.working_time import calendar_entry, capacity_entries
from roadmap.domain.constraints.stated import Constraints


def freeze(
    *,
    guide: Guide,
    answers: AnswerSet,
    scorecard: Scorecard,
    plan: PlanDocument,
    organization: str,
    generated_on: date,
    roadmap: str = "",
    assessed_on: date | None = None,
    language: str = "en",
    tracking: Tracking | None = None,
    forecast: PlanDocument | None = None,
    constraints: Constraints | None = None,
    wanted: TargetSet | None = None,
) -> ReportSnapshot:
    """Everything the report will say, in order; the same input gives the same snapshot."""
    about = Facts(guide, answers, scorecard, plan, tracking or Tracking(), forecast or {})
    findings, work = Findings(about), PlannedWork(about)
    initiatives = work.initiatives()
    roles = {role.id: role.title for role in guide.roles}
    return ReportSnapshot(
        organization=organization,
        generated_on=generated_on,
        guide=GuideRef(guide.id, guide.version, guide.title),
        overall=findings.overall(),
        plan=work.summary(),
        language=language,
        roadmap=roadmap,
        assessed_on=assessed_on,
        profile=findings.profile(),
        steps=findings.steps(),
        challenges=findings.challenges(),
        risks=findings.risks(),
        phases=work.phases(initiatives),
        initiatives=initiatives,
        gates=work.gates(),
        left_out=tuple(
            LeftOut(part["id"], part["title"], part["reason"])
            for part in (*plan.get("left_out", ()), *plan["excluded"])
        ),
        find_out=tuple(work.find_out()),
        regimes=tuple(Regime(r.id, r.title, r.note) for r in about.regimes.values()),
        sources=work.sources(),
        disclaimer=guide.disclaimer,
        estimates_note=guide.estimates_note,
        has_progress=tracking is not None,
        forecast=forecast_entry(plan, forecast or {}),
        freezes=freeze_entries(plan),
        load=role_entries(plan),
        calendar=calendar_entry(plan),
        capacity=capacity_entries(plan),
        prices=prices_entry(plan, constraints or Constraints(), roles),
        **_details(about, constraints or Constraints(), wanted),
    )


def _details(about: Facts, stated: Constraints, wanted: TargetSet | None) -> dict[str, Any]:
    """What stands behind the scores and the plan, each from a module of its own."""
    guide, answers, plan = about.guide, about.answers, about.plan
    roles = {role.id: role.title for role in guide.roles}
    return {
        "targets": targets_entry(
            guide,
            about.scorecard,
            wanted or proposed(guide, kind_of(answers)),
            is_own=wanted is not None,
        ),
        "heat": heat_entry(guide, about.scorecard),
        "answers": answer_entries(guide, answers),
        "narrowing": open_entries(guide, answers, about.scorecard),
        "cost": cost_entry(plan, stated, roles),
        "flows": flows_entry(guide, answers),
        "controls": control_traces(guide, answers, plan),
        "stated": stated_lines(guide, stated),
    }
