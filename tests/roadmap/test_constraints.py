import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.model import Step
from guide.registry import current_guide
from roadmap.domain.constraints.reading import (
    KEYS,
    ConstraintsError,
    parse_constraints,
    write_constraints,
)
from roadmap.domain.constraints.stated import (
    Constraints,
    Deadline,
    Freeze,
    FreezeKind,
    Staffing,
    constraints_from_json,
    constraints_to_json,
)
from tests.roadmap.guides import initiative, small_guide

STEPS = [{"id": "STEP-1", "number": 1, "title": "Audit", "weight": 1, "sections": []}]
GUIDE = small_guide(initiatives=[initiative("A1-01")]).model_copy(
    update={"steps": tuple(Step(**step) for step in STEPS)}
)
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
    roles: [SEC]
country: us
subdivision: California
working_weekdays: [mon, tue, wed, thu]
free_share: 0.4
staffing:
  - {role: OPS, fte: 1, start: 2027-04-01, partner: true, day_rate: 900, reason: "Partner"}
  - {role: SEC, fte: -0.2, start: 2027-05-01, finish: 2027-08-31}
budget: 250000
budget_days: 400
currency: USD
day_rates: {OPS: 640.5}
deadlines:
  - {by: 2028-06-30, reason: "Grant ends"}
  - {by: 2027-12-31, about: A1-01}
  - {by: 2027-12-31, about: OWN-1}
