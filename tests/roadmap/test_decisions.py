"""What people decide by hand, and what a plan makes of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assessments.domain.answers_file import parse_answers
from guide.registry import current_guide
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.gates import gate_checklists
from roadmap.domain.hand.checks import check_decisions
from roadmap.domain.hand.decisions import (
    MAX_OWN,
    Days,
    Decisions,
    OwnInitiative,
    Wave,
    decisions_from_json,
    decisions_to_json,
)
from roadmap.domain.planning import plan, prepare
from roadmap.domain.progress import PartState

GUIDE = current_guide()
MONDAY = date(2027, 1, 4)
CONSTRAINTS = Constraints(start=MONDAY)
DEMO = Path(__file__).resolve().parents[2] / "demo" / "per-1.yaml"
ANSWERS = parse_answers(DEMO.read_text(encoding="utf-8"), GUIDE, DEMO.name).answers
SELECTION = prepare(GUIDE, ANSWERS, None, CONSTRAINTS, Decisions(), MONDAY).selection
MOVE = OwnInitiative(
    id="OWN-1",
    title="Move to the new building",
    phase="PHASE-2",
    step="STEP-3",
    roles={"OPS": 1},
    effort=Days(2, 5, 9),
    needs=("A1-01",),
)


def planned(**decisions):
    made = plan(GUIDE, ANSWERS, CONSTRAINTS, MONDAY, Decisions(**decisions))
    return made, {item.selected.initiative.id: item for item in made.items}


def faults(**decisions):
    found = check_decisions(GUIDE, SELECTION, CONSTRAINTS, Decisions(**decisions))
    return [(fault.about, fault.field, fault.message) for fault in found]


def test_decisions_come_back_from_plain_data():
    decisions = Decisions(
        pins={"A1-02": date(2027, 2, 1)},
        earliest={"A1-03": date(2027, 3, 1)},
        excluded={"A3-06": "later"},
        kept={"A3-07": "promised"},
        efforts={"A1-04": Days(1, 2, 3)},
        people={"A1-05": ("Ann", "Bo")},
        own=(MOVE,),
        waves=(Wave("A3-05", ("Billing",)),),
    )

    assert decisions_from_json(decisions_to_json(decisions)) == decisions


def test_a_pin_starts_on_its_day_or_the_next_working_day():
    _, items = planned(pins={"A1-02": date(2027, 3, 6)})

    assert items["A1-02"].start == date(2027, 3, 8)
    assert items["A1-02"].by_hand.pinned == date(2027, 3, 6)


@pytest.mark.parametrize("kind", ["pins", "earliest"])
def test_a_day_nobody_works_is_named_with_the_day_that_counts(kind):
    made, _ = planned(**{kind: {"A1-02": date(2027, 3, 6), "A1-03": date(2027, 3, 8)}})

    (said,) = [conflict for conflict in made.conflicts if conflict.kind == "day"]
    assert said.about == ("A1-02",)
    assert "6 March 2027" in said.text
    assert "8 March 2027" in said.text


def test_an_earliest_day_holds_and_gives_way_to_a_pin():
    _, held = planned(earliest={"A1-01": date(2027, 2, 1)})
    _, fixed = planned(earliest={"A1-01": date(2027, 2, 1)}, pins={"A1-01": MONDAY})

    assert held["A1-01"].start >= date(2027, 2, 1)
    assert fixed["A1-01"].start == MONDAY


def test_what_is_left_out_by_hand_is_named_and_its_dependants_go_on_without_it():
    whole, _ = planned()
    needed = "A1-02"
    dependant = next(i for i in whole.items if needed in i.selected.predecessors)

    made, items = planned(excluded={needed: "it was done last year"})

    after = items[dependant.selected.initiative.id].selected
    assert needed not in items
    assert [(r.initiative.id, r.kind, r.reason) for r in made.left_out] == [
        (needed, "hand", "it was done last year")
    ]
    assert made.left_out[0].gain > 0
    assert (needed, "left out by hand: it was done last year") in [
        (s.initiative, s.reason) for s in after.satisfied
    ]
    # The gate is not jumped: what the dropped one waited for still counts.
    assert "A1-01" in after.predecessors


def test_a_gate_does_not_take_what_was_left_out_for_done():
    made, _ = planned(excluded={"A1-02": "no time"})

    parts = [
        part
        for items in gate_checklists(GUIDE, ANSWERS, made).values()
        for item in items
        for part in item.parts
        if part.initiative == "A1-02"
    ]
    assert parts
    assert {part.state for part in parts} == {PartState.LEFT_OUT}


def test_stated_effort_is_not_adapted_to_the_size_again():
    _, before = planned()
    _, after = planned(efforts={"A1-02": Days(5, 10, 20)})

    # So few people that the guide's estimate is multiplied by 0.6.
    assert GUIDE.initiative("A1-02").effort_days.likely == 12
    assert before["A1-02"].effort.likely == 7.2
    assert after["A1-02"].effort.likely == 10
    assert after["A1-02"].by_hand.is_effort_changed


def test_an_own_initiative_waits_for_what_it_needs():
    _, items = planned(own=(MOVE,), people={"OWN-1": ("Ann",)})

    made = items["OWN-1"]
    assert made.start > items["A1-01"].finish
    assert (made.effort.likely, made.by_hand.origin, made.by_hand.people) == (5, "own", ("Ann",))
    assert [reason.kind for reason in made.selected.reasons] == ["own"]


def test_waves_follow_the_pilot_one_another_and_the_gate_of_the_second_system():
    first, second = Wave("A3-05", ("Billing", "Lab", "HR")), Wave("A3-05", ("Stock",))
    _, items = planned(waves=(first, second), efforts={"A3-05": Days(5, 10, 20)})

    two, three = items["A3-05.W2"], items["A3-05.W3"]
    # The second and third system take all of it, each further one half.
    assert (two.effort.likely, three.effort.likely) == (25, 5)
    assert {"A3-05", "A6-06"} <= set(two.selected.predecessors)
    assert "A3-05.W2" in three.selected.predecessors
    assert (two.by_hand.wave_of, two.by_hand.systems) == ("A3-05", ("Billing", "Lab", "HR"))
    assert two.lifts == ()


@pytest.mark.parametrize(
    ("system", "waits"), [("File and print server", False), ("ehr", True), ("never tiered", True)]
)
def test_a_wave_over_a_critical_system_waits_for_its_gate(system, waits):
    _, items = planned(waves=(Wave("A3-05", (system,)),))

    assert ("A6-10" in items["A3-05.W2"].selected.predecessors) is waits


@pytest.mark.parametrize(
    ("decisions", "about", "said"),
    [
        ({"excluded": {"A1-14": "why not"}}, "A1-14", "a gate cannot be left out"),
        ({"excluded": {"AC-01": "why not"}}, "AC-01", "protects patient data"),
        ({"pins": {"A1-01": date(2026, 12, 1)}}, "A1-01", "The plan begins on 4 January 2027"),
        ({"earliest": {"A1-01": date(2060, 1, 1)}}, "A1-01", "lies beyond"),
        ({"pins": {"ZZ-1": MONDAY}}, "ZZ-1", "not in this plan"),
        ({"people": {"A1-02": ("Ann",)}, "excluded": {"A1-02": "x"}}, "A1-02", "left out by hand"),
        ({"waves": (Wave("A1-02", ("PACS",)),)}, "A1-02.W2", "done once"),
        ({"waves": (Wave("A3-05", ()),)}, "A3-05.W2", "at least one system"),
        ({"waves": (Wave("ZZ-1", ("PACS",)),)}, "ZZ-1.W2", "not in this plan"),
        ({"own": (MOVE,), "waves": (Wave("OWN-1", ("PACS",)),)}, "OWN-1.W2", "of your own"),
        ({"own": (replace(MOVE, roles={"KING": 1}),)}, "OWN-1", "KING"),
        ({"own": (replace(MOVE, step="STEP-9"),)}, "OWN-1", "step of the guide"),
        ({"own": (replace(MOVE, phase="X"),)}, "OWN-1", "phase of the guide"),
        ({"own": (replace(MOVE, needs=("ZZ-1",)),)}, "OWN-1", "cannot wait for ZZ-1"),
        ({"own": (replace(MOVE, id="A1-02"),)}, "A1-02", "name of another"),
        ({"own": (replace(MOVE, needs=("OWN-1",)),)}, "OWN-1", "OWN-1 → OWN-1"),
    ],
)
def test_what_no_plan_can_hold_is_refused_in_words_and_planned_around(decisions, about, said):
    found = faults(**decisions)
    made, _ = planned(**decisions)

    assert any(id == about and said in message for id, _, message in found)
    assert any(said in conflict.text for conflict in made.conflicts)
    assert made.items


def test_a_circle_of_own_initiatives_is_named_and_the_rest_is_planned():
    other = replace(MOVE, id="OWN-2", needs=("OWN-3",))
    third = replace(MOVE, id="OWN-3", needs=("OWN-2",))

    made, items = planned(own=(MOVE, other, third))

    said = [c for c in made.conflicts if "in a circle" in c.text]
    assert len(said) == 1
    assert set(said[0].about) == {"OWN-2", "OWN-3"}
    assert "OWN-1" in items
    assert not {"OWN-2", "OWN-3"} & set(items)


def test_so_many_own_initiatives_and_no_more():
    own = tuple(replace(MOVE, id=f"OWN-{n}") for n in range(1, MAX_OWN + 2))

    assert [about for about, _, _ in faults(own=own)] == [f"OWN-{MAX_OWN + 1}"]


def test_a_duty_left_out_by_hand_is_said_aloud():
    duty = next(i.initiative.id for i in SELECTION.items if i.initiative.duty)

    made, items = planned(excluded={duty: "the board decided so"})

    assert faults(excluded={duty: "x"}) == []
    assert duty not in items
    assert [c.about for c in made.conflicts if c.kind == "duty"] == [(duty,)]


def test_duties_that_nobody_can_do_are_said_aloud():
    duty = next(i.initiative for i in SELECTION.items if i.initiative.duty)
    nobody = replace(CONSTRAINTS, role_fte=dict.fromkeys(duty.roles, 0))

    made = plan(GUIDE, ANSWERS, nobody, MONDAY)

    lost = {row.initiative.id: row.reason for row in made.left_out if row.initiative.duty}
    said = {c.about[0]: c.text for c in made.conflicts if c.kind == "duty"}
    assert duty.id in lost
    assert set(said) == set(lost)
    assert all(lost[id] in said[id] for id in lost)


def test_contradictory_pins_name_the_smallest_set_that_conflicts():
    made, _ = planned(pins={"A1-03": MONDAY, "A3-05": date(2028, 6, 5)})

    said = [c.text for c in made.conflicts if c.kind == "wishes"]
    assert len(said) == 1
    assert "A1-03 is fixed to start on 4 January 2027" in said[0]
    assert "A3-05" not in said[0]
