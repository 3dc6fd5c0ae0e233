from datetime import date
from pathlib import Path

import pytest

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.answers_file import parse_answers
from guide.registry import current_guide
from roadmap.domain.constraints.home_country import home_place
from roadmap.domain.constraints.proposals import months_later, next_monday, propose
from roadmap.domain.constraints.public_holidays import (
    UnknownCountry,
    UnknownSubdivision,
    countries,
    known_place,
    plan_holidays,
    subdivisions,
    working_weekdays,
)
from roadmap.domain.constraints.reading import parse_constraints, write_constraints
from roadmap.domain.constraints.ready_freezes import READY_FREEZES, ready_freeze
from roadmap.domain.constraints.stated import FreezeKind
from roadmap.domain.planning import plan

GUIDE = current_guide()
TODAY = date(2026, 11, 25)
DEMO = Path(__file__).parents[2] / "demo"


def said(**values):
    return {
        key.replace("_", "."): Answer(AnswerState.ANSWERED, value) for key, value in values.items()
    }


def freezes(kind, country, start=date(2027, 1, 4)):
    answers = said(P_01=kind, P_03={"patients": country})
    return [f.reason for f in propose(GUIDE, answers, TODAY, start=start).constraints.freezes]


def test_proposals_for_a_small_hospital_name_where_each_comes_from():
    answers = parse_answers((DEMO / "per-1.yaml").read_text(), GUIDE, "per-1").answers

    found = propose(GUIDE, answers, TODAY)

    limits = found.constraints
    assert (limits.start, limits.country, limits.subdivision) == (date(2026, 11, 30), "US", "")
    assert date(2027, 11, 25) in limits.holidays
    assert (limits.wip_limit, limits.role_fte, limits.free_share) == (None, {}, None)
    assert [deadline.by for deadline in limits.deadlines] == [date(2028, 11, 29)]
    assert found.because["country"].question == "P.03"
    assert found.because["free_share"].text == (
        "75 % unplanned work; no protected time (Q1.10 at level 0), so half of each share"
    )
    assert found.because["wip_limit"].text == "a small team: fewer than 50 people, so 2"
    assert found.because["freezes"].text == (
        "usual for your kind of organization where you are: Year end, Flu season (estimate)"
    )
    assert found.because["role_fte.OPS"].question == "P.04"
    assert {f"role_fte.{role.id}" for role in GUIDE.roles} <= set(found.because)


@pytest.mark.parametrize("persona", ["per-1", "per-3", "per-4", "per-6"])
def test_proposals_can_be_planned_with_and_kept_as_a_file(persona):
    answers = parse_answers((DEMO / f"{persona}.yaml").read_text(), GUIDE, persona).answers

    limits = propose(GUIDE, answers, TODAY, start=date(2027, 1, 4)).constraints

    assert plan(GUIDE, answers, limits, TODAY).items
    assert parse_constraints(write_constraints(limits), GUIDE, "c.yaml") == limits


def test_proposals_without_any_answer_are_careful():
    found = propose(GUIDE, {}, TODAY)

    assert found.constraints.country == ""
    assert found.constraints.holidays == frozenset()
    assert found.constraints.deadlines == ()
    assert {freeze.reason for freeze in found.constraints.freezes} == {"Year end"}
    assert found.because["free_share"].question == ""


@pytest.mark.parametrize(
    ("kind", "country", "proposed"),
    [
        ("hospital", "US", {"Year end", "Flu season"}),
        ("academic_centre", "US", {"Year end", "Flu season", "Resident turnover"}),
        ("academic_centre", "Germany", {"Year end", "Flu season"}),
        ("hospital", "Australia", {"Year end", "Flu season (southern)"}),
        ("hospital", "Kenya", {"Year end"}),
        ("payer", "US", {"Year end", "Open enrolment"}),
        ("payer", "France", {"Year end"}),
        ("software_firm", "US", {"Year end"}),
    ],
)
def test_proposals_freezes_fit_kind_and_country(kind, country, proposed):
    assert set(freezes(kind, country)) == proposed


def test_proposals_freezes_are_those_not_over_at_the_start():
    found = propose(GUIDE, {}, TODAY, start=date(2027, 1, 2)).constraints.freezes

    spans = [(f.start.isoformat(), f.finish.isoformat()) for f in found]
    assert spans == [
        ("2026-12-20", "2027-01-03"),
        ("2027-12-20", "2028-01-03"),
        ("2028-12-20", "2029-01-03"),
    ]


def test_ready_freezes_without_usual_dates_invent_none():
    upgrade = ready_freeze("ehr-upgrade")

    assert upgrade.next_ones(TODAY, ["OPS"]) == ()
    assert not upgrade.concerns("hospital", "US")


