"""The Celery application: `celery --app config.celery worker`."""

import os

from celery import Celery

from jobs import embedded_broker

embedded_broker.register()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("waymark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
