"""The worker's part: dying in the middle, running twice, a full disk, being stopped, sweeping."""

import errno
import os
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from assessments.evidence_files import store
from assessments.models import Answer, Comment
from handover import arriving_files, services, storage, tasks, writing
from handover.models import Archive, Arrival
from handover.reading import ArchiveRefused
from handover.taking import Taking, is_empty
from jobs import claiming
from jobs.enums import JobState
from jobs.models import Job
from jobs.tasks import run_job
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import make_engagement, make_member, make_organization
from tests.handover.test_handover import brought_in, full_organization, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(tmp_path):
    """An archive that was looked into, in an empty organization, and the one who may take it."""
    organization, _owner, _colleague = full_organization()
    target = make_organization()
    owner = make_member(target, Role.OWNER).user
    with written(organization, tmp_path).open("rb") as file:
        arrival = services.arrival_create(organization=target, user=owner, file=file, name="a.zip")
    return arrival, owner


def asked(arrival, owner):
    services.arrival_take(arrival=arrival, user=owner)
    arrival.refresh_from_db()
    return arrival.job_id


def files():
    return {path for folder in (store.folder(), storage.folder()) for path in folder.iterdir()}


def full(*args, **kwargs):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Killed(BaseException):
    """The process ends here."""


def test_a_worker_that_dies_while_writing_leaves_nothing_and_the_next_one_ends_it(
    waiting, monkeypatch
):
    arrival, owner = waiting
    job = asked(arrival, owner)
    before, answers = files(), Answer.objects.count()

    def die(*args):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Taking, "_write_history", die)
        with pytest.raises(Killed):
            run_job(job)
    assert is_empty(arrival.organization) and files() == before
    Job.objects.filter(pk=job).update(lease_until=timezone.now() - timedelta(seconds=1))
    run_job(job)
    run_job(job)

    arrival.refresh_from_db()
    assert arrival.taken_at and arrival.job.state == JobState.DONE
    assert Answer.objects.filter(assessment__organization=arrival.organization).count() == answers
    taken = AuditEntry.objects.filter(organization=arrival.organization, verb="handover.imported")
    assert taken.count() == 1


def test_a_second_worker_that_wakes_up_late_changes_nothing(waiting):
    arrival, owner = waiting
    job = asked(arrival, owner)
    late = claiming.claim(job)
    Job.objects.filter(pk=job).update(lease_until=timezone.now() - timedelta(seconds=1))
    run_job(job)
    count = Answer.objects.count()

    effect = tasks.bring_in(tasks.Work(*late))  # the arrival was taken: there is nothing to do
    with pytest.raises(claiming.LeaseLost):
        claiming.finish(job, late[1], effect)

    assert Answer.objects.count() == count


def test_a_full_disk_is_told_as_such_and_nothing_stays(waiting, monkeypatch):
    arrival, owner = waiting
    before = files()
    with monkeypatch.context() as patched:
        patched.setattr(arriving_files.store, "write", full)
        run_job(asked(arrival, owner))
    arrival.refresh_from_db()
    assert "no room left" in arrival.job.error
    assert is_empty(arrival.organization) and files() == before

    monkeypatch.setattr(writing.Writer, "write", full)
    archive = services.archive_request(organization=arrival.organization, user=owner)
    run_job(archive.job_id)
    archive.refresh_from_db()
    assert "no room left" in archive.job.error and files() == before
    monkeypatch.setattr(services, "looked_into", full)
    with pytest.raises(ArchiveRefused, match="no room left"):
        services.arrival_create(
            organization=arrival.organization, user=owner, file=ContentFile(b"x"), name="x"
        )
    assert files() == before


def test_stopped_in_the_middle_it_can_be_tried_again(waiting, client):
    arrival, owner = waiting
    job = asked(arrival, owner)
    claimed = claiming.claim(job)
    client.force_login(owner)
    page = reverse("handover:arrival", args=[arrival.organization.slug, arrival.pk])
    stop = reverse("handover:discard", args=[arrival.organization.slug, arrival.pk])
    assert "Stop" in client.get(page).content.decode()
    client.post(stop)

    with pytest.raises(claiming.LeaseLost):
        tasks.bring_in(tasks.Work(*claimed))
    assert is_empty(arrival.organization)
    said = client.get(page).content.decode()
    assert "It was stopped, and nothing was changed" in said and "Try again" in said
    client.post(page)
    run_job(Job.objects.latest("pk").pk)
    assert not is_empty(arrival.organization)


def test_an_archive_under_way_can_be_stopped(client):
    organization = make_organization()
    owner = make_member(organization, Role.OWNER).user
    archive = services.archive_request(organization=organization, user=owner)
    client.force_login(owner)
    client.post(reverse("handover:stop", args=[organization.slug, archive.pk]))

    run_job(archive.job_id)
    archive.refresh_from_db()
    assert not archive.file and archive.job.state == JobState.CANCELLED
    page = client.get(reverse("handover:index", args=[organization.slug])).content.decode()
    assert "It was stopped." in page


