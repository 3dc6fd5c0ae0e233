"""How a roadmap stands: expected finish and slip, what is late and why, what was said before.

All from what is stored; nothing is forecast here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from roadmap.charts.burnup import NARROW as BURN_NARROW
from roadmap.charts.burnup import BurnUp, WeekPoint, burn_up
from roadmap.charts.forecast_history import NARROW as HISTORY_NARROW
from roadmap.charts.forecast_history import ForecastHistory, Said, forecast_history
from roadmap.domain.plan import Estimate
from roadmap.domain.progress import Status
from roadmap.domain.tracking.burn import agreed_course, burn
from roadmap.domain.tracking.work import Reported, Work
from roadmap.models import PlannedInitiative, ProgressForecast, ProgressSnapshot, Roadmap
from roadmap.pages.finish import finish_sentence, kept_sentence
from roadmap.pages.following_changes import changes

Document = Mapping[str, Any]
MOST_PUSHED = 4
MONTH = timedelta(weeks=4)


@dataclass(frozen=True)
class DatedRow:
    """A phase or a gate. `expected` is the day it was finished where it is."""

    id: str
    title: str
    agreed: date
    expected: date
    p80: date
    slip: int
    actual: date | None


@dataclass(frozen=True)
class Pushed:
    id: str
    title: str
    days: int


@dataclass(frozen=True)
class OpenRow:
    """An initiative still to be done. `left_by`: what the days left rest on, in words.

    `takes_days`: over how many working days its people spread them; 0 where over as many.
    """

    id: str
    title: str
    agreed: date
    expected: date
    p80: date
    slip: int
    because: str
    blocked: str
    left_days: int
    left_by: str
    takes_days: int
    hoped: date | None
    pushed: tuple[Pushed, ...]
    pushed_in_all: int
    whole: int

    @property
    def pushed_more(self) -> int:
        return self.pushed_in_all - len(self.pushed)


@dataclass(frozen=True)
class Earlier:
    """What was said about a month ago."""

    day: date
    expected: date


@dataclass(frozen=True)
class Following:
    """Without a forecast only the burn-up may be there."""

    forecast: ProgressForecast | None
    sentence: str
    kept: str
    since: date | None
    changes: tuple[str, ...]
    phases: tuple[DatedRow, ...]
    gates: tuple[DatedRow, ...]
    holding: tuple[OpenRow, ...]
    open: tuple[OpenRow, ...]
    late: int
    deadlines: tuple[Document, ...]
    burn: BurnUp | None
    burn_narrow: BurnUp | None
    history: ForecastHistory | None
    history_narrow: ForecastHistory | None
    month_ago: Earlier | None
    has_snapshots: bool


def following(
    roadmap: Roadmap,
    rows: Sequence[PlannedInitiative],
    now: ProgressForecast | None,
    then: ProgressForecast | None,
    snapshots: Sequence[ProgressSnapshot],
    gates: Mapping[str, str],
    today: date,
) -> Following:
    """`then`: the forecast of about a week before `now`. `gates`: id → title."""
    document: Document = now.document if now else {}
    open_rows = tuple(_open_rows(document, rows))
    points = _points(snapshots, rows, today)
    course = agreed_course(_work(row) for row in rows)
    said = list(_said(snapshots, now))
    return Following(
        forecast=now,
        sentence=finish_sentence(document.get("finish")),
        kept=kept_sentence(document.get("finish")),
        since=then.as_of if then else None,
        changes=tuple(changes(then, now, rows)) if then and now else (),
        phases=tuple(_dated(document.get("phases", {}), _phase_titles(roadmap), "finish")),
        gates=tuple(_dated(document.get("gates", {}), gates, "on")),
        holding=tuple(row for row in open_rows if row.pushed_in_all or row.whole),
        open=open_rows,
        late=sum(1 for row in open_rows if row.slip > 0),
        deadlines=tuple(_deadlines(document)),
        burn=burn_up(points, course, roadmap.start_on),
        burn_narrow=burn_up(points, course, roadmap.start_on, BURN_NARROW),
        history=forecast_history(said),
        history_narrow=forecast_history(said, HISTORY_NARROW),
        month_ago=_month_ago(said, today),
        has_snapshots=bool(snapshots),
    )


def _dated(found: Document, titles: Mapping[str, str], end: str) -> Iterable[DatedRow]:
    for id, row in found.items():
        yield DatedRow(
            id=id,
            title=titles.get(id, id),
            agreed=date.fromisoformat(row["baseline"]),
            expected=date.fromisoformat(row[end]),
            p80=date.fromisoformat(row["p80"]),
            slip=row["slip"],
            actual=date.fromisoformat(row["actual"]) if row["actual"] else None,
        )


def _open_rows(document: Document, rows: Sequence[PlannedInitiative]) -> Iterable[OpenRow]:
    """Those that hold up most come first, then the latest."""
    by_id = {row.initiative_id: row for row in rows}
    found = [
        _open_row(id, entry, by_id)
        for id, entry in document.get("initiatives", {}).items()
        if id in by_id and not entry["actual"]
    ]
    return sorted(found, key=lambda row: (-row.whole, -row.pushed_in_all, -row.slip, row.expected))


def _open_row(id: str, entry: Document, rows: Mapping[str, PlannedInitiative]) -> OpenRow:
    moved = entry.get("pushed_days", {})
    pushed = [Pushed(o, rows[o].title, n) for o, n in moved.items() if o in rows]
    hoped = entry.get("hoped")
    return OpenRow(
        id=id,
        title=rows[id].title,
        agreed=date.fromisoformat(entry["baseline"]),
        expected=date.fromisoformat(entry["finish"]),
        p80=date.fromisoformat(entry["p80"]),
        slip=entry["slip"],
        because=entry["because"],
        blocked=rows[id].blocked_because,
        left_days=entry.get("left_days", 0),
        left_by=_left_by(entry.get("left_by", "")),
        takes_days=entry.get("takes_days", 0),
        hoped=date.fromisoformat(hoped) if hoped else None,
        pushed=tuple(pushed[:MOST_PUSHED]),
        pushed_in_all=len(pushed),
        whole=entry.get("pushes_whole", 0),
    )


def _left_by(by: str) -> str:
    return {
        "plan": _("as planned"),
        "remaining": _("from the days reported as left"),
        "percent": _("from the percentage reported"),
        "elapsed": _("planned days less those that passed"),
        "silent": _("a tenth, for nobody says"),
    }.get(by, "")


def _deadlines(document: Document) -> Iterable[Document]:
    for row in document.get("deadlines", []):
        p80 = date.fromisoformat(row["p80"]) if row["p80"] else None
        yield {**row, "by": date.fromisoformat(row["by"]), "p80": p80}


def _points(
    snapshots: Sequence[ProgressSnapshot], rows: Sequence[PlannedInitiative], today: date
) -> list[WeekPoint]:
    """One for each week, and where it stands now."""
    found = [
        WeekPoint(s.taken_on, s.total_days, s.planned_days, s.done_days)
        for s in snapshots
        if s.taken_on < today
    ]
    now = burn([_work(row) for row in rows], today)
    return [*found, WeekPoint(today, now.total, now.planned, now.done)] if found else []


def _said(snapshots: Sequence[ProgressSnapshot], now: ProgressForecast | None) -> Iterable[Said]:
    for snapshot in snapshots:
        if now is None or snapshot.taken_on < now.as_of:
            yield from _one_said(snapshot.taken_on, snapshot, snapshot.figures.get("agreed"))
    if now:
        yield from _one_said(now.as_of, now, (now.document.get("finish") or {}).get("baseline"))


def _one_said(
    day: date, found: ProgressSnapshot | ProgressForecast, agreed: str | None
) -> Iterable[Said]:
    if agreed and found.expected_on and found.p50_on and found.p80_on:
        known = (found.expected_on, found.p50_on, found.p80_on)
        yield Said(day, *known, date.fromisoformat(agreed))


def _month_ago(said: Sequence[Said], today: date) -> Earlier | None:
    older = [one for one in said if one.day <= today - MONTH + timedelta(days=3)]
    return Earlier(older[-1].day, older[-1].expected) if older else None


def _phase_titles(roadmap: Roadmap) -> dict[str, str]:
    return {phase["id"]: phase["title"] for phase in roadmap.plan["phases"]}


def _work(row: PlannedInitiative) -> Work:
    """As far as effort and agreed dates need it."""
    effort = row.effort
    return Work(
        id=row.initiative_id,
        title=row.title,
        phase=row.phase,
        kind=row.kind,
        rank=row.rank,
        start_on=row.start_on,
        finish_on=row.finish_on,
        working_days=row.working_days,
        effort=Estimate(effort["low"], effort["likely"], effort["high"]),
        baseline_finish=row.baseline_finish_on,
        reported=Reported(Status(row.status)),
    )
