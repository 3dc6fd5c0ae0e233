"""The search for a better plan, and its forecast: asked for by a page, done by the worker.

A result counts only for the version of the scenario it was asked for. It is written in the
transaction that sets the job done, so a killed worker, a second one or a cancelled job leave
either all of it or nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.audit import record
from accounts.models import User
from jobs.claiming import LeaseLost
from jobs.failures import JobFailed
from jobs.models import Job
from jobs.registry import Effect
from jobs.services import job_cancel, job_request
from jobs.work import Work
from roadmap.domain.forecasting.forecast import forecast_curve, forecast_document, simulate
from roadmap.domain.planning import Prepared
from roadmap.domain.problem import Schedule
from roadmap.domain.scheduling import SearchLimits, SearchResult, schedule, search
from roadmap.models import Scenario
from roadmap.services.scenarios.errors import ScenarioFrozen
from roadmap.services.scenarios.hand import changes_since, is_frozen
from roadmap.services.scenarios.planning import (
    Planned,
    fingerprint,
    planned,
    prepared,
    schedule_document,
    stored_schedule,
)

JOB_KIND = "roadmap.solve"
# Of the job's hundred: the search, then the forecast.
SEARCHED, FORECAST = 70, 95
SECONDS_BETWEEN_WORDS = 0.7
# Half of what a search of 80 to 95 initiatives takes on a quiet machine.
SECONDS_TO_HALF = 5.0
Document = dict[str, Any]


def scenario_solve(*, scenario: Scenario, user: User | None) -> Job:
    """Ask for the search. Two people who ask for the same at once get one job.

    Raises:
        ScenarioFrozen: it was adopted.
    """
    with transaction.atomic():
        current = Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
        if is_frozen(current):
            raise ScenarioFrozen
        running = current.job
        if running is not None and running.is_open:
            if running.kind == JOB_KIND and current.job_version == current.version:
                return running
            # It is no search, which makes a forecast too, or not of what stands there now.
            job_cancel(job=running)
        job = job_request(
            organization=current.organization,
            user=user,
            kind=JOB_KIND,
            payload={"scenario": current.pk, "version": current.version},
            input_hash=current.input_hash,
        )
        current.job, current.job_version, current.outcome = job, current.version, ""
        current.save(update_fields=["job", "job_version", "outcome"])
        record(
            organization=current.organization,
            actor=user,
            verb="scenario.search_requested",
            target=current,
            detail={"version": current.version, "job": job.pk},
        )
    return job


def scenario_stop(*, scenario: Scenario, user: User | None) -> bool:
    """Give the search up; False when none is under way. The plan stays as it is."""
    if scenario.job is None or not job_cancel(job=scenario.job):
        return False
    Scenario.objects.filter(pk=scenario.pk, job=scenario.job).update(
        outcome=_("The search was stopped; the plan stayed as it was.")
    )
    record(
        organization=scenario.organization,
        actor=user,
        verb="scenario.search_stopped",
        target=scenario,
        detail={"version": scenario.version, "job": scenario.job.pk},
    )
    return True


def solve(work: Work) -> Effect:
    """The handler's body: slow and repeatable; what it returns is quick and runs once."""
    found = _asked_for(work)
    if found.version != work.payload["version"]:
        return lambda: _discard(found.pk, work)
    # Phrases are written now and read later: in the language of the organization.
    with override(found.organization.language):
        return _solve(found, work)


def _asked_for(work: Work) -> Scenario:
    rows = Scenario.objects.select_related("organization", "snapshot")
    found = rows.filter(pk=work.payload["scenario"]).first()
    if found is None:
        raise JobFailed(_("The plan was deleted before it was calculated."))
    if is_frozen(found):
        raise JobFailed(_("The plan became the roadmap before it was calculated."))
    return found


def _solve(found: Scenario, work: Work) -> Effect:
    work.progress(1, _("Preparing…"))
    ready = prepared(found)
    stands = stored_schedule(found, ready) or schedule(ready.problem)
    teller = _Teller(found, work, ready)
    result = search(ready.problem, limits(), previous=stands, tell=teller)
    teller.raise_if_lost()
    if teller.is_stale:
        return lambda: _discard(found.pk, work)
    best = result.schedule if _objective(result.schedule) < _objective(stands) else stands
    made = planned(found.snapshot, ready, best, _stored(result, best, found))
    work.progress(SEARCHED, _("Playing the plan through with other efforts…"))
    forecast = forecast_of(found, ready, best, _telling(work))
    work.progress(FORECAST, _("Writing down the result…"))
    return lambda: _take(found.pk, work, made, forecast)


def limits() -> SearchLimits:
    """The counted limits end a search the same way everywhere; the clock is only a cap."""
    return SearchLimits(
        schedules=settings.SOLVE_SCHEDULES,
        deterministic=settings.SOLVE_DETERMINISTIC,
        seconds=settings.SOLVE_SECONDS,
        seed=settings.SOLVE_SEED,
    )


def forecast_of(
    scenario: Scenario,
    ready: Prepared,
    best: Schedule,
    tell: Callable[[int, int], object] | None = None,
) -> Document:
    """The forecast and the readiness curve of one schedule, with what it is a forecast of."""
    forecast = simulate(ready, best, runs=settings.FORECAST_RUNS, tell=tell)
    document = forecast_document(forecast, forecast_curve(ready, forecast))
    made_of = fingerprint(scenario.snapshot, scenario.constraints, scenario.decisions, best.starts)
    return {**document, "of": made_of}