def test_while_it_is_written_no_bar_claims_to_know_how_far_it_is(waiting, client):
    arrival, owner = waiting
    job = asked(arrival, owner)
    client.force_login(owner)
    page = reverse("handover:arrival", args=[arrival.organization.slug, arrival.pk])
    Job.objects.filter(pk=job).update(state=JobState.RUNNING, progress=40, phrase="Checking")
    assert 'value="40"' in client.get(page).content.decode()
    Job.objects.filter(pk=job).update(progress=services.WRITING, phrase="Written at once")

    said = client.get(page).content.decode()
    assert "Written at once" in said and 'value="80"' not in said


def test_archives_go_after_their_days_without_anybody_asking(waiting, monkeypatch):
    arrival, owner = waiting
    archive = services.archive_request(organization=arrival.organization, user=owner)
    run_job(archive.job_id)
    archive.refresh_from_db()
    kept = storage.path_of(archive.file)
    tasks.sweep()
    assert kept.exists() and storage.path_of(arrival.file).exists()

    over = timezone.now() - timedelta(days=8)
    Archive.objects.update(kept_until=over)
    Arrival.objects.update(created_at=over)
    for path in storage.folder().iterdir():
        os.utime(path, (time.time() - 8 * 86400,) * 2)
    tasks.sweep()

    assert not list(storage.folder().iterdir())
    assert not Arrival.objects.exists() and Archive.objects.get().file == ""


def test_another_choice_replaces_the_archive_that_waited(waiting, tmp_path):
    arrival, owner = waiting
    first = storage.path_of(arrival.file)
    with written(make_organization(), tmp_path).open("rb") as file:
        again = services.arrival_create(
            organization=arrival.organization, user=owner, file=file, name="b.zip"
        )
    assert not first.exists() and list(Arrival.objects.all()) == [again]
    asked(again, owner)
    with pytest.raises(ArchiveRefused, match="just now"):
        services.arrival_create(
            organization=arrival.organization, user=owner, file=ContentFile(b"x"), name="x"
        )


def test_more_rows_take_no_more_queries(tmp_path):
    """Both ways, up to a batch; with remarks that mention people."""
    counts = []
    for number in (2, 60):
        organization = make_organization()
        owner = make_member(organization, Role.OWNER).user
        assessment = make_assessment(organization=organization, user=owner)
        save_answer(assessment, "Q1.01", 2)
        for at in range(number):
            remark = Comment.objects.create(assessment=assessment, question_id="Q1.01", text=at)
            remark.mentions.add(owner)
            make_member(organization)
        with CaptureQueriesContext(
            connection,
        ) as out:
            path = written(organization, tmp_path, f"{number}.zip")
        with CaptureQueriesContext(connection) as into:
            brought_in(path)
        counts.append((len(out), len(into)))
    (few_out, few_in), (many_out, many_in) = counts
    assert many_out <= few_out + 1 and many_in <= few_in + 3, counts


def test_files_larger_than_other_uploads_and_only_for_owners(waiting, settings, tmp_path):
    settings.WAYMARK_UPLOAD_BYTES = 1000
    arrival, owner = waiting
    page = reverse("handover:import", args=[arrival.organization.slug])
    body = storage.path_of(arrival.file).read_bytes()
    assert len(body) > 1000
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    token = client.get(page).cookies["csrftoken"].value

    def send(**more):
        return client.post(page, {"archive": ContentFile(body, "a.zip"), **more})

    assert send().status_code == 403
    assert send(csrfmiddlewaretoken=token).status_code == 302
    editor = make_member(arrival.organization).user
    client.force_login(editor)
    assert send().status_code == 403
    client.force_login(make_member().user)
    assert send().status_code == 404


def test_an_archive_beyond_the_limit_is_dropped_in_words(waiting, monkeypatch, client):
    arrival, owner = waiting
    monkeypatch.setattr(services, "MAX_UPLOAD", 10)
    client.force_login(owner)
    page = reverse("handover:import", args=[arrival.organization.slug])

    sent = client.post(page, {"archive": ContentFile(b"x" * 100_000, "a.zip")})

    assert sent.status_code == 422 and "import_client" in sent.content.decode()


def test_a_manifest_with_an_odd_date_is_shown_all_the_same(waiting, client):
    arrival, owner = waiting
    client.force_login(owner)
    for odd in ("2026-13-45T99:99:99", "yesterday", ""):
        Arrival.objects.update(found=arrival.found | {"made_at": odd})
        page = reverse("handover:arrival", args=[arrival.organization.slug, arrival.pk])
        assert client.get(page).status_code == 200


def test_an_advisers_owner_sees_none_of_it(client):
    engagement = make_engagement(role=Role.OWNER)
    client.force_login(make_member(engagement.consultancy, Role.OWNER).user)
    for name in ("handover:index", "handover:import"):
        assert client.get(reverse(name, args=[engagement.client.slug])).status_code == 403
