"""What-if: the same as scoring and planning anew, and nothing of it is ever stored."""

from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from assessments.domain.answers import Answer, AnswerState
from assessments.domain.scoring import score
from assessments.models import Answer as StoredAnswer
from assessments.services import assessment_submit
from guide.registry import current_guide
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.hand.changes import Change
from roadmap.domain.planning import plan
from roadmap.domain.what_if import plan_figures, read_changes, what_if
from roadmap.models import Roadmap, Scenario
from roadmap.services.scenarios.making import scenario_copy, scenario_decide
from roadmap.what_if_page import wanted_changes
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import make_member, make_organization, make_user
from tests.roadmap.factories import plan_roadmap

TODAY = date(2026, 11, 23)
PAGE_QUERIES = 12


def level(value: int, **more) -> Answer:
    return Answer(AnswerState.ANSWERED, value, **more)


ANSWERS = {
    "P.01": Answer(AnswerState.ANSWERED, "hospital"),
    "Q1.01": level(0),
    "Q1.02": level(3, evidence=1),
    "Q1.04": Answer(AnswerState.ANSWERED, "a"),
}


def test_changes_give_what_scoring_and_planning_anew_give():
    guide, limits = current_guide(), Constraints()
    card = score(guide, ANSWERS)
    before = plan_figures(guide, ANSWERS, card, limits, TODAY)
    changes = read_changes(guide, ANSWERS, {"Q1.01": "3"}).changes

    found = what_if(guide, ANSWERS, card, before, changes, limits, TODAY)

    anew = ANSWERS | {"Q1.01": level(3)}
    assert found.scores.overall.now.score == score(guide, anew).overall.score
    made = plan(guide, anew, limits, TODAY)
    assert found.after.effort == made.effort
    assert found.after.finish == made.finish
    assert found.after.gates == dict(made.gates)
    kept = set(found.before.initiatives) - set(found.left) | set(found.came)
    assert kept == set(found.after.initiatives)
    assert found.left


def test_without_changes_nothing_differs():
    guide, limits = current_guide(), Constraints()
    card = score(guide, ANSWERS)
    before = plan_figures(guide, ANSWERS, card, limits, TODAY)

    found = what_if(guide, ANSWERS, card, before, {}, limits, TODAY)

    assert (found.left, found.came) == ((), ())
    assert found.scores.overall.difference == 0


@pytest.mark.parametrize(
    ("wanted", "changed", "refused"),
    [
        ({"Q1.02": "3"}, {}, ()),
        ({"Q1.02": "2"}, {"Q1.02": level(2)}, ()),
        ({"Q1.04": "d"}, {"Q1.04": Answer(AnswerState.ANSWERED, "d")}, ()),
        ({"Q2.01": "1"}, {"Q2.01": level(1)}, ()),
        ({"Q1.01": "5"}, {}, ("Q1.01",)),
        ({"Q1.01": "<script>"}, {}, ("Q1.01",)),
        ({"P.01": "payer", "T1": "x", "nobody": "2"}, {}, ("P.01", "T1", "nobody")),
    ],
)
def test_changes_are_levels_and_choices_of_the_steps(wanted, changed, refused):
    asked = read_changes(current_guide(), ANSWERS, wanted)

    assert (asked.changes, asked.refused) == (changed, refused)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("Q1.01=2&Q1.02=&Q1.02=", {"Q1.01": "2"}),
        ("add=Q1.01&Q1.02=1", {"Q1.02": "1", "Q1.01": "1"}),
        ("add=Q2.01", {"Q2.01": "1"}),
        ("Q1.01=2&drop=Q1.01", {}),
        ("add=P.01&drop=nobody", {}),
    ],
)
def test_address_says_what_is_changed(query, wanted):
    assert wanted_changes(current_guide(), ANSWERS, QueryDict(query)) == wanted


