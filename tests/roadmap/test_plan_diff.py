"""Two plans side by side, from their stored documents alone."""

from copy import deepcopy
from datetime import date

import pytest

from roadmap.domain.plan_diff import plan_diff


def initiative(id, start, finish, *, rank=1, bound="start", what="", until=None):
    return {
        "id": id,
        "title": f"Do {id}",
        "rank": rank,
        "start": start,
        "finish": finish,
        "bound_by": {"kind": bound, "what": what, "until": until, "holders": []},
    }


BEFORE = {
    "start": "2027-01-04",
    "finish": "2027-01-15",
    "holidays": ["2027-01-18"],
    "working_weekdays": [0, 1, 2, 3, 4],
    "capacity": [{"role": "OPS", "title": "IT operations"}],
    "initiatives": [
        initiative("A", "2027-01-04", "2027-01-08"),
        initiative("B", "2027-01-11", "2027-01-15", rank=2, bound="predecessor", what="A"),
    ],
    "gates": [{"id": "G1", "title": "Baseline", "date": "2027-01-15"}],
    "excluded": [],
    "left_out": [],
    "person_days": 10,
    "effort_days": {"low": 5, "likely": 10, "high": 20},
    "cost": {"own": 800, "partner": 0, "total": 800, "currency": "USD"},
    "readiness": {"now": {"overall": 20, "steps": {}}, "after": {"overall": 50, "steps": {}}},
}


def changed(**changes):
    return {**deepcopy(BEFORE), **changes}


def test_the_same_plan_twice_differs_in_nothing():
    assert plan_diff(BEFORE, deepcopy(BEFORE)).is_empty


@pytest.mark.parametrize(
    ("bound", "what", "until", "why"),
    [
        ("role", "OPS", "2027-01-19", "no time of IT operations is left for it until 19 January"),
        ("predecessor", "A", None, "it waits for A Do A, which ends on 8 January 2027"),
        ("freeze", "", "2027-01-19", "a freeze lasts until 19 January 2027"),
        ("fixed", "", "2027-01-19", "its start is fixed to 19 January 2027"),
        ("limit", "", "2027-01-19", "as many initiatives as are allowed"),
        ("order", "", None, "the order of the plan has it so"),
    ],
)
def test_a_move_counts_working_days_and_says_what_binds_it_now(bound, what, until, why):
    later = initiative("B", "2027-01-19", "2027-01-25", bound=bound, what=what, until=until)

    diff = plan_diff(
        BEFORE, changed(initiatives=[BEFORE["initiatives"][0], later], finish="2027-01-25")
    )

    # The weekend and Martin Luther King Day between them do not count.
    assert [(m.id, m.days) for m in diff.moved] == [("B", 5)]
    assert diff.moved[0].sentence.startswith("moved 5 working days later: ")
    assert why in diff.moved[0].sentence
    assert diff.finish_days == 5


def test_an_initiative_that_only_takes_longer_says_so():
    longer = initiative("B", "2027-01-11", "2027-01-19", rank=2)

    diff = plan_diff(BEFORE, changed(initiatives=[BEFORE["initiatives"][0], longer]))

    assert diff.moved[0].sentence == "starts as before and ends 1 working day later"


def test_the_largest_move_comes_first_and_earlier_is_below_zero():
    moved = [
        initiative("A", "2027-01-05", "2027-01-11", rank=1),
        initiative("B", "2027-01-04", "2027-01-08", rank=2),
    ]

    diff = plan_diff(BEFORE, changed(initiatives=moved))

    assert [(m.id, m.days) for m in diff.moved] == [("B", -5), ("A", 1)]


def test_what_came_and_what_fell_out_is_named_with_its_reason():
    kept = [initiative("C", "2027-01-04", "2027-01-05")]
    row = {"id": "A", "title": "Do A", "kind": "budget", "reason": "too dear", "gain": 1.5}

    diff = plan_diff(BEFORE, changed(initiatives=kept, left_out=[row]))

    assert [(c.id, c.start) for c in diff.came] == [("C", date(2027, 1, 4))]
    assert [(f.id, f.reason, f.gain) for f in diff.fell_out] == [
        ("A", "too dear", 1.5),
        ("B", "The answers do not call for it any more.", None),
    ]


def test_gates_moved_reached_no_more_and_new_are_told():
    gates = [{"id": "G2", "title": "Pilot", "date": "2027-02-01"}]

    diff = plan_diff(BEFORE, changed(gates=gates))

    assert [(g.id, g.before, g.after, g.days) for g in diff.gates] == [
        ("G2", None, date(2027, 2, 1), None),
        ("G1", date(2027, 1, 15), None, None),
    ]


def test_figures_are_held_side_by_side_where_both_have_them():
    diff = plan_diff(BEFORE, changed(person_days=12.5, cost=None, finish=None))

    assert diff.person_days.change == 2.5
    assert (diff.cost.before, diff.cost.after, diff.cost.change) == (800, None, None)
    assert diff.readiness.change == 0
    assert diff.finish_days is None


def test_a_plan_stored_before_these_figures_existed_is_compared_all_the_same():
    old = {k: v for k, v in BEFORE.items() if k not in ("person_days", "cost", "readiness")}
    del old["left_out"], old["holidays"], old["working_weekdays"]

    diff = plan_diff(old, BEFORE)

    assert (diff.moved, diff.person_days.change, diff.readiness.change) == ((), 0, None)
