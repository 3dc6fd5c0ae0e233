"""What one decision by hand makes of those that stand."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.domain.hand.changes import KINDS, Change, ChangeInvalid, changed, wave_ids
from roadmap.domain.hand.decisions import (
    Days,
    Decisions,
    Wave,
    decisions_from_json,
    decisions_to_json,
)

DAY = "2027-03-01"
OWN = {
    "title": "Move the tape library",
    "phase": "PHASE-1",
    "step": "STEP-1",
    "roles": {"OPS": 2, "SEC": 1},
    "effort": {"low": 2, "likely": "3", "high": 5},
    "needs": ["A1-01"],
}


def after(*changes: Change, start: Decisions | None = None) -> Decisions:
    decisions = start or Decisions()
    for change in changes:
        decisions = changed(decisions, change)
    return decisions


def test_pin_and_earliest_replace_each_other():
    pinned = after(Change("earliest", "A", {"day": DAY}), Change("pin", "A", {"day": DAY}))
    freed = after(Change("earliest", "A", {"day": DAY}), start=pinned)

    assert (dict(pinned.pins), dict(pinned.earliest)) == ({"A": date(2027, 3, 1)}, {})
    assert (dict(freed.pins), dict(freed.earliest)) == ({}, {"A": date(2027, 3, 1)})


def test_exclude_takes_the_dates_along_and_include_takes_only_the_exclusion_back():
    out = after(Change("pin", "A", {"day": DAY}), Change("exclude", "A", {"reason": " no tape "}))

    assert (dict(out.pins), dict(out.excluded)) == ({}, {"A": "no tape"})
    assert after(Change("include", "A"), start=out) == Decisions()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Change("dance", "A"), ""),
        (Change("pin", "A", {"day": "soon"}), "day"),
        (Change("pin", "A", {"day": "1812-01-01"}), "day"),
        (Change("exclude", "A", {"reason": " \x00"}), "reason"),
        (Change("exclude", "A", {"reason": "x" * 301}), "reason"),
        (Change("effort", "A", {"low": 5, "likely": 3, "high": 9}), "likely"),
        (Change("effort", "A", {"low": 0, "likely": 0, "high": 0}), "likely"),
        (Change("effort", "A", {"low": "nan", "likely": 1, "high": 1}), "low"),
        (Change("people", "A", {"names": ["x" * 101]}), "names"),
        (Change("people", "A", {"names": "Ann"}), "names"),
        (Change("own_add", "", {**OWN, "title": ""}), "title"),
        (Change("own_add", "", {**OWN, "roles": {"OPS": 0}}), "roles"),
        (Change("own_edit", "OWN-1", OWN), ""),
        (Change("own_remove", "OWN-1"), ""),
        (Change("wave_add", "A", {"systems": []}), "systems"),
        (Change("wave_remove", "A.W2"), ""),
    ],
)
def test_change_that_makes_no_sense_is_refused_with_the_field_it_is_about(change, field):
    with pytest.raises(ChangeInvalid) as refused:
        changed(Decisions(), change)

    assert list(refused.value.messages) == [field]


def test_own_initiative_tells_everything_that_is_wrong_at_once():
    with pytest.raises(ChangeInvalid) as refused:
        changed(Decisions(), Change("own_add"))

    assert set(refused.value.messages) >= {"title", "phase", "step", "roles", "low"}


def test_own_initiative_gets_an_id_that_was_never_given_and_shares_that_sum_to_one():
    made = changed(Decisions(), Change("own_add", "", OWN), known={"OWN-4", "A1-01"})

    assert made.own[0].id == "OWN-5"
    assert made.own[0].effort == Days(2, 3, 5)
    assert sum(made.own[0].roles.values()) == pytest.approx(1, abs=0.001)


def test_removing_an_own_initiative_removes_what_hangs_on_it():
    made = after(
        Change("own_add", "", OWN),
        Change("own_add", "", {**OWN, "needs": ["OWN-1"]}),
        Change("pin", "OWN-1", {"day": DAY}),
        Change("wave_add", "OWN-1", {"systems": ["PACS"]}),
        Change("own_remove", "OWN-1"),
    )

    assert [(own.id, own.needs) for own in made.own] == [("OWN-2", ())]
    assert (dict(made.pins), made.waves) == ({}, ())


def test_removing_a_wave_lets_the_later_ones_move_up_with_what_was_decided():
    made = after(
        Change("wave_add", "A", {"systems": ["one"]}),
        Change("wave_add", "B", {"systems": ["other"]}),
        Change("wave_add", "A", {"systems": ["two"]}),
        Change("pin", "A.W2", {"day": DAY}),
        Change("people", "A.W3", {"names": ["Ann", "Ann"]}),
        Change("wave_remove", "A.W2"),
    )

    assert wave_ids(made) == {"B.W2": Wave("B", ("other",)), "A.W2": Wave("A", ("two",))}
    assert (dict(made.pins), dict(made.people)) == ({}, {"A.W2": ("Ann",)})


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(sorted(KINDS)),
    st.dictionaries(
        st.sampled_from(["day", "reason", "names", "systems", "low", "likely", "high", *OWN]), JUNK
    ),
)
def test_no_input_breaks_a_change_and_what_is_taken_can_be_stored(kind, detail):
    try:
        made = changed(Decisions(), Change(kind, "A", detail))
    except ChangeInvalid as refused:
        assert all(refused.messages.values())
    else:
        assert decisions_from_json(decisions_to_json(made)) == made
