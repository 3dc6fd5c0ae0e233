"""A small report made by hand, and the reports of the demo organizations."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assessments.domain.answers import Answer
from assessments.domain.answers_file import parse_answers
from assessments.domain.scoring import score
from guide.registry import current_guide
from reports.frozen.facts import Tracking
from reports.frozen.freeze import freeze
from reports.frozen.snapshot import (
    ChallengeResult,
    Citation,
    Days,
    Fact,
    GateEntry,
    GateItem,
    GuideRef,
    InitiativeEntry,
    Loss,
    Overall,
    PhaseEntry,
    PlanSummary,
    Progress,
    Ref,
    ReportSnapshot,
    Risk,
    RoleShare,
    SourceEntry,
    StepResult,
)
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.document import plan_document
from roadmap.domain.planning import plan_scored

DEMO = Path(__file__).resolve().parents[2] / "demo"
MONDAY = date(2026, 11, 23)


def initiative(number: int, **changes: Any) -> InitiativeEntry:
    """The n-th initiative: a week of work in the n-th week."""
    start = MONDAY + timedelta(weeks=number)
    entry = InitiativeEntry(
        id=f"A1-{number:02}",
        title=f"Initiative number {number}",
        kind="action",
        what="Write down what there is.",
        step=Ref("STEP-1", "Audit"),
        phase="PHASE-1",
        rank=number,
        klass=1,
        start=start,
        finish=start + timedelta(days=4),
        effort=Days(1, 2, 5.5),
        elapsed_weeks=(1, 3),
        elapsed_note="Vendors answer slowly.",
        roles=(RoleShare("OPS", "IT operations", 0.75), RoleShare("SP", "Sponsor", 0.25)),
        reasons=("Q1.01 Inventory: level 0 of 4",),
        predecessors=(Ref("A1-01", "Initiative number 1"),) if number > 1 else (),
        bound_by="role",
        bound_what=Ref("OPS", "IT operations"),
        gate=Ref("G1", "Baseline"),
        done=("The list is complete",),
        citations=(Citation("REG-1", "HIPAA Security Rule", "45 CFR 164.308", "Analysis"),),
        sources=("S004",),
    )
    return replace(entry, **changes)


def small_snapshot(**changes: Any) -> ReportSnapshot:
    """Three initiatives, one gate, one of everything else."""
    items = (initiative(1), initiative(2), initiative(3, kind="review", title="Hold gate G1"))
    snapshot = ReportSnapshot(
        organization="Mercy Hospital",
        generated_on=date(2026, 11, 22),
        guide=GuideRef("healthcare-devops", "1.0.0", "The guide"),
        overall=Overall(31.4, 20, 55, "developing", 0.61, answered=60, asked=80),
        plan=PlanSummary(MONDAY, items[-1].finish, Days(3, 6, 16.5), ("Two at a time.",)),
        profile=(Fact("Kind", "Hospital"),),
        steps=(
            StepResult(
                "STEP-1",
                1,
                "Audit",
                31.4,
                20,
                55,
                "developing",
                0.61,
                (Ref("Q1.01", "Inventory"),),
                (Loss(Ref("Q1.01", "Inventory"), 12.5),),
            ),
            StepResult("STEP-2", 2, "Pilot", None, 0, 100, "", 0),
        ),
        challenges=(
            ChallengeResult(
                "CHAL-A",
                "Old systems",
                "Old",
                "They are old.",
                88,
                80,
                90,
                "severe",
                60,
                28,
                1,
                0.6,
            ),
            ChallengeResult(
                "CHAL-B", "No start", "Start", "Unclear.", None, None, None, "", None, None, None, 0
            ),
        ),
        risks=(Risk(Ref("Q1.13", "Restore"), Ref("STEP-1", "Audit"), "Never tried."),),
        phases=(
            PhaseEntry(
                "PHASE-1",
                "Assess",
                "Look first.",
                items[0].start,
                items[-1].finish,
                Days(3, 6, 16.5),
                tuple(item.id for item in items),
            ),
        ),
        initiatives=items,
        gates=(
            GateEntry(
                "G1",
                "Baseline",
                "The list is agreed.",
                "Buying tools",
                items[-1].finish,
                (GateItem("The list is complete", True),),
                ("Sponsor",),
            ),
        ),
        sources=(SourceEntry("S004", "An author", "A guide"),),
        disclaimer="Not legal advice.",
        estimates_note="Efforts are estimates.",
    )
    return replace(snapshot, **changes)


def demo_answers(name: str) -> dict[str, Answer]:
    guide = current_guide()
    return parse_answers((DEMO / name).read_text(), guide, name).answers


def demo_snapshot(name: str, tracking: Tracking | None = None) -> ReportSnapshot:
    """The report of a demo organization, by way of everything in between."""
    guide, answers = current_guide(), demo_answers(name)
    scorecard = score(guide, answers)
    plan = plan_scored(guide, answers, scorecard, Constraints(), MONDAY)
    return freeze(
        guide=guide,
        answers=answers,
        scorecard=scorecard,
        plan=plan_document(guide, plan),
        organization="Demo",
        generated_on=MONDAY,
        tracking=tracking,
    )


def progress_of(snapshot: ReportSnapshot, **statuses: str) -> ReportSnapshot:
    """The same with the statuses of some initiatives, by id with `_` for `-`."""
    by_id = {name.replace("_", "-"): status for name, status in statuses.items()}
    items = tuple(
        replace(item, progress=Progress(by_id[item.id])) if item.id in by_id else item
        for item in snapshot.initiatives
    )
    return replace(snapshot, initiatives=items, has_progress=True)
