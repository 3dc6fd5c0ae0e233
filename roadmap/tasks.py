"""Background work of the roadmap app. Heavy libraries are imported inside the functions."""

from celery import shared_task
from django.utils import timezone

from jobs.registry import Effect, handler
from jobs.work import Work
from roadmap.services.following import asking, nights, run
from roadmap.services.scenarios import forecast as plan_forecast
from roadmap.services.scenarios import solving
from roadmap.services.sharing import links
from roadmap.services.work import due


@handler(solving.JOB_KIND)
def solve(work: Work) -> Effect:
    """Search for a better plan and forecast it; of a plan that changed meanwhile nothing stays."""
    return solving.solve(work)


@handler(plan_forecast.JOB_KIND)
def forecast(work: Work) -> Effect:
    """Forecast a plan as it stands, for the roadmap it became."""
    return plan_forecast.forecast(work)


@shared_task
def send_status_mails() -> None:
    links.mails_due(timezone.now())


@handler(asking.JOB_KIND)
def follow(work: Work) -> Effect:
    """Forecast the rest of a roadmap from what was reported; what is overtaken is thrown away."""
    return run.follow_roadmap(work)


@shared_task
def remind_of_work() -> None:
    due.work_remind(timezone.now())


@shared_task
def follow_roadmaps() -> None:
    nights.roadmaps_follow(timezone.now())
