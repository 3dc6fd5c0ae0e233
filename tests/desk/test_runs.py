"""What was done for many is found again, and tried again where it could not be done."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Engagement
from assessments.models import Assessment
from desk.models import BulkItem, BulkRun
from jobs.enums import JobState
from jobs.models import Job
from tests.desk.test_bulk import act, made, submitted, url, work_of
from tests.factories import make_engagement, make_member, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultant():
    return make_member(make_organization(advises=True), Role.EDITOR)


def half_done(consultant, monkeypatch):
    """A round for two clients, one of which has not assessed itself yet."""
    ready, new = (make_engagement(consultancy=consultant.organization).client for _ in range(2))
    submitted(ready)
    run, work = made(consultant, "rounds", [ready, new], name="Autumn")
    act(run, work, monkeypatch)
    Job.objects.filter(pk=run.job_id).update(state=JobState.DONE)
    return run, ready, new


def test_list_tells_what_when_who_and_for_how_many(client, consultant, monkeypatch):
    half_done(consultant, monkeypatch)
    client.force_login(consultant.user)

    def listed():
        with CaptureQueriesContext(connection) as queries:
            text = client.get(url(consultant, "runs")).content.decode()
        return text, len(queries)

    text, one = listed()
    assert all(word in text for word in ("Begin a new round", "Autumn", "Done for 1 of 2"))
    assert str(consultant.user) in text and "not for all" in text
    for _ in range(4):
        half_done(consultant, monkeypatch)
    assert listed()[1] == one


def test_another_consultancy_finds_nothing_of_it(client, consultant, monkeypatch):
    run, _ready, _new = half_done(consultant, monkeypatch)
    stranger = make_member(make_organization(advises=True), Role.OWNER)
    client.force_login(stranger.user)

    assert "Autumn" not in client.get(url(stranger, "runs")).content.decode()
    assert client.post(url(stranger, "again", run.pk)).status_code == 404


def test_failed_ones_alone_are_tried_again_by_whoever_asks(client, consultant, monkeypatch):
    run, ready, new = half_done(consultant, monkeypatch)
    submitted(new)
    colleague = make_member(consultant.organization, Role.OWNER)
    client.force_login(colleague.user)
    assert (
        "Try it again for 1 client" in client.get(url(consultant, "run", run.pk)).content.decode()
    )

    sent = client.post(url(consultant, "again", run.pk))

    second = BulkRun.objects.exclude(pk=run.pk).get()
    assert sent.headers["Location"] == url(consultant, "run", second.pk)
    assert (second.asked_by, second.wanted) == (colleague.user, {"name": "Autumn"})
    items = act(second, work_of(second), monkeypatch)
    assert {pk: item.is_done for pk, item in items.items()} == {new.pk: True}
    assert Assessment.objects.filter(organization=ready, name="Autumn").count() == 1


def test_whoever_is_let_in_no_more_is_not_acted_for(client, consultant, monkeypatch):
    run, _ready, new = half_done(consultant, monkeypatch)
    submitted(new)
    Engagement.objects.filter(client=new).update(ended_at=timezone.now())
    client.force_login(consultant.user)

    client.post(url(consultant, "again", run.pk))

    second = BulkRun.objects.exclude(pk=run.pk).get()
    (item,) = act(second, work_of(second), monkeypatch).values()
    assert (item.is_done, item.outcome) == (False, "You are not let in any more.")


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.FAILED, JobState.CANCELLED])
def test_run_whose_job_died_says_so_and_is_tried_again_once(client, consultant, state, monkeypatch):
    one = make_engagement(consultancy=consultant.organization).client
    submitted(one)
    run, work = made(consultant, "rounds", [one], name="Autumn")
    Job.objects.filter(pk=run.job_id).update(state=state)
    client.force_login(consultant.user)
    is_dead = state != JobState.QUEUED

    page = client.get(url(consultant, "run", run.pk)).content.decode()
    assert ("It stopped" in page, "still waits" in page) == (is_dead, not is_dead)
    client.post(url(consultant, "again", run.pk))
    assert BulkRun.objects.count() == (2 if is_dead else 1)

    # Should the first job be taken up after all, it finds nothing left to do.
    act(run, work, monkeypatch)
    assert BulkItem.objects.get(run=run).is_done == (not is_dead)


def test_nothing_to_try_again_says_so(client, consultant, monkeypatch):
    run, _ready, new = half_done(consultant, monkeypatch)
    BulkItem.objects.filter(run=run, client=new).update(is_done=True)
    client.force_login(consultant.user)

    sent = client.post(url(consultant, "again", run.pk), follow=True)

    assert "There is nothing to try again." in sent.content.decode()
    assert (
        reverse("desk:run", args=[consultant.organization.slug, run.pk])
        == sent.request["PATH_INFO"]
    )


def test_asking_twice_does_it_once(client, consultant, monkeypatch):
    run, _ready, new = half_done(consultant, monkeypatch)
    submitted(new)
    client.force_login(consultant.user)

    for _ in range(2):
        client.post(url(consultant, "again", run.pk))

    second = BulkRun.objects.exclude(pk=run.pk).get()
    act(second, work_of(second), monkeypatch)
    client.post(url(consultant, "again", run.pk))
    assert BulkRun.objects.count() == 2
