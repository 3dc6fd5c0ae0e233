"""The forecast of a plan that stands: for one that was adopted before anybody searched."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from jobs.failures import JobFailed
from jobs.models import Job
from jobs.registry import Effect
from jobs.services import job_request
from jobs.work import Work
from roadmap.models import Roadmap, Scenario
from roadmap.services.scenarios.planning import prepared, stored_schedule
from roadmap.services.scenarios.solving import Document, forecast_of

JOB_KIND = "roadmap.forecast"


def scenario_forecast(*, scenario: Scenario, user: User | None) -> Job | None:
    """Ask for the forecast of the stored schedule; None when there is one already.

    No date is moved by it, so it is open to what was adopted too.
    """
    with transaction.atomic():
        current = Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
        running = current.job
        if running is not None and running.is_open:
            return running
        if current.is_forecast_current or not current.schedule.get("starts"):
            return None
        current.job = job_request(
            organization=current.organization,
            user=user,
            kind=JOB_KIND,
            payload={"scenario": current.pk, "version": current.version},
            input_hash=current.input_hash,
        )
        current.job_version = current.version
        current.save(update_fields=["job", "job_version"])
    return current.job


def forecast(work: Work) -> Effect:
    rows = Scenario.objects.select_related("organization", "snapshot")
    found = rows.filter(pk=work.payload["scenario"]).first()
    if found is None:
        raise JobFailed(_("The plan was deleted before its forecast was made."))
    if found.version != work.payload["version"]:
        return lambda: None
    with override(found.organization.language):
        work.progress(5, _("Playing the plan through with other efforts…"))
        ready = prepared(found)
        stands = stored_schedule(found, ready)
        if stands is None:
            raise JobFailed(
                _(
                    "The plan was made by an older version of the planner. Copy it and search "
                    "again to get a forecast."
                )
            )
        made = forecast_of(found, ready, stands, _telling(work))
    return lambda: _take(found.pk, work, made)


def _telling(work: Work) -> Callable[[int, int], object]:
    return lambda done, of: work.progress(5 + 90 * done // max(of, 1), work.job.phrase)


def _take(pk: int, work: Work, made: Document) -> None:
    current = Scenario.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if current is None or current.version != work.payload["version"]:
        return
    current.forecast, current.forecast_hash = made, current.input_hash
    current.save(update_fields=["forecast", "forecast_hash"])
    Roadmap.objects.filter(scenario=current).update(forecast=made)
