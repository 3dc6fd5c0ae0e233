"""The Celery application: `celery --app config.celery worker`."""

import os

from celery import Celery
from celery.signals import worker_process_init

from jobs import embedded_broker

embedded_broker.register()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("waymark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def give_way(**kwargs: object) -> None:
    """Pages go before reports when both want the processor."""
    os.nice(5)
