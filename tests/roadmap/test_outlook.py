"""The page that says how sure a plan is, and the roadmap's calendar with its ranges."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.enums import Role
from roadmap.domain.constraints.stated import Constraints, Deadline
from roadmap.domain.forecasting.forecast import make_forecast
from roadmap.models import ProgressForecast
from roadmap.services.scenarios.forecast import scenario_forecast
from roadmap.services.scenarios.planning import prepared, stored_schedule
from tests.factories import make_member
from tests.roadmap.factories import MONDAY, make_roadmap, make_scenario, plan_roadmap

pytestmark = pytest.mark.django_db
FAR = Deadline(MONDAY.replace(year=2035), "", "The board decided")


@pytest.fixture
def member():
    return make_member(role=Role.VIEWER)


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


@pytest.fixture
def simulated(member):
    """A scenario with the forecast the worker would have made."""
    scenario = make_scenario(member.organization, constraints=Constraints(deadlines=(FAR,)))
    ready = prepared(scenario)
    scenario.forecast = make_forecast(ready, stored_schedule(scenario, ready), runs=20)
    scenario.forecast_hash = scenario.input_hash
    scenario.save()
    return scenario


def page(client, name, found):
    response = client.get(reverse(name, args=[found.organization.slug, found.pk]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_outlook_shows_ranges_chances_readiness_and_load(client, simulated):
    shown = page(client, "scenarios:outlook", simulated)

    assert "Four chances in five by" in shown
    assert "played through 20 times" in shown
    assert "The board decided" in shown and "more than 19 chances in 20" in shown
    assert "What most often holds up the finish" in shown
    assert "of 100 by" in shown and "if the work is done as described" in shown
    assert "Who is busy when" in shown and "person-days" in shown
    assert "style=" not in shown


def test_outlook_of_a_changed_plan_says_so_and_shows_the_load(client, simulated):
    simulated.forecast_hash = "of an older plan"
    simulated.save()

    shown = page(client, "scenarios:outlook", simulated)

    assert "Not simulated yet" in shown and "Four chances in five" not in shown
    assert "Who is busy when" in shown


def test_outlook_of_an_old_roadmap_has_nothing_to_show(client, member):
    shown = page(client, "roadmap:outlook", make_roadmap(member.organization))

    assert "Not simulated yet" in shown and "Who is busy when" not in shown


def test_outlook_of_work_under_way_leads_with_the_forecast_of_the_rest(client, member):
    roadmap = make_roadmap(member.organization)
    agreed = dict(p50="2029-03-19", p80="2029-06-11", p95="2029-09-01")
    roadmap.forecast = {
        "finish": agreed,
        "histogram": {"first": "2029-03-05", "days": 14, "counts": [5, 10, 5]},
        "phases": {},
        "gates": {},
        "initiatives": {},
        "runs": 20,
    }
    roadmap.save()
    dates = {"p50": "2028-07-11", "p80": "2028-09-01", "p95": "2028-12-01", "slip": 3}
    known = {**dates, "baseline": "2027-11-12", "actual": None}
    ProgressForecast.objects.create(
        roadmap=roadmap,
        as_of=MONDAY,
        made_at=datetime(2026, 11, 2, tzinfo=UTC),
        document={"finish": {**known, "expected": "2027-11-17"}, "gates": {"G2": known}},
    )

    shown = page(client, "roadmap:outlook", roadmap)

    assert "even chance to end by 11 July 2028, four chances in five by 1 September 2028" in shown
    assert "1 Sep 2028" in shown and "As agreed" in shown
    assert shown.index("How it stands now") < shown.index("Phases and gates")
    assert "19 March 2029" not in shown[: shown.index("When it was agreed, on")]


def test_outlook_says_that_the_simulation_still_runs(client, member):
    roadmap = plan_roadmap(member.organization)
    scenario_forecast(scenario=roadmap.scenario, user=None)

    of_roadmap = page(client, "roadmap:outlook", roadmap)
    of_scenario = page(client, "scenarios:outlook", roadmap.scenario)

    assert "Being simulated now" in of_roadmap and "Being simulated now" in of_scenario
    assert "agreed without a simulation" not in of_roadmap


def test_outlook_costs_few_queries(client, simulated, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page(client, "scenarios:outlook", simulated)


def test_roadmap_calendar_shows_ranges_of_what_is_open(client, member):
    roadmap = make_roadmap(member.organization)
    dates = dict(p50="2027-02-01", p80="2027-02-20", p95="2027-03-30")
    roadmap.forecast = {
        "finish": dates,
        "phases": {},
        "gates": {},
        "initiatives": {name: {**dates, "critical": 1} for name in ("A1", "A2")},
    }
    roadmap.plan = {**roadmap.plan, "initiatives": [{"id": "A2", "critical": True}]}
    roadmap.save()
    roadmap.initiatives.filter(initiative_id="A1").update(status="done", finished_on=MONDAY)

    shown = page(client, "roadmap:detail", roadmap)

    assert shown.count("four chances in five by 20 February 2027") == 2  # A2 and the summary
    assert shown.count('class="rm-chain"') == 2  # the bar and the legend
    assert 'href="initiatives/A1/"' in shown
    assert reverse("roadmap:outlook", args=[member.organization.slug, roadmap.pk]) in shown


def test_roadmap_calendar_of_old_plans_has_no_ranges(client, member):
    roadmap = make_roadmap(member.organization)

    shown = page(client, "roadmap:detail", roadmap)

    assert "four chances in five" not in shown
    assert "rm-whisker" not in shown
