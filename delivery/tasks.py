"""What the worker does for the delivery app: thin, and harmless when it runs twice."""

from celery import shared_task

from delivery.services import daily


@shared_task
def count_days() -> None:
    daily.days_recount()
