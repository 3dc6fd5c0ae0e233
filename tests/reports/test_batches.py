"""Many reports at once: what goes wrong with one stops no other."""

import csv
import errno
import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.engagements import engagement_end
from accounts.enums import Area, Role
from accounts.models import Engagement
from jobs import claiming
from jobs.enums import JobState
from jobs.models import Job
from jobs.tasks import run_job
from reports import storage
from reports.choices import Choices
from reports.models import Batch, Report
from reports.services import batches
from reports.services.batches import (
    BatchInvalid,
    batch_cancel,
    batch_request,
    batch_retry,
    batches_sweep,
)
from reports.services.making import report_retry, reports_expire
from tests.factories import make_engagement, make_member, make_organization
from tests.roadmap.factories import make_roadmap, plan_roadmap

pytestmark = pytest.mark.django_db
JSON = Choices(form="json")


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    return tmp_path


@pytest.fixture
def quick(monkeypatch):
    """Freezing and making cost nothing: what is tested is what happens around them."""
    made = []

    def request(*, roadmap, user, choices, job):
        report, _is_new = Report.objects.get_or_create(
            roadmap=roadmap,
            input_hash=f"{choices.form}",
            defaults={
                "organization": roadmap.organization,
                "form": choices.form,
                "choices": choices.to_json(),
                "snapshot": {},
                "job": job,
            },
        )
        return report

    def render(*, report, token, tell):
        name = storage.write(report.pk, token, f"of {report.organization}".encode(), "json")
        made.append(report.organization.name)
        return lambda: Report.objects.filter(pk=report.pk).update(file=name)

    monkeypatch.setattr(batches, "report_request", request)
    monkeypatch.setattr(batches, "report_render", render)
    return made


@pytest.fixture
def adviser():
    return make_member(make_organization(name="Elm", advises=True), Role.OWNER)


def client_of(adviser, name, *, plan=make_roadmap, **terms):
    found = make_organization(name=name)
    make_engagement(found, adviser.organization, role=Role.EDITOR, **terms)
    plan(found)
    return found


def request_of(adviser, clients, *choices):
    return batch_request(
        organization=adviser.organization,
        user=adviser.user,
        clients=clients,
        choices=choices or [JSON],
        name="Autumn",
    )


def work_off():
    """As a worker would, one after the other, until nothing waits."""
    while job := Job.objects.filter(state=JobState.QUEUED).order_by("pk").first():
        run_job(job.pk)


def names_in(batch):
    batch.refresh_from_db()
    with zipfile.ZipFile(storage.path_of(batch.file)) as archive:
        told = archive.read("manifest.csv").decode("utf-8-sig")
        found = {name: archive.read(name) for name in archive.namelist() if "/" in name}
    return found, list(csv.reader(io.StringIO(told)))[1:]


def test_each_client_has_a_file_with_its_hash(adviser, quick):
    batch = request_of(adviser, [client_of(adviser, n) for n in ("Birch", "../Ash", "=cmd")])

    work_off()

    found, rows = names_in(batch)
    assert set(found) == {
        "birch/birch-full-json.json",
        "ash/ash-full-json.json",
        "cmd/cmd-full-json.json",
    }
    with zipfile.ZipFile(storage.path_of(batch.file)) as archive:
        assert {one.date_time[0] for one in archive.infolist()} == {timezone.localdate().year}
    hashes = {name: hashlib.sha256(body).hexdigest() for name, body in found.items()}
    assert {row[1]: row[2] for row in rows} == hashes
    assert {row[4] for row in rows} == {"Full roadmap · JSON"}
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert batch.finished_at and batch.kept_until > timezone.now()


def test_clients_of_one_name_get_a_folder_each(adviser, quick):
    batch = request_of(adviser, [client_of(adviser, "Ash"), client_of(adviser, "Ash")])

    work_off()

    assert set(names_in(batch)[0]) == {"ash/ash-full-json.json", "ash-2/ash-2-full-json.json"}


