"""The search as a job: its result counts once, for the version it was asked for."""

from datetime import date

import pytest

from accounts.models import AuditEntry
from jobs.claiming import claim
from jobs.enums import JobState
from jobs.models import Job
from jobs.services import job_cancel
from jobs.tasks import run_job
from roadmap.models import Scenario
from roadmap.services import scenario_adopt
from roadmap.services.scenarios import solving
from roadmap.services.scenarios.forecast import scenario_forecast
from roadmap.services.scenarios.making import (
    Change,
    ScenarioFrozen,
    scenario_decide,
    scenario_go_on,
    scenario_solve,
    scenario_stop,
    scenario_undo,
)
from tests.factories import make_user
from tests.roadmap.factories import make_scenario, plan_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short_search(settings):
    """Counted limits only, and small ones: the same on every machine."""
    settings.SOLVE_SECONDS = None
    settings.SOLVE_SCHEDULES = 40
    settings.SOLVE_DETERMINISTIC = 0.01
    settings.FORECAST_RUNS = 20


def searched(scenario, user=None) -> Scenario:
    job = scenario_solve(scenario=scenario, user=user)
    run_job(job.pk)
    return Scenario.objects.get(pk=scenario.pk)


def decide(scenario, **detail) -> Scenario:
    id = scenario.plan["initiatives"][-1]["id"]
    change = Change("people", id, detail or {"names": ["Ann"]})
    return scenario_decide(
        scenario=scenario, user=make_user(name="Ann"), version=scenario.version, change=change
    )


def test_search_stores_schedule_forecast_and_how_it_was_made():
    before = make_scenario()

    after = searched(before)

    assert after.job.state == JobState.DONE
    assert after.schedule["is_searched"]
    assert {"seed", "parameters", "solver_version", "ended_by"} <= set(after.schedule)
    assert after.schedule["before"]["finish"] == before.plan["finish"]
    assert after.schedule["weighted_finish"] <= before.schedule["weighted_finish"]
    assert (after.input_hash, after.version) == (before.input_hash, 0)
    assert after.is_forecast_current
    assert after.forecast["runs"] == 20
    assert set(after.forecast["initiatives"]) == {i["id"] for i in after.plan["initiatives"]}
    assert after.forecast["readiness"]["points"]
    assert after.outcome


def test_search_of_the_same_plan_gives_the_same_bytes():
    scenario = make_scenario()
    twin = make_scenario(snapshot=scenario.snapshot)

    first, second = searched(scenario), searched(twin)

    for name in ("schedule", "plan", "forecast"):
        assert getattr(first, name) == getattr(second, name)


def test_two_who_ask_at_once_get_one_job_and_running_it_twice_changes_nothing():
    scenario = make_scenario()

    job = scenario_solve(scenario=scenario, user=make_user())
    again = scenario_solve(scenario=Scenario.objects.get(pk=scenario.pk), user=make_user())
    run_job(job.pk)
    once = Scenario.objects.get(pk=scenario.pk)
    run_job(job.pk)

    assert (again.pk, Job.objects.count()) == (job.pk, 1)
    assert Scenario.objects.get(pk=scenario.pk).changed_at == once.changed_at
    assert AuditEntry.objects.filter(verb="scenario.search_requested").count() == 1


def test_asking_for_a_newer_version_gives_the_older_search_up():
    scenario = make_scenario()
    old = scenario_solve(scenario=scenario, user=None)

    decided = decide(scenario)
    new = scenario_solve(scenario=decided, user=None)

    old.refresh_from_db()
    assert (old.state, new.payload["version"]) == (JobState.CANCELLED, 1)


def test_asking_for_a_search_while_a_forecast_runs_gives_a_search():
    scenario = make_scenario()
    forecast = scenario_forecast(scenario=scenario, user=None)

    job = scenario_solve(scenario=scenario, user=None)

    forecast.refresh_from_db()
    assert (forecast.state, job.kind) == (JobState.CANCELLED, "roadmap.solve")


def test_naming_people_keeps_what_the_search_found():
    scenario = searched(make_scenario())

    named = decide(scenario)

    assert named.decisions["people"]
    assert (named.schedule, named.schedule["is_searched"]) == (scenario.schedule, True)
    assert named.plan["engine"] == scenario.plan["engine"]
    assert named.is_forecast_current


def test_result_is_thrown_away_when_the_plan_changed_before_the_search_began():
    scenario = make_scenario()
    job = scenario_solve(scenario=scenario, user=None)
    decided = decide(scenario)

    run_job(job.pk)

    after = Scenario.objects.get(pk=scenario.pk)
    assert (after.schedule, after.forecast) == (decided.schedule, {})
    assert after.outcome == (
        "Someone changed the plan while it was being calculated (Ann): this result was not used. "
        "Ask again."
    )


def test_search_stops_when_the_plan_changes_under_it_and_its_result_is_thrown_away(monkeypatch):
    scenario = make_scenario()
    job = scenario_solve(scenario=scenario, user=None)
    asked, words = [], solving._Teller._words

    def change_meanwhile(teller, best):
        if not asked:
            decide(Scenario.objects.get(pk=scenario.pk))
        asked.append(words(teller, best))
        return asked[-1]

    monkeypatch.setattr(solving._Teller, "_words", change_meanwhile)
    run_job(job.pk)

    after = Scenario.objects.get(pk=scenario.pk)
    assert asked[0].startswith("Best so far: done by ")
    assert len(asked) == 1
    assert (after.version, after.schedule["is_searched"]) == (1, False)
    assert "was not used" in after.outcome


