"""One action for many clients: said before, done for each by itself, told afterwards."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Area, Role
from accounts.models import AuditEntry, Engagement
from accounts.tenancy import access_to
from assessments.models import Assessment, Suggestion
from assessments.services import assessment_submit
from assessments.services.assignments import assign
from desk.models import BulkItem, BulkRun
from desk.services.bulk import acting
from desk.services.bulk.planning import plan
from inbox.models import Notice
from jobs.models import Job
from jobs.services import job_request
from jobs.work import Work
from reports.choices import Choices
from reports.models import Batch
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import make_engagement, make_member, make_organization
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultant():
    return make_member(make_organization(advises=True), Role.EDITOR)


def url(consultant, name, *args):
    return reverse(f"desk:{name}", args=[consultant.organization.slug, *args])


def submitted(client):
    assessment = make_assessment(organization=client, name="Spring")
    save_answer(assessment, "Q1.01", 2)
    assessment_submit(assessment=assessment, user=None)


def with_questions(client):
    """A draft with a part given to a member; the member."""
    member = make_member(client, Role.CONTRIBUTOR)
    assessment = make_assessment(organization=client)
    assign(
        assessment=assessment,
        by=make_member(client, Role.EDITOR).user,
        parts=[("step", step.id) for step in assessment.guide.steps[:2]],
        people=[member.user],
        due_on=None,
        site="https://waymark.example",
    )
    return member


def made(consultant, action, clients, **wanted):
    run = acting.run_request(
        organization=consultant.organization,
        user=consultant.user,
        action=action,
        clients=clients,
        wanted=wanted,
    )
    return run, work_of(run)


def work_of(run):
    return Work(Job.objects.get(pk=run.job_id), "")


def act(run, work, monkeypatch):
    monkeypatch.setattr(work, "progress", lambda *said: None)
    acting.act(work)
    return {item.client_id: item for item in BulkItem.objects.filter(run=run)}


def test_confirmation_says_for_each_what_would_happen(client, consultant):
    house = consultant.organization
    ready, new, closed, viewed, gone = (
        make_engagement(consultancy=house),
        make_engagement(consultancy=house),
        make_engagement(consultancy=house, areas=(Area.ROADMAP,)),
        make_engagement(consultancy=house, role=Role.VIEWER),
        make_engagement(consultancy=house, until=date(2020, 1, 1)),
    )
    stranger = make_engagement()
    for one in (ready, closed, viewed, gone, stranger):
        submitted(one.client)
    client.force_login(consultant.user)
    all_of_them = (ready, new, closed, viewed, gone, stranger)

    found = client.post(
        url(consultant, "confirm"),
        {"action": "rounds", "client": [one.client_id for one in all_of_them]},
    )

    lines = {line.client: (line.will_do, line.words) for line in found.context["lines"]}
    assert lines == {
        ready.client: (True, "Goes on from “Spring”."),
        new.client: (False, "It has not handed in an assessment yet."),
        closed.client: (False, "Not opened to you: Assessments and scores."),
        viewed.client: (False, "You may only read there."),
    }
    assert not BulkRun.objects.exists()


def test_all_that_the_filters_find(client, consultant):
    make_engagement(make_organization(name="Elm"), consultant.organization)
    ash = make_engagement(make_organization(name="Ash"), consultant.organization).client
    client.force_login(consultant.user)
    data = {"action": "reminders", "everyone": "1", "query": "q=ash"}

    found = client.post(url(consultant, "confirm"), data)

    assert [line.client for line in found.context["lines"]] == [ash]


@pytest.mark.parametrize("action", ["reports", "reminders", "work", "rounds"])
def test_planning_asks_no_more_for_many(consultant, action, django_assert_max_num_queries):
    clients = [make_engagement(consultancy=consultant.organization).client for _ in range(7)]
    access = type("A", (), {"user": consultant.user})()

    with django_assert_max_num_queries(4):
        assert len(plan(access, clients, action)) == 7


def test_new_rounds_begin_once_and_offer_the_last_answers(consultant, monkeypatch):
    first, second = (make_engagement(consultancy=consultant.organization).client for _ in "ab")
    submitted(first)
    run, work = made(consultant, "rounds", [first, second], name="Autumn round")

    items = act(run, work, monkeypatch)
    again = act(run, work, monkeypatch)

    assert items[first.pk].is_done and not items[second.pk].is_done
    assert {pk: item.outcome for pk, item in again.items()} == {
        pk: item.outcome for pk, item in items.items()
    }
    drafts = Assessment.objects.filter(name="Autumn round")
    assert [draft.organization for draft in drafts] == [first]
    assert Suggestion.objects.filter(assessment=drafts[0], question_id="Q1.01").exists()


def test_access_that_ends_in_the_midst_stops_that_client_alone(consultant, monkeypatch):
    ended, stays = (make_engagement(consultancy=consultant.organization).client for _ in "ab")
    for one in (ended, stays):
        submitted(one)
    run, work = made(consultant, "rounds", [ended, stays], name="Round")
    Engagement.objects.filter(client=ended).update(ended_at="2026-01-01T00:00Z")

    items = act(run, work, monkeypatch)

    assert items[ended.pk].outcome == "You are not let in any more."
    assert items[stays.pk].is_done
    assert not Assessment.objects.filter(organization=ended, name="Round").exists()


def test_what_fails_for_one_is_told_and_stops_no_other(consultant, monkeypatch):
    bad, good = (make_engagement(consultancy=consultant.organization).client for _ in "ab")
    for one in (bad, good):
        submitted(one)
    honest = acting.assessment_create

    def create(**values):
        if values["organization"] == bad:
            raise RuntimeError("disk full")
        return honest(**values)

    monkeypatch.setattr(acting, "assessment_create", create)
    run, work = made(consultant, "rounds", [bad, good], name="Round")

    items = act(run, work, monkeypatch)

    assert "Something went wrong" in items[bad.pk].outcome
    assert items[good.pk].is_done


def test_each_person_is_reminded_once(consultant, monkeypatch):
    house = make_engagement(consultancy=consultant.organization).client
    member = with_questions(house)
    Notice.objects.all().delete()
    run, work = made(consultant, "reminders", [house])

    items = act(run, work, monkeypatch)
    act(run, work, monkeypatch)

    assert items[house.pk].outcome == "1 person was reminded."
    notice = Notice.objects.get()
    assert (notice.person, notice.organization) == (member.user, house)
    assert "2 parts" in notice.title
    assert AuditEntry.objects.filter(organization=house, verb="assignment.reminded").exists()


def test_owners_of_late_work_are_reminded_once(consultant, monkeypatch):
    house = make_engagement(consultancy=consultant.organization).client
    roadmap = make_roadmap(house)
    owner = make_member(house, Role.CONTRIBUTOR).user
    first, second, *_others = roadmap.initiatives.order_by("pk")
    for item, day in ((first, 400), (second, 500)):
        item.owner, item.expected_on = owner, timezone.localdate() - timedelta(day)
        item.save()
    make_engagement(consultancy=consultant.organization)
    planned = plan(access_to(consultant.user, consultant.organization.slug), [house], "work")
    assert [(one.will_do, one.words) for one in planned] == [
        (True, "1 person has work that should have been finished.")
    ]
    run, work = made(consultant, "work", [house])

    items = act(run, work, monkeypatch)
    act(run, work, monkeypatch)

    assert items[house.pk].outcome == "1 person was reminded."
    notice = Notice.objects.get(person=owner)
    assert "2 initiatives of yours" in notice.title
    assert AuditEntry.objects.filter(organization=house, verb="work.reminded").exists()


def test_work_of_a_replaced_roadmap_is_late_no_more(consultant, monkeypatch):
    house = make_engagement(consultancy=consultant.organization).client
    old = make_roadmap(house)
    owner = make_member(house, Role.CONTRIBUTOR).user
    old.initiatives.update(owner=owner, expected_on=timezone.localdate() - timedelta(9))
    make_roadmap(house)
    run, work = made(consultant, "work", [house])

    assert "Nobody there has work" in act(run, work, monkeypatch)[house.pk].outcome


def test_reports_become_one_batch(client, consultant):
    ready = make_engagement(consultancy=consultant.organization).client
    make_roadmap(ready)
    without = make_engagement(consultancy=consultant.organization).client
    client.force_login(consultant.user)

    data = {"action": "reports", "client": [ready.pk, without.pk]}
    found = client.post(url(consultant, "act"), data)

    batch = Batch.objects.get()
    assert [item.client for item in batch.items.all()] == [ready]
    assert found.url == reverse("batches:detail", args=[consultant.organization.slug, batch.pk])


@pytest.mark.parametrize(("sent", "made"), [("board", "board"), ("", "full"), ("x", "full")])
def test_a_board_paper_needs_no_template(client, consultant, sent, made):
    house = make_engagement(consultancy=consultant.organization).client
    make_roadmap(house)
    client.force_login(consultant.user)
    data = {"action": "reports", "client": [house.pk], "template": sent}

    asked = client.post(url(consultant, "confirm"), data).content.decode()
    client.post(url(consultant, "act"), data)

    assert (
        "Board paper as PDF" in asked
        and reverse("look:templates", args=[consultant.organization.slug]) in asked
    )
    assert Batch.objects.get().choices == [Choices(document=made).to_json()]


def test_page_of_a_run_tells_what_happened(client, consultant, monkeypatch):
    house = make_engagement(consultancy=consultant.organization).client
    run, work = made(consultant, "reminders", [house])
    client.force_login(consultant.user)
    assert "still waits" in client.get(url(consultant, "run", run.pk)).content.decode()

    act(run, work, monkeypatch)

    page = client.get(url(consultant, "run", run.pk)).content.decode()
    assert "Nobody there has been asked" in page


def test_name_of_the_round_is_asked_for(client, consultant):
    house = make_engagement(consultancy=consultant.organization).client
    submitted(house)
    client.force_login(consultant.user)

    data = {"action": "rounds", "client": house.pk, "name": " "}
    assert client.post(url(consultant, "act"), data).status_code == 422
    assert client.post(url(consultant, "act"), {"action": "delete"}).status_code == 404
    assert not BulkRun.objects.exists()


def test_handler_is_registered(consultant):
    from jobs.registry import find_handler

    job = job_request(
        organization=consultant.organization, user=None, kind=acting.JOB_KIND, payload={}
    )
    assert find_handler(job.kind)