def test_two_hundred_reports_end_and_none_twice(adviser, quick):
    # Making the clients is what takes long: on PostgreSQL a few of them.
    count = 200 if connection.vendor == "sqlite" else 30
    clients = [client_of(adviser, f"Client {n:03}") for n in range(count)]
    batch = request_of(adviser, clients)

    work_off()
    for job in Job.objects.filter(kind=batches.ITEM_JOB)[:20]:
        run_job(job.pk)

    assert len(names_in(batch)[0]) == count
    assert sorted(quick) == [f"Client {n:03}" for n in range(count)]
    assert Job.objects.filter(kind=batches.ZIP_JOB).count() == 1


def test_what_cannot_be_made_says_why_and_stops_nothing(adviser, quick):
    closed = make_organization(name="Stranger")
    planned = client_of(adviser, "Ash")
    empty = make_organization(name="Empty")
    make_engagement(empty, adviser.organization, role=Role.EDITOR)
    scores_only = client_of(adviser, "Scores", areas=[Area.ASSESSMENTS])
    batch = request_of(adviser, [closed, planned, empty, scores_only])

    work_off()

    problems = {item.client.name: item.problem for item in batch.items.all()}
    assert problems["Ash"] == ""
    assert "no longer lets you" in problems["Stranger"] == problems["Scores"]
    assert "no roadmap yet" in problems["Empty"]
    assert len(names_in(batch)[0]) == 1


def test_access_that_ends_in_the_midst_ends_that_client_alone(adviser, quick):
    first, second = client_of(adviser, "Ash"), client_of(adviser, "Birch")
    batch = request_of(adviser, [first, second])
    jobs = list(Job.objects.filter(kind=batches.ITEM_JOB).order_by("pk"))

    run_job(jobs[0].pk)
    for client in (first, second):
        engagement_end(engagement=Engagement.objects.get(client=client), user=adviser.user)
    work_off()

    assert quick == ["Ash"]
    found, _rows = names_in(batch)
    assert found == {}  # what was made before is not handed on either
    assert all("no longer lets you" in item.problem for item in batch.items.all())


def test_zip_is_made_anew_when_a_client_has_ended_the_access(client, adviser, quick):
    kept, ended = client_of(adviser, "Ash"), client_of(adviser, "Birch")
    batch = request_of(adviser, [kept, ended])
    work_off()
    client.force_login(adviser.user)
    url = reverse("batches:download", args=[adviser.organization.slug, batch.pk])
    assert client.get(url).status_code == 200

    engagement_end(engagement=Engagement.objects.get(client=ended), user=adviser.user)
    answer = client.get(url, follow=True)
    assert "put together again" in answer.content.decode()
    work_off()

    assert set(names_in(batch)[0]) == {"ash/ash-full-json.json"}
    assert client.get(url).status_code == 200


def test_fault_is_tried_again_and_then_told(adviser, quick, monkeypatch, settings):
    def broken(**_given):
        raise ZeroDivisionError

    monkeypatch.setattr(batches, "report_render", broken)
    batch = request_of(adviser, [client_of(adviser, "Ash")])

    work_off()

    item = batch.items.get()
    assert item.job.attempts == settings.JOB_MAX_ATTEMPTS
    assert "did not finish" in item.problem


def test_full_disk_is_told_in_words_and_leaves_no_half_file(adviser, quick, monkeypatch, files):
    def full(*, report, token, tell):
        with storage.unfinished_file(f"{report.pk}-{token}.json") as path:
            path.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(batches, "report_render", full)
    batch = request_of(adviser, [client_of(adviser, "Ash")])

    work_off()

    assert "no room left" in batch.items.get().problem
    assert [path.name for path in (files / "reports").iterdir() if path.suffix != ".zip"] == []


def test_cancelled_batch_keeps_what_is_made(adviser, quick):
    batch = request_of(adviser, [client_of(adviser, n) for n in ("Ash", "Birch")])
    run_job(Job.objects.filter(kind=batches.ITEM_JOB).order_by("pk")[0].pk)

    assert batch_cancel(batch=batch, user=adviser.user)
    assert not batch_cancel(batch=batch, user=adviser.user)
    work_off()

    assert quick == ["Ash"] and set(names_in(batch)[0]) == {"ash/ash-full-json.json"}


