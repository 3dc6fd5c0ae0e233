"""Two schedulers at once, in a process of an installation: for test_schedules.py."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import connection

from config.celery import app
from delivery.models import InboundEvent
from delivery.notices import SILENT
from inbox.enums import Digest
from inbox.models import Notice, NoticeSettings
from jobs.models import Job, Turn
from jobs.tasks import run_job
from roadmap.enums import Rhythm
from roadmap.models import ProgressForecast, StatusMail
from tests.delivery.intake_factories import make_source
from tests.factories import make_member, make_organization
from tests.inbox.factories import QUIET, tell
from tests.roadmap.factories import make_roadmap

BOARD = "board@example.org"


def ask_twice() -> None:
    """Each scheduled task by two threads at once, in two rounds; prints what came of it."""
    app.loader.import_default_modules()
    names = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    prepare()
    rounds = []
    for _round in range(2):
        for name in names:
            at_once(app.tasks[name])
        rounds.append(Counter(Job.objects.values_list("kind", flat=True)))
    for job in Job.objects.order_by("pk"):
        at_once(lambda pk=job.pk: run_job(pk))
    said = {
        "rounds": rounds,
        "turns": sorted(
            {key.partition(":")[0] for key in Turn.objects.values_list("key", flat=True)}
        ),
        "silences": Notice.objects.filter(kind=SILENT.id).count(),
        "forecasts": ProgressForecast.objects.count(),
        "failed": list(Job.objects.exclude(state="done").values_list("kind", "error")),
    }
    print(json.dumps(said))


def prepare() -> None:
    """One digest, one status mail and one night are due, at whatever hour and day it is."""
    now = datetime.now(UTC)
    # Noon there: the names of these zones count westwards.
    west = now.hour - 12
    organization = make_organization(time_zone=f"Etc/GMT{west:+d}")
    today = datetime.now(organization.zone)
    member = make_member(organization)
    StatusMail.objects.create(
        roadmap=make_roadmap(organization),
        address=BOARD,
        rhythm=Rhythm.WEEKLY,
        weekday=today.weekday(),
        hour=1,
    )
    NoticeSettings.objects.create(
        organization=organization,
        person=member.user,
        digest=Digest.WEEKLY,
        digest_weekday=today.weekday(),
        digest_at=time(1),
    )
    tell(member, kind=QUIET)
    source = make_source(organization)
    InboundEvent.objects.bulk_create(
        InboundEvent(source=source, event_id=str(n), body="{}", received_at=now - timedelta(n))
        for n in range(20, 25)
    )


def at_once(work: Callable[[], object]) -> None:
    start, failures = threading.Barrier(2), []

    def run() -> None:
        try:
            start.wait()
            work()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
