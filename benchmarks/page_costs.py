"""What a step page and a save cost among 10, 100 and 1,000 assessments; run by `autosave`.

Prints JSON: the queries and the processor time (median of 20) of one request each, in this process
through Django's test client, on the database the environment names. Every assessment has all its
level questions answered; one in ten belongs to the visitor's organization.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Organization, User  # noqa: E402
from assessments.models import Answer, Assessment  # noqa: E402
from tests.assessments.factories import make_assessment  # noqa: E402
from tests.factories import make_member, make_organization  # noqa: E402

SIZES = (10, 100, 1_000)
REPEATS = 20


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    # Those who were there before would be counted as well.
    Organization.objects.all().delete()
    User.objects.all().delete()
    member = make_member(make_organization())
    own = make_assessment(organization=member.organization, user=member.user)
    other = make_organization()
    fill([own])
    client = Client()
    client.force_login(member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    found = []
    for size in SIZES:
        crowd(size, own, other)
        found.append({"assessments": Assessment.objects.count(), **costs(client, own)})
    print(json.dumps(found))


def crowd(size: int, own: Assessment, other: Organization) -> None:
    """Make it so many assessments in all, each with its answers."""
    missing = size - Assessment.objects.count()
    made = Assessment.objects.bulk_create(
        Assessment(
            organization=own.organization if number % 10 == 0 else other,
            name=f"Beside {number}",
            guide_id=own.guide_id,
            guide_version=own.guide_version,
        )
        for number in range(missing)
    )
    fill(made)


def fill(assessments: list[Assessment]) -> None:
    now = timezone.now()
    questions = [q.id for q in assessments[0].guide.questions.values() if q.kind == "level"]
    Answer.objects.bulk_create(
        (
            Answer(
                assessment=assessment,
                question_id=question,
                state="answered",
                value=2,
                updated_at=now,
            )
            for assessment in assessments
            for question in questions
        ),
        batch_size=2_000,
    )


def costs(client: Client, own: Assessment) -> dict[str, object]:
    home = f"/o/{own.organization.slug}/assessments/{own.pk}/"
    answer = Answer.objects.get(assessment=own, question_id="Q1.01")
    state = {"version": answer.version, "level": answer.value}

    def page() -> int:
        return client.get(f"{home}steps/1/").status_code

    def save() -> int:
        level = 1 if state["level"] != 1 else 2
        data = {"Q1.01-value": level, "Q1.01-version": state["version"]}
        status = client.post(
            f"{home}answers/Q1.01/", data, headers={"HX-Request": "true"}
        ).status_code
        state.update(level=level, version=state["version"] + 1)
        return status

    found: dict[str, object] = {}
    for name, request in (("page", page), ("save", save)):
        request()  # the first one compiles templates
        with CaptureQueriesContext(connection) as queries:
            status = request()
        found[f"{name}_queries"] = len(queries)  # the next request empties the log
        if status != 200:
            raise SystemExit(f"the {name} answers {status}")
        times = []
        for _ in range(REPEATS):
            began = time.process_time()
            request()
            times.append(1000 * (time.process_time() - began))
        found[f"{name}_cpu_ms"] = round(statistics.median(times), 1)
    return found


if __name__ == "__main__":
    main()