def test_retry_makes_only_what_was_not_made(adviser, quick):
    client = make_organization(name="Birch")
    batch = request_of(adviser, [client_of(adviser, "Ash"), client])
    assert batch_retry(batch=batch, user=adviser.user) == 0  # under way
    work_off()
    make_engagement(client, adviser.organization, role=Role.EDITOR)
    make_roadmap(client)

    assert batch_retry(batch=batch, user=adviser.user) == 1
    work_off()

    assert quick == ["Ash", "Birch"] and len(names_in(batch)[0]) == 2


def test_item_whose_worker_died_for_good_does_not_hold_the_batch(adviser, quick):
    batch = request_of(adviser, [client_of(adviser, "Ash")])
    job = Job.objects.get(kind=batches.ITEM_JOB)
    _job, token = claiming.claim(job.pk)
    claiming.fail(job.pk, token, "It was tried three times.")

    assert batches_sweep() == 1
    work_off()

    assert batch.items.get().problem == "It was tried three times."
    batch.refresh_from_db()
    assert batch.finished_at


@pytest.mark.parametrize("number", [0, 501])
def test_too_few_and_too_many_are_refused(adviser, number):
    clients = [make_organization(name=f"C{n}") for n in range(min(number, 2))] * (number // 2 + 1)
    if number > 2:
        clients = [type(clients[0])(pk=n + 10_000) for n in range(number)]

    with pytest.raises(BatchInvalid):
        request_of(adviser, clients[:number])


def test_real_files_of_a_real_plan(adviser):
    batch = request_of(
        adviser, [client_of(adviser, "Ash", plan=plan_roadmap)], JSON, Choices(form="csv")
    )

    work_off()

    assert set(names_in(batch)[0]) == {"ash/ash-full-json.json", "ash/ash-full-csv.zip"}


@pytest.mark.parametrize("number", [1, 12])
def test_page_stays_within_its_queries(
    client, adviser, quick, number, django_assert_max_num_queries
):
    batch = request_of(adviser, [make_organization(name=f"C{n}") for n in range(number)])
    work_off()
    client.force_login(adviser.user)

    with django_assert_max_num_queries(16):
        page = client.get(reverse("batches:detail", args=[adviser.organization.slug, batch.pk]))
        assert page.status_code == 200
    assert Batch.objects.get().finished_at - Batch.objects.get().created_at < timedelta(minutes=5)


def test_client_may_ask_for_what_a_batch_could_not_make(adviser, monkeypatch):
    """The report is the client's: that the batch has given it up must not leave it waiting."""

    def full(**_given):
        raise OSError(errno.ENOSPC, "No space left on device")

    client = client_of(adviser, "Ash", plan=plan_roadmap)
    with monkeypatch.context() as broken:
        broken.setattr(batches, "report_render", full)
        batch = request_of(adviser, [client])
        work_off()
    report = Report.objects.get()
    assert report.has_failed and "no room left" in batch.items.get().problem

    assert report_retry(report=report, user=adviser.user)
    work_off()

    report.refresh_from_db()
    assert report.is_ready and report.job.kind == "report"


def test_files_let_go_after_a_time_come_back_with_the_zip(adviser):
    batch = request_of(adviser, [client_of(adviser, "Ash", plan=plan_roadmap)])
    work_off()
    before, rows = names_in(batch)
    past = timezone.now() - timedelta(days=1)
    Report.objects.update(kept_until=past)
    Batch.objects.update(kept_until=past)

    assert reports_expire() == 2
    batch.refresh_from_db()
    assert batch.file == ""
    batches.zip_again(batch=batch)
    work_off()

    assert names_in(batch) == (before, rows)


def test_zip_is_for_those_who_may_see_all_that_it_holds(client, adviser, quick):
    """A colleague without access to all cannot have it, and does not take it from who asked."""
    colleague = make_member(adviser.organization, Role.EDITOR)
    own = make_member(make_organization(name="Birch"), Role.EDITOR, user=adviser.user)
    make_roadmap(own.organization)
    batch = request_of(adviser, [client_of(adviser, "Ash"), own.organization])
    work_off()
    client.force_login(colleague.user)
    url = reverse("batches:download", args=[adviser.organization.slug, batch.pk])

    assert "may not see" in client.get(url, follow=True).content.decode()

    client.force_login(adviser.user)
    assert client.get(url).status_code == 200