def test_an_endless_address_is_cut():
    query = QueryDict("&".join(f"x{n}=1" for n in range(500)))

    assert len(wanted_changes(current_guide(), ANSWERS, query)) < 120


@pytest.fixture
def page(db):
    organization = make_organization(slug="north")
    user = make_user()
    make_member(organization, Role.VIEWER, user=user)
    assessment = make_assessment(organization=organization)
    save_answer(assessment, "Q1.01", 0)
    client = Client()
    client.force_login(user)
    return client, assessment, reverse("what_if", args=["north", assessment.pk])


def test_trying_a_change_writes_nothing(page):
    client, _assessment, address = page
    before = list(StoredAnswer.objects.order_by("pk").values())

    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = client.get(f"{address}?Q1.01=3&Q2.05=2")

    assert "With these 2 changes" in response.content.decode()
    verbs = {query["sql"].split()[0] for query in asked}
    assert verbs == {"SELECT"}
    assert list(StoredAnswer.objects.order_by("pk").values()) == before
    assert client.post(address, {"Q1.01": "3"}).status_code == 405


def test_form_without_script_leads_to_the_plain_address(page):
    client, _assessment, address = page

    response = client.get(f"{address}?Q1.01=3&Q2.05=&add=Q2.01")

    assert response.status_code == 302
    assert response.url == f"{address}?Q1.01=3&Q2.01=1"


def test_script_gets_the_part_that_follows_and_the_address(page):
    client, _assessment, address = page

    response = client.get(f"{address}?add=Q1.01", headers={"HX-Request": "true"})

    assert response.headers["HX-Replace-Url"] == f"{address}?Q1.01=1"
    text = response.content.decode()
    assert "<html" not in text
    assert "With this change" in text


def test_address_with_nonsense_says_what_was_left_out(page):
    client, _assessment, address = page

    response = client.get(f"{address}?Q1.01=9&Q1.02=1")

    assert response.status_code == 200
    assert "One change in the address" in response.content.decode()


def test_plan_takes_the_calendar_of_the_newest_roadmap(page):
    client, assessment, address = page
    roadmap = plan_roadmap(assessment.organization)

    text = client.get(address).content.decode()

    assert roadmap.name in text


def test_plan_takes_the_decisions_by_hand_of_the_newest_roadmap(page):
    client, assessment, address = page
    plain = plan_roadmap(assessment.organization).scenario
    own = {"title": "Move", "phase": "PHASE-1", "step": "STEP-1", "roles": {"OPS": 1}}
    effort = {"low": 900, "likely": 1000, "high": 1100}
    before = client.get(address)
    change = Change("own_add", "", {**own, "effort": effort, "needs": []})
    copy = scenario_copy(scenario=plain, user=None)
    decided = scenario_decide(scenario=copy, user=None, version=0, change=change)
    # Where there is nothing of it here any more, it is left aside.
    decided.decisions["pins"] = {"A9-99": "2027-06-07"}
    Roadmap.objects.filter(scenario=plain).update(scenario=decided)
    Scenario.objects.filter(pk=decided.pk).update(decisions=decided.decisions)

    after = client.get(f"{address}?Q1.01=3")

    days = [r.context["page"].found.before.effort.likely for r in (before, after)]
    assert days[1] - days[0] == 1000
    assert "OWN-1" in after.context["page"].found.after.initiatives
    said = "What was decided by hand there counts"
    assert [said in r.content.decode() for r in (before, after)] == [False, True]


@pytest.mark.parametrize("rounds", [1, 4])
def test_queries_do_not_grow_with_what_is_there(page, rounds, django_assert_max_num_queries):
    client, assessment, address = page
    for _ in range(rounds - 1):
        other = make_assessment(organization=assessment.organization)
        assessment_submit(assessment=other, user=None)

    with django_assert_max_num_queries(PAGE_QUERIES):
        response = client.get(f"{address}?Q1.01=3")

    assert response.status_code == 200