def test_result_is_thrown_away_when_the_plan_changes_at_the_last_moment(monkeypatch):
    scenario = make_scenario()
    job = scenario_solve(scenario=scenario, user=None)
    take = solving._take

    def change_first(pk, *rest):
        Scenario.objects.filter(pk=pk).update(version=1)
        take(pk, *rest)

    monkeypatch.setattr(solving, "_take", change_first)
    run_job(job.pk)

    after = Scenario.objects.get(pk=scenario.pk)
    assert not after.schedule["is_searched"]
    assert "was not used" in after.outcome


def test_stopped_search_changes_nothing():
    scenario = make_scenario()
    job = scenario_solve(scenario=scenario, user=None)

    assert scenario_stop(scenario=Scenario.objects.get(pk=scenario.pk), user=None)
    run_job(job.pk)

    after = Scenario.objects.get(pk=scenario.pk)
    assert (after.schedule, after.forecast) == (scenario.schedule, {})
    assert after.outcome.startswith("The search was stopped")
    assert not scenario_stop(scenario=after, user=None)


def test_search_that_is_cancelled_under_way_leaves_nothing(monkeypatch):
    scenario = make_scenario()
    job = scenario_solve(scenario=scenario, user=None)

    def cancel(teller, best):
        job_cancel(job=job)
        return ""

    monkeypatch.setattr(solving._Teller, "_words", cancel)
    run_job(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert Scenario.objects.get(pk=scenario.pk).schedule == scenario.schedule


def test_killed_worker_leaves_nothing_and_the_next_one_the_whole_result():
    scenario = make_scenario()
    job = scenario_solve(scenario=scenario, user=None)
    claim(job.pk)  # by a worker that is never heard of again
    assert not Scenario.objects.get(pk=scenario.pk).schedule["is_searched"]
    Job.objects.filter(pk=job.pk).update(lease_until="2020-01-01T00:00:00Z")

    run_job(job.pk)

    after = Scenario.objects.get(pk=scenario.pk)
    assert (after.schedule["is_searched"], after.job.attempts) == (True, 2)


def test_forecast_counts_as_long_as_its_plan_stands_and_again_after_undo():
    scenario = searched(make_scenario())
    id = scenario.plan["initiatives"][-1]["id"]

    named = decide(scenario)
    effort = Change("effort", id, {"low": 1, "likely": 2, "high": 40})
    other = scenario_decide(scenario=named, user=None, version=1, change=effort)
    back = scenario_undo(scenario=other, user=None, version=2)

    # Who does the work moves no date; how much work it is does.
    assert named.is_forecast_current
    assert not other.is_forecast_current
    assert back.is_forecast_current
    assert back.schedule["starts"] == scenario.schedule["starts"]


def test_adopted_plan_is_not_searched_and_keeps_its_forecast():
    scenario = searched(make_scenario())

    roadmap = scenario_adopt(scenario=scenario, user=None)

    assert roadmap.forecast == scenario.forecast
    assert roadmap.plan == scenario.plan
    with pytest.raises(ScenarioFrozen):
        scenario_solve(scenario=scenario, user=None)


def test_plan_adopted_under_a_running_search_stays_as_it_was_adopted():
    scenario = make_scenario()
    job = scenario_solve(scenario=scenario, user=None)

    scenario_adopt(scenario=scenario, user=None)
    run_job(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert Scenario.objects.get(pk=scenario.pk).schedule == scenario.schedule


def test_roadmap_adopted_without_a_forecast_gets_one_afterwards():
    scenario = make_scenario()
    roadmap = scenario_adopt(scenario=scenario, user=None)

    job = scenario_forecast(scenario=scenario, user=None)
    again = scenario_forecast(scenario=scenario, user=None)
    run_job(job.pk)

    roadmap.refresh_from_db()
    after = Scenario.objects.get(pk=scenario.pk)
    assert (again.pk, job.kind) == (job.pk, "roadmap.forecast")
    assert after.is_forecast_current
    assert roadmap.forecast == after.forecast
    assert (after.schedule, roadmap.plan) == (scenario.schedule, scenario.plan)
    assert scenario_forecast(scenario=after, user=None) is None


def test_forecast_of_a_plan_under_way_draws_nothing_for_what_is_done():
    roadmap = plan_roadmap(start_on=date(2026, 2, 2))
    early = roadmap.initiatives.order_by("finish_on", "rank")[:6]
    roadmap.initiatives.filter(pk__in=[row.pk for row in early]).update(status="done")

    again = searched(scenario_go_on(roadmap=roadmap, user=None, today=date(2026, 6, 1)))

    assert again.name.endswith(", from 1 June 2026")
    for row in early:
        ranges = again.forecast["initiatives"][row.initiative_id]
        assert ranges["p50"] == ranges["p95"] == row.finish_on.isoformat()
