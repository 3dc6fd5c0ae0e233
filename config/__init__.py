# Tasks find this application only once it is loaded, so every process loads it.
from config.celery import app as celery_app

__all__ = ["celery_app"]
