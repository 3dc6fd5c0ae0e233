"""What the clock asks of this app."""

from celery import shared_task

from inbox.digests import digests_ask
from inbox.reading import notices_prune


@shared_task
def send_digests() -> None:
    digests_ask()


@shared_task
def prune_notices() -> None:
    notices_prune()
