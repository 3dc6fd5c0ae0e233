"""Where the organization stands: summary, scores beside their targets, heat map, risks. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.pictures.charts import BarInput, Radar, heat_shade, radar_chart
from reports.choices import Choices
from reports.documents.amounts import Limit, shown
from reports.documents.cards import card_of
from reports.documents.section import Context
from reports.frozen.snapshot import ChallengeResult, InitiativeEntry, ReportSnapshot
from reports.frozen.standing import HeatEntry
from reports.pictures.bars import exposure_chart, readiness_chart
from reports.pictures.overview import overview
from reports.pictures.palette import PALETTE

FIRST_INITIATIVES = 3
BIGGEST_MOVES = 3
WORST_CHALLENGES = 3
RADAR_WIDTH, RADAR_REACH = 560.0, 104.0
FEWEST_SPOKES = 3
"""A radar of two axes is a line."""
WORST = Limit(short=1, usual=WORST_CHALLENGES, everything=10)
RISKS = Limit(short=8, usual=30, everything=200)
CLOSED = ("done", "dropped")


@dataclass(frozen=True)
class HeatCell:
    points: float | None
    shade: int


@dataclass(frozen=True)
class HeatRow:
    title: str
    score: float
    cells: tuple[HeatCell, ...]


def summary(snapshot: ReportSnapshot, choices: Choices) -> Context:
    still_open = open_work(snapshot)
    gaining = sorted(
        (item for item in still_open if (item.gain or 0) >= 0.05),
        key=lambda item: (-(item.gain or 0), item.rank),
    )
    return {
        # Without a band too little is answered to call a challenge hard.
        "worst": worst_challenges(snapshot)[:WORST_CHALLENGES],
        "first": [card_of(item, PALETTE.brand) for item in still_open[:FIRST_INITIATIVES]],
        "moves": gaining[:BIGGEST_MOVES],
        "overview": overview(snapshot) if snapshot.phases else None,
        "containment": [item for item in still_open if item.kind == "containment"],
        "done_count": sum(item.progress.status == "done" for item in snapshot.initiatives),
        "steps_there": _steps_there(snapshot),
    }


def _steps_there(snapshot: ReportSnapshot) -> int:
    lines = snapshot.targets.steps if snapshot.targets else ()
    return sum(line.now is not None and line.now >= line.target for line in lines)


def standing(snapshot: ReportSnapshot, choices: Choices) -> Context:
    ranked = _ranked(snapshot)
    targets = snapshot.targets
    wanted = {line.id: line.target for line in targets.steps} if targets else {}
    accepted = {line.id: line.target for line in targets.challenges} if targets else {}
    return {
        "worst": worst_challenges(snapshot)[: WORST.of(choices)],
        "stages": [challenge for challenge in snapshot.challenges if challenge.rank is None],
        "readiness_chart": readiness_chart(snapshot.steps, wanted),
        "exposure_chart": exposure_chart(ranked, accepted),
        "wanted": wanted,
        "capped": [step for step in snapshot.steps if step.capped_by],
        "radar": radar(snapshot),
        "heat": heat_rows(snapshot.heat),
        "columns": snapshot.heat.columns if snapshot.heat else (),
    }


def radar(snapshot: ReportSnapshot) -> Radar | None:
    """The steps around a middle, with their targets; None where too few have a score."""
    targets = {line.id: line.target for line in snapshot.targets.steps} if snapshot.targets else {}
    rows = [
        BarInput(
            step.title, step.score, step.low, step.high, step.band, target=targets.get(step.id)
        )
        for step in snapshot.steps
    ]
    if sum(row.score is not None for row in rows) < FEWEST_SPOKES:
        return None
    return radar_chart(rows, width=RADAR_WIDTH, reach=RADAR_REACH)


def heat_rows(heat: HeatEntry | None) -> tuple[HeatRow, ...]:
    return tuple(
        HeatRow(
            line.title,
            line.score,
            tuple(HeatCell(p, 0 if p is None else heat_shade(p)) for p in line.points),
        )
        for line in (heat.rows if heat else ())
    )


def risks(snapshot: ReportSnapshot, choices: Choices) -> Context:
    return {
        "risks": shown(snapshot.risks, RISKS, choices),
        "statuses": {item.id: item.progress.status for item in snapshot.initiatives},
    }


def worst_challenges(snapshot: ReportSnapshot) -> list[ChallengeResult]:
    return [challenge for challenge in _ranked(snapshot) if challenge.band]


def _ranked(snapshot: ReportSnapshot) -> list[ChallengeResult]:
    ranked = (challenge for challenge in snapshot.challenges if challenge.rank is not None)
    return sorted(ranked, key=lambda challenge: challenge.rank or 0)


def open_work(snapshot: ReportSnapshot) -> list[InitiativeEntry]:
    by_start = sorted(snapshot.initiatives, key=lambda item: (item.start, item.rank))
    return [item for item in by_start if item.progress.status not in CLOSED]
