"""What the clock asks of this app."""

from celery import shared_task
from django.utils import timezone

from assessments.services.evidence import evidence_files_sweep
from assessments.services.expiry import expired_answers_tell
from assessments.services.peers import peers_publish
from assessments.services.reminders import assignments_remind


@shared_task
def remind() -> None:
    assignments_remind()


@shared_task
def tell_of_expiries() -> None:
    expired_answers_tell()


@shared_task
def sweep_evidence() -> None:
    evidence_files_sweep()


@shared_task
def publish_peers() -> None:
    peers_publish(timezone.now())
