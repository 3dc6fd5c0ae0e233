"""Scenarios side by side, and questions answered by another scenario."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from roadmap.models import Scenario
from roadmap.pages.comparing import compare_scenarios
from roadmap.services.scenarios.making import scenario_constrain
from tests.factories import make_member, make_organization
from tests.roadmap.factories import make_scenario

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    """An editor signed in, and a plan on trial."""
    organization = make_organization()
    client.force_login(make_member(organization).user)
    scenario = make_scenario(organization, name="First <plan>")
    return client, scenario


def address(name, scenario, *more):
    return reverse(f"scenarios:{name}", args=[scenario.organization.slug, *more])


def halved(scenario, name="Half"):
    stated = replace(scenario.to_constraints(), budget_days=40, may_end_early=True)
    return scenario_constrain(scenario=scenario, constraints=stated, name=name, user=None)


def test_comparison_says_what_was_changed_and_what_fell_out(desk):
    _, scenario = desk
    other = halved(scenario)

    shown = compare_scenarios([scenario, other])

    first, second = shown.columns
    (difference,) = shown.differences
    assert difference.compared.changes[0] == "Budget in person-days: 40 instead of none."
    assert second.person_days <= 40 < first.person_days
    assert len(difference.compared.diff.fell_out) == first.initiatives - second.initiatives
    assert all(row.reason for row in difference.compared.diff.fell_out)


def test_comparison_load_adds_up_to_the_plan(desk):
    _, scenario = desk

    shown = compare_scenarios([scenario, scenario])

    total = sum(
        sum(row.cells[0][0] for row in compare_scenarios([scenario, scenario], role).load)
        for role, _ in shown.roles
    )
    # Days are used in whole hundredths of a person, rounded up.
    assert 1 <= total / shown.columns[0].person_days < 1.1


def test_compare_page_shows_both_and_escapes_names(desk):
    client, scenario = desk
    other = halved(scenario)

    page = client.get(
        address("compare", scenario), {"scenario": [scenario.pk, other.pk]}
    ).content.decode()

    assert "First &lt;plan&gt;" in page and "First <plan>" not in page
    assert "Budget in person-days: 40 instead of none." in page


@pytest.mark.parametrize("asked", [[], ["1x"], ["9" * 10], ["9" * 30], ["9" * 4400], ["0"]])
def test_compare_page_asks_for_two(desk, asked):
    client, scenario = desk

    answer = client.get(address("compare", scenario), {"scenario": asked})

    assert answer.status_code == 200
    assert "Choose at least two" in answer.content.decode()


def test_compare_page_never_shows_what_belongs_to_others(desk):
    client, scenario = desk
    theirs = make_scenario(make_organization(), name="Their secret plan")

    page = client.get(
        address("compare", scenario), {"scenario": [scenario.pk, theirs.pk]}
    ).content.decode()

    assert "Their secret plan" not in page


def test_compare_page_costs_the_same_however_much_there_is(desk, django_assert_num_queries):
    client, scenario = desk
    others = [halved(scenario, f"Half {n}") for n in range(3)]
    url = address("compare", scenario)
    client.get(url, {"scenario": [scenario.pk, others[0].pk]})

    with django_assert_num_queries(8) as two:
        client.get(url, {"scenario": [scenario.pk, others[0].pk]})
    with django_assert_num_queries(len(two.captured_queries)):
        client.get(url, {"scenario": [scenario.pk, *(o.pk for o in others)]})


@pytest.mark.parametrize(
    ("asked", "check"),
    [
        ({"question": "engineer"}, lambda c: c.staffing[0].role == "PL"),
        ({"question": "vendor"}, lambda c: c.vendor_delay_weeks == 8),
        (
            {"question": "date", "day": "2028-06-30"},
            lambda c: c.deadlines[0].by == date(2028, 6, 30),
        ),
    ],
)
def test_question_makes_a_scenario_beside_the_first(desk, asked, check):
    client, scenario = desk
    before = scenario.plan

    answer = client.post(address("ask", scenario, scenario.pk), asked)

    made = Scenario.objects.exclude(pk=scenario.pk).get()
    assert answer.status_code == 302
    assert answer.url.endswith(f"?scenario={scenario.pk}&scenario={made.pk}")
    assert check(made.to_constraints()) and made.based_on == scenario
    assert made.job is not None
    scenario.refresh_from_db()
    assert scenario.plan == before


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"question": "date"}, "Give the day by which it should be finished."),
        ({"question": "date", "day": "soon"}, "Enter a valid date."),
        ({"question": "date", "day": "9999-12-31"}, "Give a date between 2000 and 2099."),
        ({"question": "date", "day": "2500-01-01"}, "Give a date between 2000 and 2099."),
        ({"question": "nonsense"}, "Choose one of the questions."),
        ({"question": "freeze", "choice": "7"}, "There is no freeze to skip."),
    ],
)
def test_question_with_a_mistake_says_what_to_do(desk, asked, words):
    client, scenario = desk

    answer = client.post(address("ask", scenario, scenario.pk), asked)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Scenario.objects.count() == 1