class _Teller:
    """Hears of each better schedule, passes it on now and then, and asks whether to go on.

    It never raises but ends the search by its answer: the solver's thread must be ended in order.
    """

    def __init__(self, scenario: Scenario, work: Work, ready: Prepared) -> None:
        self.scenario, self.work, self.ready = scenario, work, ready
        self.is_stale = False
        self._lost: LeaseLost | None = None
        self._begun = self._told = time.monotonic()
        self._is_first = True

    def __call__(self, best: Schedule, phase: str) -> bool:
        now = time.monotonic()
        if not self._is_first and now - self._told < SECONDS_BETWEEN_WORDS:
            return not self._must_stop
        self._is_first, self._told = False, now
        # Counts end the search, so how long it takes is not known: the bar nears its end slower.
        spent = (now - self._begun) / (now - self._begun + SECONDS_TO_HALF)
        try:
            self.work.progress(1 + int(spent * (SEARCHED - 2)), self._words(best))
        except LeaseLost as error:
            self._lost = error
        self.is_stale = self._version_now() != self.work.payload["version"]
        return not self._must_stop

    @property
    def _must_stop(self) -> bool:
        return self.is_stale or self._lost is not None

    def raise_if_lost(self) -> None:
        if self._lost is not None:
            raise self._lost

    def _words(self, best: Schedule) -> str:
        if not best.makespan:
            return _("Searching…")
        day = self.ready.calendar.finish_date(0, best.makespan)
        return _("Best so far: done by %(day)s") % {"day": in_words(day)}

    def _version_now(self) -> int | None:
        rows = Scenario.objects.filter(pk=self.scenario.pk)
        return rows.values_list("version", flat=True).first()


def in_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _telling(work: Work) -> Callable[[int, int], object]:
    last = -1

    def tell(done: int, of: int) -> None:
        nonlocal last
        percent = SEARCHED + (FORECAST - SEARCHED) * done // max(of, 1)
        if percent > last:
            last = percent
            work.progress(
                percent, _("Forecast: %(done)s of %(of)s runs") % {"done": done, "of": of}
            )

    return tell


def _objective(found: Schedule) -> tuple[int, int, int]:
    return (len(found.broken), found.weighted_finish, found.makespan)


def _stored(result: SearchResult, best: Schedule, found: Scenario) -> Document:
    return schedule_document(
        best,
        {"name": result.engine, "version": result.version},
        is_searched=True,
        seed=result.seed,
        parameters=dict(result.parameters),
        solver_version=result.solver_version,
        ended_by=result.ended_by,
        is_proven=result.is_proven,
        asked_version=found.version,
        before=_dates(found.plan),
    )


def _dates(plan: Document) -> Document:
    """What a result is told against: the dates that stood when it was asked for."""
    return {
        "finish": plan.get("finish"),
        "initiatives": [
            {"id": entry["id"], "start": entry["start"], "finish": entry["finish"]}
            for entry in plan.get("initiatives", [])
        ],
    }


def _take(pk: int, work: Work, made: Planned, forecast: Document) -> None:
    current = Scenario.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if current is None:
        return
    if current.version != work.payload["version"] or is_frozen(current):
        _discard(pk, work)
        return
    before = current.plan.get("finish")
    current.schedule, current.plan = made.stored, made.plan
    current.input_hash = current.forecast_hash = made.input_hash
    current.forecast = forecast
    with override(current.organization.language):
        current.outcome = _outcome(before, made)
    current.save(
        update_fields=["schedule", "plan", "input_hash", "forecast", "forecast_hash", "outcome"]
    )
    record(
        organization=current.organization,
        actor=None,
        verb="scenario.solved",
        target=current,
        detail={"version": current.version, "job": work.job.pk},
    )


def _outcome(before: str | None, made: Planned) -> str:
    after = made.plan["finish"]
    moved = {entry["id"]: entry["start"] for entry in made.stored["before"]["initiatives"]}
    count = sum(moved.get(entry["id"]) != entry["start"] for entry in made.plan["initiatives"])
    if not count:
        return _("The search found nothing better than the preview; no date moved.")
    if before and after and before != after:
        return _("The search moved %(count)s initiatives; the plan now ends on %(after)s.") % {
            "count": count,
            "after": in_words(date.fromisoformat(after)),
        }
    return _("The search moved %(count)s initiatives; the last day stayed.") % {"count": count}


def _discard(pk: int, work: Work) -> None:
    """Say why the result was not used; the plan itself is not touched."""
    current = Scenario.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if current is None or current.job_id != work.job.pk:
        return
    with override(current.organization.language):
        current.outcome = _discarded(current, work.payload["version"])[:300]
    current.save(update_fields=["outcome"])


def _discarded(current: Scenario, version: int) -> str:
    people = dict.fromkeys(str(c.made_by) for c in changes_since(current, version) if c.made_by)
    if not people:
        return _(
            "The plan was changed while it was being calculated: this result was not used. Ask "
            "again."
        )
    return _(
        "Someone changed the plan while it was being calculated (%(who)s): this result was not "
        "used. Ask again."
    ) % {"who": ", ".join(people)}
