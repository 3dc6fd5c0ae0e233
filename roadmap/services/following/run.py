"""The worker's part: make the forecast of the rest, and store it if it is still true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from jobs.failures import JobFailed
from jobs.registry import Effect
from jobs.work import Work
from roadmap.domain.forecasting.ranges import Range
from roadmap.domain.problem import UnusableProblem
from roadmap.domain.tracking.chances import RUNS
from roadmap.domain.tracking.going_on import GoingOn, document, look_ahead
from roadmap.domain.tracking.work import UnderWay
from roadmap.enums import ForecastCause
from roadmap.models import ProgressForecast, Roadmap
from roadmap.services.following.alerts import deadlines_tell
from roadmap.services.following.asking import forecast_ask, is_current
from roadmap.services.following.facts import fingerprint, followed_roadmaps, under_way
from roadmap.services.following.snapshots import snapshot_take
from roadmap.services.following.words import why_words
from roadmap.services.work.tracking import organization_today

Document = dict[str, Any]


def follow_roadmap(work: Work) -> Effect:
    """Slow and repeatable; nothing is written before the effect, which runs once."""
    roadmap = followed_roadmaps().filter(pk=work.payload["roadmap"]).first()
    if roadmap is None:
        raise JobFailed(_("The roadmap was deleted before its forecast was made."))
    if not is_current(roadmap):
        return lambda: None
    today = organization_today(roadmap.organization)
    with override(roadmap.organization.language):
        work.progress(5, _("Looking at what is left…"))
        facts = under_way(roadmap)
        going = _looked_ahead(facts, today, work)
        roles = {part["role"]: part["title"] for part in roadmap.plan["capacity"]}
        made = document(going, why_words(facts, roles))
    read = fingerprint(roadmap, facts, today)
    cause = str(work.payload.get("cause", ForecastCause.CHANGE))
    return lambda: _store(roadmap.pk, today, read, cause, going, made)


def _looked_ahead(facts: UnderWay, today: date, work: Work) -> GoingOn:
    try:
        return look_ahead(facts, today, runs=RUNS, tell=_telling(work))
    except UnusableProblem as error:
        raise JobFailed(
            _(
                "The rest of this roadmap cannot be scheduled any more: %s. Plan again from what "
                "was reported; that makes a new plan with dates."
            )
            % error
        ) from error


def _telling(work: Work) -> Callable[[int, int], object]:
    phrase = _("Playing the rest through with other efforts…")
    return lambda done, of: work.progress(10 + 85 * done // max(of, 1), phrase)


def _store(
    pk: int, today: date, read: str, cause: str, going: GoingOn, made: Document
) -> ProgressForecast | None:
    """In the transaction that ends the job. What somebody changed meanwhile asks once more."""
    locked = Roadmap.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if locked is None or not is_current(locked):
        return None
    roadmap = followed_roadmaps().get(pk=pk)
    facts = under_way(roadmap)
    if fingerprint(roadmap, facts, today) != read:
        forecast_ask(roadmap=roadmap, cause=ForecastCause.CHANGE)
        return None
    before = ProgressForecast.objects.filter(roadmap=roadmap).first()
    slip, likely = going.whole or (None, None)
    stored, _created = ProgressForecast.objects.update_or_create(
        roadmap=roadmap,
        as_of=today,
        defaults={
            "cause": cause,
            "input_hash": read,
            "expected_on": slip.expected if slip else None,
            "p50_on": _at(likely, "p50"),
            "p80_on": _at(likely, "p80"),
            "document": made,
            "made_at": timezone.now(),
        },
    )
    deadlines_tell(roadmap=roadmap, before=before.document if before else None, now=stored)
    if cause == ForecastCause.NIGHT:
        snapshot_take(roadmap=roadmap, facts=facts, today=today, forecast=stored)
    return stored


def _at(likely: Range | None, name: str) -> date | None:
    return getattr(likely, name) if likely else None