targets: {STEP-1: 4}
"""
READ = Constraints(
    start=date(2027, 1, 11),
    holidays=frozenset({date(2027, 1, 18), date(2027, 2, 15)}),
    role_fte={"OPS": 0.5, "SEC": 0.0},
    wip_limit=3,
    freezes=(
        Freeze(date(2027, 3, 1), date(2027, 3, 12), "EHR upgrade"),
        Freeze(date(2027, 7, 1), date(2027, 7, 31), "", FreezeKind.REDUCED_STAFF, 0.25, ("SEC",)),
    ),
    country="US",
    subdivision="CA",
    working_weekdays=frozenset({0, 1, 2, 3}),
    free_share=0.4,
    staffing=(
        Staffing("OPS", 1.0, date(2027, 4, 1), None, "Partner", is_partner=True, day_rate=900.0),
        Staffing("SEC", -0.2, date(2027, 5, 1), date(2027, 8, 31)),
    ),
    budget=250_000.0,
    budget_days=400.0,
    currency="USD",
    day_rates={"OPS": 640.5},
    deadlines=(
        Deadline(date(2028, 6, 30), "", "Grant ends"),
        Deadline(date(2027, 12, 31), "A1-01"),
        Deadline(date(2027, 12, 31), "OWN-1"),
    ),
    targets={"STEP-1": 4},
)


def test_constraints_file_is_read_whole():
    assert parse_constraints(FULL, GUIDE, "c.yaml") == READ


@pytest.mark.parametrize("text", ["", "# nothing\n", "holidays: []\n", "start:\n"])
def test_constraints_empty_file_means_no_constraints(text):
    assert parse_constraints(text, GUIDE, "c.yaml") == Constraints()


def test_constraints_survive_json():
    assert constraints_from_json(constraints_to_json(READ)) == READ


def test_constraints_of_before_there_was_more_are_still_read():
    assert constraints_from_json({"wip_limit": 2}) == Constraints(wip_limit=2)
    assert constraints_from_json({}) == Constraints()


@pytest.mark.parametrize(
    "constraints",
    [
        Constraints(),
        READ,
        Constraints(budget=0.0, budget_days=0.0, free_share=0.0),
        # A country whose holidays are all worked must not get them back.
        Constraints(country="DE"),
        Constraints(freezes=(Freeze(date(2027, 3, 1), date(2027, 3, 12), "'quoted': #1"),)),
    ],
)
def test_constraints_written_as_a_file_are_read_back_the_same(constraints):
    assert parse_constraints(write_constraints(constraints), GUIDE, "c.yaml") == constraints


DAYS = st.dates(date(2027, 1, 1), date(2030, 1, 1))


@settings(max_examples=40)
@given(
    st.builds(
        Constraints,
        start=st.none() | DAYS,
        holidays=st.frozensets(DAYS, max_size=3),
        working_weekdays=st.frozensets(st.integers(0, 6), min_size=1),
        role_fte=st.dictionaries(st.sampled_from(["OPS", "SEC"]), st.floats(0, 100)),
        staffing=st.lists(
            st.builds(
                Staffing, role=st.just("OPS"), fte=st.floats(-5, 0), start=DAYS, reason=st.text()
            ),
            max_size=2,
        ).map(tuple),
        deadlines=st.lists(st.builds(Deadline, by=DAYS, reason=st.text()), max_size=2).map(tuple),
        targets=st.dictionaries(st.just("STEP-1"), st.integers(1, 4)),
    )
)
def test_constraints_survive_json_whatever_they_are(constraints):
    assert constraints_from_json(constraints_to_json(constraints)) == constraints


def test_constraints_country_without_days_stands_for_its_holidays():
    found = parse_constraints("start: 2027-01-04\ncountry: DE\nsubdivision: BY\n", GUIDE, "c.yaml")

    assert date(2027, 11, 1) in found.holidays
    assert max(found.holidays).year == 2037


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
  - {start: 2027-03-12, finish: 2027-03-12, roles: [OPS]}
  - {start: 2027-03-12, finish: 2027-03-12, kind: reduced_staff, roles: [ABC]}
colour: blue
country: Atlantis
working_weekdays: [mon, today]
free_share: 1.5
staffing:
  - {role: XYZ, fte: lots, start: 2027-01-01}
  - {role: OPS, fte: -1, start: 2027-03-01, finish: 2027-02-01, partner: true}
  - {role: OPS, fte: 1, partner: maybe, day_rate: -5}
budget: much
currency: dollars
day_rates: {OPS: free}
deadlines:
  - {by: 2027-12-31, about: A9-99}
  - {about: A1-01, until: 3}
targets: {STEP-1: 5, STEP-9: 3}
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
        (12, "a freeze names its start, finish, reason, kind, capacity, roles"),
        (13, "'roles' belongs to kind: reduced_staff only"),
        (14, "'ABC' is not a role; choose one of: OPS, SEC"),
        (15, f"'colour' is not known here; known are: {', '.join(KEYS)}"),
        (
            16,
            "no holidays are known for the country 'Atlantis'; give its two letters, as in US or "
            "DE, or list the free days yourself",
        ),
        (
            17,
            "'today' is not a day of the week; choose one of: mon, tue, wed, thu, fri, sat, sun",
        ),
        (18, "give a number from 0 to 1; 1.5 is outside"),
        (20, "'XYZ' is not a role; choose one of: OPS, SEC"),
        (20, "give a number; 'lots' is not one"),
        (21, "a partner joins: give an 'fte' above 0"),
        (21, "the change of staff ends (2027-02-01) before it starts (2027-03-01)"),
        (22, "give a number from 0 to 10000000000; -5 is outside"),
        (22, "say when the change of staff has its 'start'"),
        (22, "write true or false; 'maybe' is neither"),
        (23, "give a number; 'much' is not one"),
        (24, "give three letters, as in USD; 'dollars' are not"),
        (25, "give a number; 'free' is not one"),
        (
            27,
            "'A9-99' is neither a gate nor an initiative of the guide; leave it out for the whole "
            "plan",
        ),
        (28, "'until' is not known here; known are: by, about, reason"),
        (28, "say when the deadline has its 'by'"),
        (29, "'STEP-9' is not known here; known are: STEP-1"),
        (29, "give a whole number from 1 to 4; '5' is not one"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", f"write constraints by name: {', '.join(KEYS)}"),
        ("holidays: 2027-01-01\n", "give a list, one entry a line, each beginning with '- '"),
        ("role_fte: [OPS]\n", "name roles with their FTE, as in 'OPS: 0.5'"),
        ("role_fte: {OPS: -1}\n", "give a number from 0 to 10000; -1 is outside"),
        ("wip_limit: true\n", "give a whole number from 1 to 100; 'True' is not one"),
        ("start: 1\nstart: 2\n", "'start' is given twice; keep one"),
        ("subdivision: CA\n", "name the 'country' it belongs to as well"),
        ("country: DE\n", "give the 'start' as well, so that its holidays are known"),
        (
            "country: AD\nsubdivision: X\nholidays: []\n",
            "'X' is not known as a part of AD; known are: 02, 03, 04, 05, 06, 07, 08",
        ),
        (
            "country: EE\nsubdivision: X\nholidays: []\n",
            "'X' is not known as a part of EE: it has none with holidays of its own",
        ),
        ("working_weekdays: []\n", "name at least one day of the week, as in 'mon'"),
        (
            f"holidays: [{', '.join(['2027-01-01'] * 2000)}]\n",
            "give at most 1000 entries; these are 2000",
        ),
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


def test_constraints_of_the_documentation_can_be_read():
    text = (Path(__file__).parents[2] / "docs" / "constraints-format.md").read_text()
    example = text.split("```yaml\n")[1].split("```")[0]

    found = parse_constraints(example, current_guide(), "docs.yaml")

    assert {key for key in KEYS if not re.search(rf"`{key}[`[]", text)} == set()
    assert (len(found.staffing), len(found.freezes), len(found.deadlines)) == (3, 3, 2)
    assert date(2027, 11, 25) in found.holidays
