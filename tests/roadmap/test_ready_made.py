from dataclasses import replace
from datetime import date

import pytest

from guide.registry import current_guide
from roadmap.domain.constraints.ready_made import (
    HIRING_WEEKS,
    ReadyMadeInvalid,
    ask,
    ready_made,
)
from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze
from tests.roadmap.guides import small_guide

START = date(2027, 1, 4)
PLAN = {"start": "2027-01-04", "person_days": 400.0}
GUIDE = current_guide()
FREEZES = (
    Freeze(date(2027, 3, 1), date(2027, 3, 12), "EHR upgrade"),
    Freeze(date(2027, 12, 20), date(2027, 12, 31), "Year end"),
)
STATED = Constraints(start=START, freezes=FREEZES, budget_days=300)


def test_engineer_joins_after_hiring():
    (joins,) = ask("engineer", GUIDE, STATED, PLAN).staffing

    assert (joins.role, joins.fte, joins.finish) == ("PL", 1.0, None)
    assert (joins.start - START).days == 7 * HIRING_WEEKS


def test_partner_comes_for_a_time_and_is_marked_as_one():
    people = ask("partner", GUIDE, STATED, PLAN).staffing

    assert [person.role for person in people] == ["PL", "SEC", "QA"]
    assert all(person.is_partner and person.finish for person in people)


@pytest.mark.parametrize(
    ("stated", "halved"),
    [
        (replace(STATED, budget=90_000.0), {"budget": 45_000.0, "budget_days": 300}),
        (STATED, {"budget": None, "budget_days": 150}),
        (replace(STATED, budget_days=None), {"budget": None, "budget_days": 200}),
    ],
)
def test_half_halves_what_is_stated_or_else_the_work(stated, halved):
    asked = ask("half", GUIDE, stated, PLAN)

    assert {"budget": asked.budget, "budget_days": asked.budget_days} == halved


def test_date_replaces_the_deadline_of_the_whole_and_keeps_the_others():
    stated = replace(
        STATED, deadlines=(Deadline(date(2028, 1, 1)), Deadline(date(2027, 6, 1), "G1"))
    )

    asked = ask("date", GUIDE, stated, PLAN, day=date(2027, 9, 30))

    assert asked.deadlines == (Deadline(date(2027, 6, 1), "G1"), Deadline(date(2027, 9, 30)))


def test_freeze_is_the_only_thing_that_goes():
    assert ask("freeze", GUIDE, STATED, PLAN, choice="0") == replace(STATED, freezes=FREEZES[1:])


def test_vendor_delay_adds_up():
    once = ask("vendor", GUIDE, STATED, PLAN)

    assert once.vendor_delay_weeks == 8
    assert ask("vendor", GUIDE, once, PLAN).vendor_delay_weeks == 16


@pytest.mark.parametrize(
    ("question", "more"),
    [
        ("nonsense", {}),
        ("date", {}),
        ("date", {"day": START}),
        ("freeze", {"choice": "2"}),
        ("freeze", {"choice": "-1"}),
        ("freeze", {"choice": ""}),
    ],
)
def test_question_that_makes_no_sense_is_refused(question, more):
    with pytest.raises(ReadyMadeInvalid):
        ask(question, GUIDE, STATED, PLAN, **more)


def test_questions_say_when_they_do_not_fit_the_guide():
    asked = {item.id: item for item in ready_made(small_guide(), Constraints(start=START), PLAN)}

    assert [id for id, item in asked.items() if item.because] == ["engineer", "freeze"]
    with pytest.raises(ReadyMadeInvalid):
        ask("engineer", small_guide(), Constraints(start=START), PLAN)
