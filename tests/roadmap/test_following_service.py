"""The forecast of the rest: asked for, made in the worker, stored by day, told when it matters."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from accounts.enums import Role
from inbox.models import Notice
from jobs import registry
from jobs.enums import JobState
from jobs.models import Job
from jobs.tasks import run_job
from jobs.work import Work
from roadmap.enums import ForecastCause, InitiativeStatus
from roadmap.models import ProgressForecast, ProgressSnapshot
from roadmap.services.following.asking import JOB_KIND, forecast_ask, latest_forecast
from roadmap.services.following.facts import fingerprint, followed_roadmaps, under_way
from roadmap.services.following.nights import roadmaps_follow
from roadmap.services.work.tracking import organization_today
from tests.factories import make_member, make_organization
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def shifted(roadmap, today=None, weeks=0):
    """The made-up chain, begun so many weeks ago."""
    today = today or organization_today(roadmap.organization)
    monday = today + timedelta(days=-today.weekday() % 7) - timedelta(weeks=weeks)
    by = monday - roadmap.start_on
    roadmap.start_on = monday
    roadmap.save(update_fields=["start_on"])
    for row in roadmap.initiatives.all():
        row.start_on, row.finish_on = row.start_on + by, row.finish_on + by
        row.baseline_start_on, row.baseline_finish_on = row.start_on, row.finish_on
        row.save()
    return roadmap


def run(job):
    Job.objects.filter(pk=job.pk).update(not_before=None)
    run_job(job.pk)
    return Job.objects.get(pk=job.pk)


def forecast(roadmap, cause="asked"):
    done = run(forecast_ask(roadmap=roadmap, cause=cause))
    assert done.state == JobState.DONE, done.error
    return latest_forecast(roadmap)


def test_a_forecast_is_stored_for_the_day():
    roadmap = shifted(make_roadmap())
    found = forecast(roadmap)
    assert found.as_of == organization_today(roadmap.organization)
    assert found.document["finish"]["slip"] == 0
    assert set(found.document["initiatives"]) == {"A1", "A2", "A3"}
    assert found.expected_on == date.fromisoformat(found.document["finish"]["expected"])
    assert found.expected_on <= found.p80_on


def test_the_same_day_keeps_one_forecast_the_newest():
    roadmap = shifted(make_roadmap())
    first = forecast(roadmap)
    roadmap.initiatives.filter(initiative_id="A1").update(remaining_days=20)
    second = forecast(roadmap)
    assert first.pk == second.pk
    assert second.document["finish"]["slip"] > 0


def test_a_request_that_waits_is_joined_and_hurried_by_whoever_waits():
    roadmap = make_roadmap()
    first = forecast_ask(roadmap=roadmap, cause="change")
    assert first.not_before > timezone.now()
    assert forecast_ask(roadmap=roadmap, cause="change").pk == first.pk
    hurried = forecast_ask(roadmap=roadmap, cause="asked")
    assert hurried.pk == first.pk
    assert Job.objects.get(pk=first.pk).not_before is None


def test_a_running_one_is_not_joined():
    roadmap = make_roadmap()
    first = forecast_ask(roadmap=roadmap, cause="change")
    Job.objects.filter(pk=first.pk).update(state=JobState.RUNNING)
    assert forecast_ask(roadmap=roadmap, cause="change").pk != first.pk


def test_an_overtaken_result_is_thrown_away_and_asked_for_again():
    roadmap = shifted(make_roadmap())
    job = forecast_ask(roadmap=roadmap, cause="asked")
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, token="t")
    work = Work(Job.objects.get(pk=job.pk), "t")
    effect = registry.find_handler(JOB_KIND)(work)
    roadmap.initiatives.filter(initiative_id="A1").update(percent=50)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    effect()
    assert latest_forecast(roadmap) is None
    roadmap.refresh_from_db()
    assert roadmap.forecast_job_id != job.pk
    assert roadmap.forecast_job.state == JobState.QUEUED


def test_running_it_twice_leaves_one_forecast():
    roadmap = shifted(make_roadmap())
    job = forecast_ask(roadmap=roadmap, cause="night")
    run(job)
    run(job)
    assert ProgressForecast.objects.count() == 1
    assert ProgressSnapshot.objects.count() == 1


def test_only_the_roadmap_adopted_last_is_forecast():
    old = make_roadmap()
    waiting = forecast_ask(roadmap=old, cause="change")
    make_roadmap(old.organization)
    assert forecast_ask(roadmap=old, cause="asked") is None
    assert run(waiting).state == JobState.DONE
    assert latest_forecast(old) is None


def test_a_deleted_roadmap_says_so():
    roadmap = make_roadmap()
    job = forecast_ask(roadmap=roadmap, cause="change")
    roadmap.delete()
    assert "deleted" in run(job).error


def test_what_cannot_be_scheduled_says_so_and_does_not_fail_silently():
    roadmap = make_roadmap()
    roadmap.initiatives.filter(initiative_id="A1").update(predecessors=["A2"])
    done = run(forecast_ask(roadmap=roadmap, cause="asked"))
    assert done.state == JobState.FAILED
    assert "circle" in done.error


def test_equal_facts_have_equal_fingerprints_and_reports_change_them():
    made = make_roadmap()
    roadmap = followed_roadmaps().get(pk=made.pk)
    today = date(2027, 1, 4)
    first = fingerprint(roadmap, under_way(roadmap), today)
    assert first == fingerprint(roadmap, under_way(roadmap), today)
    made.gates.update(is_open=True)
    assert first != fingerprint(roadmap, under_way(roadmap), today)


def test_a_guide_that_is_gone_does_not_stop_the_forecast():
    made = make_roadmap()
    roadmap = followed_roadmaps().get(pk=made.pk)
    roadmap.snapshot.guide_version = "0.0.1"
    assert under_way(roadmap).items[0].shares == {"OPS": 1.0}


def test_two_clocks_ask_once_a_night():
    make_roadmap(make_organization(time_zone="Europe/Berlin"))
    assert [roadmaps_follow(NOON), roadmaps_follow(NOON)] == [1, 0]
    assert roadmaps_follow(NOON + timedelta(hours=12)) == 0
    assert roadmaps_follow(NOON + timedelta(hours=14)) == 1
    assert Job.objects.get().payload["cause"] == ForecastCause.NIGHT


def test_before_two_nothing_is_asked():
    make_roadmap(make_organization(time_zone="America/Denver"))
    assert roadmaps_follow(datetime(2026, 11, 25, 8, 59, tzinfo=UTC)) == 0
    assert roadmaps_follow(datetime(2026, 11, 25, 9, 0, tzinfo=UTC)) == 1


@pytest.mark.parametrize(
    "first",
    [
        datetime(2027, 3, 13, 22, tzinfo=UTC),  # Denver: no two o'clock on the 14th
        datetime(2027, 11, 6, 22, tzinfo=UTC),  # Denver: one o'clock twice on the 7th
    ],
)
def test_nights_of_the_clock_change_have_one_forecast(first):
    organization = make_organization(time_zone="America/Denver")
    make_roadmap(organization)
    hours = [first + timedelta(hours=n) for n in range(40)]
    asked = [hour for hour in hours if roadmaps_follow(hour)]
    days = [hour.astimezone(organization.zone).date() for hour in asked]
    assert len(days) == len(set(days)) == 3 if asked[0] == hours[0] else 2
    assert all(later - sooner == timedelta(days=1) for sooner, later in pairwise(days))
    assert all(hour.astimezone(organization.zone).hour >= 2 for hour in asked)


def test_finished_roadmaps_are_left_alone_at_night():
    roadmap = make_roadmap()
    roadmap.initiatives.update(status=InitiativeStatus.DONE, finished_on=date(2026, 1, 1))
    assert roadmaps_follow(NOON) == 0


def test_a_week_keeps_its_first_snapshot():
    roadmap = shifted(make_roadmap(), weeks=1)
    forecast(roadmap, "change")
    assert not ProgressSnapshot.objects.exists()
    forecast(roadmap, "night")
    roadmap.initiatives.filter(initiative_id="A1").update(
        status="done", finished_on=organization_today(roadmap.organization)
    )
    forecast(roadmap, "night")
    taken = ProgressSnapshot.objects.get()
    assert taken.week_on.weekday() == 0
    assert (taken.total_days, taken.done_days) == (6.0, 0.0)
    assert taken.figures["phases"]["PHASE-1"] == {"total": 4.0, "planned": 2.0, "done": 0.0}


def deadline(roadmap, by, chance):
    roadmap.constraints = {"deadlines": [{"by": by.isoformat(), "about": "A3", "reason": ""}]}
    roadmap.forecast = {"deadlines": [{"about": "A3", "by": by.isoformat(), "chance": chance}]}
    roadmap.save()
    return roadmap


def test_a_crossing_is_told_once_to_editors_and_owners():
    roadmap = shifted(make_roadmap())
    people = {role: make_member(roadmap.organization, role).user for role in Role}
    today = organization_today(roadmap.organization)
    deadline(roadmap, today + timedelta(days=60), 0.95)
    forecast(roadmap)
    assert not Notice.objects.exists()
    roadmap.initiatives.filter(initiative_id="A1").update(remaining_days=60)
    forecast(roadmap)
    forecast(roadmap)
    told = Notice.objects.filter(kind="slip.deadline")
    assert {notice.person for notice in told} == {people[Role.OWNER], people[Role.EDITOR]}
    assert len(told) == 2
    assert told[0].path.endswith(f"/roadmaps/{roadmap.pk}/progress/")


def test_who_adopted_a_poor_chance_is_not_told_of_it():
    roadmap = shifted(make_roadmap())
    make_member(roadmap.organization, Role.OWNER)
    deadline(roadmap, organization_today(roadmap.organization), 0.1)
    forecast(roadmap)
    assert not Notice.objects.exists()
