"""Background work of the API."""

from celery import shared_task

from api import webhook_sending
from api.repeats import repeats_prune


@shared_task
def prune_repeats() -> None:
    repeats_prune()


@shared_task
def send_webhooks() -> None:
    """Each address by itself: a slow one keeps nobody else waiting."""
    webhook_sending.deliveries_make()
    for endpoint in webhook_sending.endpoints_due():
        send_to_endpoint.apply_async((endpoint,), expires=60)


@shared_task
def send_to_endpoint(endpoint: int) -> None:
    webhook_sending.send_to(endpoint)


@shared_task
def prune_webhooks() -> None:
    webhook_sending.deliveries_prune()
