"""The demo's weeks so far: what would have been forecast on each Monday, and how much was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from roadmap.domain.progress import Status
from roadmap.domain.tracking.going_on import document, look_ahead
from roadmap.domain.tracking.work import Reported, UnderWay, Work
from roadmap.enums import ForecastCause
from roadmap.models import ProgressForecast, Roadmap
from roadmap.services.following.facts import followed_roadmaps, under_way
from roadmap.services.following.snapshots import snapshot_take, week_of
from roadmap.services.following.words import why_words

WEEKS = 5
# The past of a demo need not be exact.
RUNS = 20


def demo_history(roadmap: Roadmap, today: date) -> None:
    """Of a roadmap that is under way for long; the other begins with an empty page, as all do."""
    if roadmap.start_on > today - 2 * timedelta(weeks=WEEKS):
        return
    found = followed_roadmaps().get(pk=roadmap.pk)
    facts = under_way(found)
    roles = {part["role"]: part["title"] for part in found.plan["capacity"]}
    for weeks in range(WEEKS, 0, -1):
        monday = week_of(today) - timedelta(weeks=weeks)
        if monday > found.start_on:
            then = _as_on(facts, monday)
            going = look_ahead(then, monday, runs=RUNS)
            if going.whole is None:
                continue
            slip, likely = going.whole
            made = ProgressForecast.objects.create(
                roadmap=found,
                as_of=monday,
                cause=ForecastCause.NIGHT,
                input_hash="",
                expected_on=slip.expected,
                p50_on=likely.p50,
                p80_on=likely.p80,
                document=document(going, why_words(then, roles)),
                made_at=datetime.combine(monday, time(2), tzinfo=UTC),
            )
            snapshot_take(roadmap=found, facts=then, today=monday, forecast=made)


def _as_on(facts: UnderWay, day: date) -> UnderWay:
    """What had been reported by then, as far as its days tell."""
    items = tuple(replace(work, reported=_reported_by(work, day)) for work in facts.items)
    return replace(facts, items=items)


def _reported_by(work: Work, day: date) -> Reported:
    now = work.reported
    begun = now.started_on or work.start_on
    ended = work.finish_on if work.kind == "review" else now.finished_on or work.finish_on
    if now.status is Status.DONE and ended < day:
        return replace(now, started_on=min(begun, ended), finished_on=ended)
    if now.status in (Status.DONE, Status.IN_PROGRESS) and begun < day:
        return Reported(Status.IN_PROGRESS, begun)
    return Reported(Status.DROPPED if now.status is Status.DROPPED else Status.NOT_STARTED)