@pytest.mark.parametrize("ready", READY_FREEZES, ids=lambda ready: ready.id)
def test_ready_freezes_are_whole(ready):
    roles = [role.id for role in GUIDE.roles]
    assert set(ready.roles) <= set(roles)
    assert (ready.first is None) == (ready.last is None)
    assert ready.kind is FreezeKind.REDUCED_STAFF or not ready.roles
    assert ready.why
    assert ready.source
    for freeze in ready.next_ones(TODAY, roles):
        assert 0 <= (freeze.finish - freeze.start).days + 1 - ready.days <= 1


@pytest.mark.parametrize(
    ("wanted", "levels"),
    [
        ({}, {}),
        ({"STEP-1": 60}, {}),
        ({"STEP-1": 45}, {"STEP-1": 2}),
        ({"STEP-1": 50, "STEP-2": 76}, {"STEP-1": 2, "STEP-2": 4}),
        ({"STEP-1": 0, "STEP-2": 100}, {"STEP-1": 1, "STEP-2": 4}),
    ],
)
def test_proposals_targets_follow_the_saved_ones(wanted, levels):
    found = propose(GUIDE, {}, TODAY, wanted=wanted)

    assert found.constraints.targets == levels
    assert ("your target" in found.because["targets.STEP-1"].text) == ("STEP-1" in wanted)


@pytest.mark.parametrize(
    ("answers", "zone", "place"),
    [
        (said(P_03={"patients": "Ohio and the US"}), "", ("US", "OH", "P.03")),
        (said(P_03={"patients": "Germany, later Ireland"}), "America/Chicago", ("DE", "", "P.03")),
        (said(P_03={"patients": "EU"}), "Europe/Vienna", ("AT", "", "")),
        (said(P_03={"patients": "Georgia"}), "", ("GE", "", "P.03")),
        (
            said(P_02={"choices": ["business_associate"]}, P_03={"patients": "Georgia"}),
            "",
            ("US", "GA", "P.03"),
        ),
        (said(P_02={"choices": ["hipaa_covered_entity"]}), "", ("US", "", "P.02")),
        ({}, "America/New_York", ("US", "", "")),
    ],
)
def test_home_place_is_read_from_the_profile_then_from_the_clock(answers, zone, place):
    found = home_place(answers, zone)

    assert (found.country, found.subdivision, found.question) == place


@pytest.mark.parametrize("zone", ["", "UTC", "Nowhere/Land"])
def test_home_place_is_left_open_when_nothing_tells(zone):
    assert home_place({}, zone) is None


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2027, 1, 4), date(2029, 1, 3)),
        (date(2027, 1, 1), date(2028, 12, 31)),
        (date(2028, 2, 29), date(2030, 2, 27)),
    ],
)
def test_months_later_is_the_last_day_of_whole_months(day, later):
    assert months_later(day, 24) == later


def test_next_monday_is_today_when_it_is_one():
    assert next_monday(date(2026, 11, 23)) == date(2026, 11, 23)
    assert next_monday(date(2026, 11, 24)) == date(2026, 11, 30)


def test_public_holidays_know_countries_regions_and_days_in_lieu():
    assert {"Åland Islands", "United States", "Côte d’Ivoire"} <= {c.title for c in countries()}
    assert "California" in {place.title for place in subdivisions("US")}
    in_bavaria = plan_holidays("DE", "BY", date(2027, 1, 4))
    assert in_bavaria[date(2027, 11, 1)] == "All Saints' Day"
    assert date(2027, 11, 1) not in plan_holidays("DE", "BE", date(2027, 1, 4))
    # Independence Day 2027 is a Sunday.
    assert date(2027, 7, 5) in plan_holidays("US", "", date(2027, 1, 4))
    assert working_weekdays("IL") == {6, 0, 1, 2, 3}


def test_public_holidays_reach_ten_years_and_no_further_than_known():
    days = plan_holidays("US", "", date(2027, 1, 4))

    assert {min(days).year, max(days).year} == {2027, 2037}
    assert plan_holidays("US", "", date(2099, 1, 4))


@pytest.mark.parametrize("country", ["", "XX", "Germany", "D E"])
def test_public_holidays_of_an_unknown_country_are_refused(country):
    with pytest.raises(UnknownCountry, match="two letters"):
        known_place(country)


def test_public_holidays_accept_a_region_by_code_or_name():
    assert known_place("us", "california") == known_place("US", "CA") == ("US", "CA")
    with pytest.raises(UnknownSubdivision, match="'Bavaria' is not known as a part of US"):
        known_place("US", "Bavaria")
