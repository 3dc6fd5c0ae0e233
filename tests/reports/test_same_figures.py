"""What a document says against what the pages of the application say of the same plan."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from assessments.models import Answer, Settlement
from reports.choices import Choices
from reports.documents import board
from reports.documents.sections import document_html
from reports.frozen.board import BoardEntry, InitiativeCost, MoneyEntry
from reports.frozen.for_documents import freeze_for
from reports.frozen.plan_reading import compared_plans
from reports.templatetags.report_format import day, score
from tests.factories import make_member, make_organization
from tests.reports.samples import initiative, progress_of, small_snapshot
from tests.roadmap.factories import make_scenario, plan_roadmap

BOARD = Choices(document="board")


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
    if frozen.forecast is not None:
        outlook = client.get(reverse("roadmap:outlook", args=[*args, roadmap.pk]))
        told = words_of(outlook.content.decode())
        assert day(frozen.forecast.finish.p50) in told
        assert day(frozen.forecast.finish.p80) in told


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
