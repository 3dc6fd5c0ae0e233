"""Background work of the API."""

from celery import shared_task

from api.repeats import repeats_prune


@shared_task
def prune_repeats() -> None:
    repeats_prune()
