"""What a document says against what the pages of the application say of the same plan."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.template.defaultfilters import floatformat
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from assessments.models import Answer, Settlement
from reports.choices import Choices
from reports.documents import board
from reports.documents.cards import role_loads
from reports.documents.sections import document_html
from reports.frozen import outlook as curves
from reports.frozen.board import BoardEntry, InitiativeCost, MoneyEntry
from reports.frozen.for_documents import freeze_for
from reports.frozen.money import CostEntry
from reports.frozen.plan_reading import compared_plans
from reports.frozen.snapshot import Days, RoleShare
from reports.templatetags import document_format, report_format
from reports.templatetags.report_format import amount, day, score
from roadmap.charts.load import load_charts
from roadmap.domain.constraints.stated import Constraints, Staffing
from roadmap.domain.forecasting.forecast import make_forecast
from roadmap.models import Roadmap
from roadmap.services.roadmaps import scenario_adopt
from roadmap.services.scenarios.planning import prepared, stored_schedule
from tests.factories import make_member, make_organization
from tests.reports.samples import initiative, progress_of, small_snapshot
from tests.roadmap.factories import make_scenario, plan_roadmap

BOARD = Choices(document="board")
RUNS = 12


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_work_is_not_listed_twice_where_nothing_lifts_readiness() -> None:
    items = (initiative(1), initiative(2))
    html = document_html(small_snapshot(initiatives=items), Choices(sections=("summary",)))

    assert words_of(html).lower().count("first to start") == 1
    assert "No open work is expected to lift readiness by itself." in html


def test_board_says_what_of_the_price_is_for_dropped_work() -> None:
    small = small_snapshot()
    costs = tuple(InitiativeCost(item.id, 100.0) for item in small.initiatives)
    whole = 100.0 * len(costs)
    entry = BoardEntry(money=MoneyEntry("USD", whole, 0, whole, costs))
    priced = replace(small, board=entry)

    assert "dropped since" not in document_html(priced, BOARD)
    found = board.money(progress_of(priced, A1_01="dropped"), BOARD)
    assert found["own"] + found["dropped"] == pytest.approx(whole)
    assert "dropped since" in words_of(document_html(progress_of(priced, A1_01="dropped"), BOARD))


@pytest.mark.django_db
def test_pages_and_documents_give_the_same_readiness_and_dates(client: Client) -> None:
    organization = make_organization()
    owner = make_member(organization, Role.OWNER).user
    roadmap = plan_roadmap(organization, user=owner)
    client.force_login(owner)
    frozen = freeze_for(roadmap, Choices())
    args = [organization.slug]

    card = roadmap.snapshot.scorecard
    assert frozen.overall.score == pytest.approx(card["overall"]["score"])
    assert frozen.plan.finish == roadmap.finish_on
    total = sum(item.effort.likely for item in frozen.initiatives)
    assert frozen.plan.effort.likely == pytest.approx(total, abs=0.5)

    page = client.get(reverse("roadmap:detail", args=[*args, roadmap.pk]))
    shown = words_of(page.content.decode())
    assert str(len(frozen.initiatives)) in shown
    assert day(roadmap.finish_on) in shown
    standing = client.get(
        reverse("assessments:scorecard", args=[*args, roadmap.snapshot.assessment_id])
    )
    assert score(frozen.overall.score) in words_of(standing.content.decode())


RATES = {"OPS": 420.0, "SEC": 560.0}
HELP = Staffing("INT", 0.5, date(2027, 2, 1), date(2027, 4, 30), is_partner=True, day_rate=900.0)


def forecast_roadmap(user: User, **limits: object) -> Roadmap:
    """Adopted with prices and a forecast, both made by the planner itself."""
    constraints = Constraints(day_rates=RATES, currency="USD", staffing=(HELP,), **limits)
    organization = user.memberships.get().organization
    scenario = make_scenario(organization, user=user, constraints=constraints)
    ready = prepared(scenario)
    stands = stored_schedule(scenario, ready)
    assert stands is not None
    scenario.forecast = make_forecast(ready, stands, runs=RUNS)
    scenario.forecast_hash = scenario.input_hash
    scenario.save()
    return scenario_adopt(scenario=scenario, user=user, name="Priced")


@pytest.mark.django_db
def test_chances_cost_and_load_are_those_of_the_pages(client: Client) -> None:
    owner = make_member(make_organization(), Role.OWNER).user
    roadmap = forecast_roadmap(owner)
    client.force_login(owner)
    args = [roadmap.organization.slug, roadmap.pk]
    outlook = words_of(client.get(reverse("roadmap:outlook", args=args)).content.decode())
    plan = words_of(
        client.get(
            reverse("scenarios:detail", args=[roadmap.organization.slug, roadmap.scenario_id])
        ).content.decode()
    )
    full, paper = (freeze_for(roadmap, Choices(document=name)) for name in ("full", "board"))
    printed, board_printed = (
        words_of(document_html(frozen, Choices(document=name)))
        for name, frozen in (("full", full), ("board", paper))
    )

    assert full.forecast is not None and full.forecast.runs == RUNS
    ranges = [full.forecast.finish, *(one.likely for one in (*full.phases, *full.gates))]
    assert len(ranges) > 5
    for likely in ranges:
        assert likely is not None
        for moment in (likely.p50, likely.p80):
            assert f"{moment.day} {moment:%b %Y}" in outlook
            assert day(moment) in printed
    finish = full.forecast.finish
    assert f"by {day(finish.p50)}, four of five by {day(finish.p80)}" in board_printed

    stored = roadmap.plan["cost"]
    assert full.prices is not None and paper.board is not None and paper.board.money is not None
    assert full.prices.partner > 0
    for money in (full.prices, paper.board.money):
        assert (money.own, money.partner, money.total) == (
            stored["own"],
            stored["partner"],
            stored["total"],
        )
    assert f"{floatformat(stored['total'], '0g')}" in plan
    for part in ("own", "partner", "total"):
        assert report_format.money(stored[part], "USD") in printed
        assert document_format.money(stored[part], "USD") in board_printed
    assert full.cost is not None
    assert sum(part.own for part in full.cost.phases) == pytest.approx(stored["own"], abs=0.1)
    table = board.money(paper, BOARD)
    assert table["own"] == pytest.approx(stored["own"])

    for chart in load_charts(roadmap.plan):
        used = f"{floatformat(chart.used, 0)} of {floatformat(chart.available, 0)} person-days"
        assert f"{chart.title} {used}" in outlook
    assert [(one.role, one.title) for one in full.load] == [
        (one["role"], one["title"]) for one in roadmap.plan["load"]
    ]
    for drawn in curves.loads(full.load):
        used = f"{amount(drawn.used)} of {amount(drawn.available)} days"
        assert f"{drawn.title} {used}" in printed


@pytest.mark.django_db
def test_budget_is_not_said_to_be_kept_where_part_of_the_plan_has_no_price() -> None:
    owner = make_member(make_organization(), Role.OWNER).user
    rich = forecast_roadmap(owner, budget=10_000_000.0)

    for name in ("full", "board"):
        choices = Choices(document=name)
        printed = words_of(document_html(freeze_for(rich, choices), choices))
        assert "What is priced stays within the budget of 10,000,000 USD" in printed
        assert "It stays within the budget" not in printed


def test_cost_above_the_budget_is_told_to_the_board() -> None:
    small = small_snapshot(cost=CostEntry("USD", budget=250.0))
    entry = BoardEntry(money=MoneyEntry("USD", 300.0, 0, 300.0))

    printed = words_of(document_html(replace(small, board=entry), BOARD))

    assert "It is 50 USD above the budget of 250 USD." in printed


def test_role_needs_the_same_days_in_every_table() -> None:
    """Adding up 9.25 in another order gave 9.2 in one table and 9.3 in the next."""
    shares = (0.55, 0.7, 0.6, 1.85, 5.55)
    items = tuple(
        initiative(n, effort=Days(share, share, share), roles=(RoleShare("OPS", "Operations", 1),))
        for n, share in enumerate(shares, 1)
    )

    (load,) = role_loads(small_snapshot(initiatives=items))

    assert amount(load.days.likely) == amount(round(sum(Decimal(str(s)) for s in shares), 6))


@pytest.mark.django_db
def test_note_on_the_own_plan_stands_beside_those_it_is_compared_with() -> None:
    organization = make_organization()
    owner = make_member(organization, Role.OWNER).user
    roadmap = plan_roadmap(organization, user=owner)
    other = make_scenario(snapshot=roadmap.snapshot, user=owner, name="Slower")
    roadmap.scenario = make_scenario(snapshot=roadmap.snapshot, user=owner, name="Own")
    roadmap.scenario.note = "Agreed with the union."
    other.plan = roadmap.plan
    other.save()

    plans = compared_plans(roadmap, [other.pk])
    printed = small_snapshot(compared=plans)

    assert plans[0].is_this
    html = document_html(printed, Choices(sections=("scenarios",)))
    assert html.count("Agreed with the union.") == 1
    assert html.count("rests on the same constraints") <= 1


@pytest.mark.django_db
def test_why_an_answer_was_settled_reaches_the_auditor() -> None:
    organization = make_organization()
    owner = make_member(organization, Role.OWNER).user
    roadmap = plan_roadmap(organization, user=owner)
    assessment = roadmap.snapshot.assessment
    question = Answer.objects.filter(assessment=assessment).first().question_id
    Settlement.objects.create(
        assessment=assessment,
        question_id=question,
        answer_version=1,
        agreed=[{"user": owner.pk, "name": "Ada", "seat": "IT"}],
        note="The log of the spring decided it.",
    )
    choices = Choices(document="auditor", detail="everything")

    frozen = freeze_for(roadmap, choices)
    printed = words_of(document_html(frozen, choices))

    assert frozen.trace is not None
    told = {one.id: one.settled_why for one in frozen.trace.answers}
    assert told[question] == "The log of the spring decided it."
    assert "settled between Ada" in printed
    assert "The log of the spring decided it." in printed
