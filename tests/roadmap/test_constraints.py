from datetime import date

import pytest

from roadmap.domain.constraints import (
    Constraints,
    ConstraintsError,
    Freeze,
    FreezeKind,
    constraints_from_json,
    constraints_to_json,
    parse_constraints,
)
from tests.roadmap.guides import small_guide

GUIDE = small_guide()
FULL = """\
start: 2027-01-11
wip_limit: 3
holidays: [2027-01-18, 2027-02-15]
role_fte: {OPS: 0.5, SEC: 0}
freezes:
  - {start: 2027-03-01, finish: 2027-03-12, reason: "EHR upgrade"}
  - start: 2027-07-01
    finish: 2027-07-31
    kind: reduced_staff
    capacity: 0.25
"""
READ = Constraints(
    start=date(2027, 1, 11),
    holidays=frozenset({date(2027, 1, 18), date(2027, 2, 15)}),
    role_fte={"OPS": 0.5, "SEC": 0.0},
    wip_limit=3,
    freezes=(
        Freeze(date(2027, 3, 1), date(2027, 3, 12), "EHR upgrade"),
        Freeze(date(2027, 7, 1), date(2027, 7, 31), "", FreezeKind.REDUCED_STAFF, 0.25),
    ),
)


def test_constraints_file_is_read_whole():
    assert parse_constraints(FULL, GUIDE, "c.yaml") == READ


@pytest.mark.parametrize("text", ["", "# nothing\n", "holidays: []\n", "start:\n"])
def test_constraints_empty_file_means_no_constraints(text):
    assert parse_constraints(text, GUIDE, "c.yaml") == Constraints()


def test_constraints_survive_json():
    assert constraints_from_json(constraints_to_json(READ)) == READ


def test_constraints_every_error_is_named_with_its_line():
    text = """\
start: tomorrow
wip_limit: 0
holidays:
  - 2027-02-30
  - 1814-01-01
role_fte:
  OPS: a lot
  XYZ: 1
freezes:
  - {start: 2027-03-12, finish: 2027-03-01}
  - {start: 2027-03-12, kind: long}
  - never
colour: blue
"""

    with pytest.raises(ConstraintsError) as caught:
        parse_constraints(text, GUIDE, "c.yaml")

    found = [(problem.line, problem.message) for problem in caught.value.problems]
    assert found == [
        (1, "write the date as YYYY-MM-DD; 'tomorrow' is not one"),
        (2, "give a whole number from 1 to 100; '0' is not one"),
        (4, "write the date as YYYY-MM-DD; '2027-02-30' is not one"),
        (5, "give a date from 2000-01-01 to 2099-12-31; 1814-01-01 is outside"),
        (7, "give a number; 'a lot' is not one"),
        (8, "'XYZ' is not known here; known are: OPS, SEC"),
        (10, "the freeze ends (2027-03-01) before it starts (2027-03-12)"),
        (11, "'long' is not a kind; choose one of: go_live, reduced_staff"),
        (11, "say when the freeze has its 'finish'"),
        (12, "a freeze names its start, finish, reason, kind, capacity"),
        (
            13,
            "'colour' is not known here; known are: start, wip_limit, holidays, role_fte, freezes",
        ),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "write constraints by name: start, wip_limit, holidays, role_fte, freezes"),
        ("holidays: 2027-01-01\n", "give a list, one entry a line, each beginning with '- '"),
        ("role_fte: [OPS]\n", "name roles with their FTE, as in 'OPS: 0.5'"),
        ("role_fte: {OPS: -1}\n", "give a number from 0 to 10000; -1 is outside"),
        ("wip_limit: true\n", "give a whole number from 1 to 100; 'True' is not one"),
        ("start: 1\nstart: 2\n", "'start' is given twice; keep one"),
        (
            "freezes: [{start: 2027-01-01, finish: 2027-01-02, capacity: 0.5}]\n",
            "'capacity' belongs to kind: reduced_staff only",
        ),
    ],
)
def test_constraints_wrong_shape_is_refused_in_words(text, message):
    with pytest.raises(ConstraintsError) as caught:
        parse_constraints(text, GUIDE, "c.yaml")

    assert [problem.message for problem in caught.value.problems] == [message]
