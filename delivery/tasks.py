"""What the worker does for the delivery app: thin, and harmless when it runs twice."""

from celery import shared_task

from delivery.services import daily, imports, intake, silence


@shared_task
def count_days() -> None:
    daily.days_recount()


@shared_task
def work_off() -> None:
    intake.events_work_off()


@shared_task
def prune_events() -> None:
    intake.events_prune()
    imports.uploads_prune()


@shared_task
def tell_of_silence() -> None:
    silence.silences_tell()
