from dataclasses import replace
from datetime import date

import pytest

from assessments.domain.answers import Answer, AnswerState
from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze, FreezeKind
from roadmap.domain.explaining.binding import BoundBy
from roadmap.domain.gates import gate_checklists
from roadmap.domain.planning import plan_selection
from roadmap.domain.progress import PartState
from roadmap.domain.selected import (
    Excluded,
    FindOut,
    Reason,
    Satisfied,
    SelectedInitiative,
    Selection,
)
from tests.roadmap.guides import initiative, role, small_guide

MONDAY = date(2027, 1, 4)
GATE = {
    "id": "G1",
    "title": "Gate",
    "passes_when": "-",
    "blocks": "-",
    "review": "R",
    "step": "STEP-1",
    "checklist": [{"id": "G1-1", "text": "All is there", "initiatives": ["A", "B", "C", "D"]}],
}
STAFF = {"P.04": Answer(AnswerState.ANSWERED, {"it_ops": 2, "developers": 58, "security": 2})}


def selected(guide, *, excluded=(), find_out=(), satisfied=(), priority=0.5):
    items = tuple(
        SelectedInitiative(
            initiative=part,
            rank=rank,
            klass=3 if part.kind == "containment" else 1,
            priority=priority,
            reasons=(Reason("answer", "because"),),
            predecessors=part.needs,
            satisfied=tuple(Satisfied(i, "level 4") for i in satisfied),
        )
        for rank, part in enumerate(guide.initiatives, start=1)
    )
    settled = tuple(Satisfied(i, "level 4", shown=True) for i in satisfied)
    return Selection(items, tuple(excluded), tuple(find_out), settled)


def dates(plan):
    return {item.selected.initiative.id: (item.start, item.finish) for item in plan.items}


def test_plan_turns_effort_into_dates_that_skip_weekends_and_holidays():
    guide = small_guide(initiatives=[initiative("A", days=3), initiative("B", days=3, needs=["A"])])
    constraints = Constraints(holidays=frozenset({date(2027, 1, 5)}))

    plan = plan_selection(guide, STAFF, selected(guide), constraints, MONDAY)

    assert dates(plan) == {
        "A": (date(2027, 1, 4), date(2027, 1, 7)),
        "B": (date(2027, 1, 8), date(2027, 1, 12)),
    }
    assert plan.finish == date(2027, 1, 12)


def test_plan_starts_on_the_stated_day_or_the_next_working_day():
    guide = small_guide(initiatives=[initiative("A", days=1)])
    constraints = Constraints(start=date(2027, 2, 6))

    plan = plan_selection(guide, STAFF, selected(guide), constraints, MONDAY)

    assert plan.start == date(2027, 2, 8)


def test_plan_of_nothing_has_no_finish():
    plan = plan_selection(small_guide(), STAFF, Selection((), (), ()), Constraints(), MONDAY)

    assert (plan.finish, plan.items, plan.effort.likely) == (None, (), 0)


def test_plan_dates_each_gate_by_the_end_of_its_review():
    guide = small_guide(
        initiatives=[
            initiative("A", days=5, gate="G1"),
            initiative("R", days=1, kind="review", gate="G1", needs=["A"]),
        ]
    )

    plan = plan_selection(guide, STAFF, selected(guide), Constraints(), MONDAY)

    assert plan.gates == (("G1", date(2027, 1, 11)),)


def test_plan_puts_containment_before_what_matters_more():
    guide = small_guide(
        initiatives=[
            initiative("A", days=10),
            initiative("C", days=2, kind="containment", contains="A"),
        ]
    )

    plan = plan_selection(guide, STAFF, selected(guide), Constraints(), MONDAY)

    assert dates(plan)["C"][0] == MONDAY
    assert dates(plan)["A"][0] == date(2027, 1, 6)


def test_plan_of_a_small_team_is_smaller_and_runs_two_at_a_time():
    team = {"P.04": Answer(AnswerState.ANSWERED, {"it_ops": 10})}
    guide = small_guide(
        roles=[role(id, fte_from="it_ops") for id in ("X", "Y", "Z")],
        initiatives=[initiative(id, days=10, roles={id: 1}) for id in ("X", "Y", "Z")],
    )

    plan = plan_selection(guide, team, selected(guide), Constraints(), MONDAY)

    starts = sorted(start for start, _ in dates(plan).values())
    assert starts == [MONDAY, MONDAY, date(2027, 1, 12)]
    assert [item.effort.likely for item in plan.items] == [6, 6, 6]
    assert [item.bound_by.kind for item in plan.items].count(BoundBy.LIMIT) == 1
    assert plan.notes == (
        "With fewer than 50 people in IT (10 FTE), effort is multiplied by 0.6 (estimate).",
        "Limit of initiatives at the same time: 2, because the team is small.",
        "The same people fill these roles, so they are counted once: Role X, Role Y, Role Z.",
    )


def test_plan_stated_limit_outranks_that_of_the_size():
    team = {"P.04": Answer(AnswerState.ANSWERED, {"it_ops": 10})}
    guide = small_guide(initiatives=[initiative("A", days=2), initiative("B", roles={"SEC": 1})])

    plan = plan_selection(guide, team, selected(guide), Constraints(wip_limit=1), MONDAY)

    assert {start for start, _ in dates(plan).values()} != {MONDAY}
    assert "Limit of initiatives at the same time: 1, as you stated." in plan.notes


@pytest.mark.parametrize(("days", "together"), [(1.5, True), (3, False)])
def test_work_that_mostly_waits_takes_no_place_under_the_limit(days, together):
    """Ten days must pass: 0.15 of a person on each of them waits, 0.3 keeps somebody busy."""
    waits = initiative("W", days=days, elapsed_weeks={"low": 2, "high": 2})
    guide = small_guide(initiatives=[waits, initiative("A", days=8, roles={"SEC": 1})])

    plan = plan_selection(guide, STAFF, selected(guide), Constraints(wip_limit=1), MONDAY)

    starts = {start for start, _ in dates(plan).values()}
    assert (starts == {MONDAY}) is together


def test_plan_says_what_is_critical_and_how_far_the_rest_can_slip():
    guide = small_guide(
        initiatives=[
            initiative("A", days=10),
            initiative("B", days=2, roles={"SEC": 1}),
            initiative("C", days=5, needs=["A", "B"]),
        ]
    )

    plan = plan_selection(guide, STAFF, selected(guide), Constraints(), MONDAY)

    items = {item.selected.initiative.id: item for item in plan.items}
    assert plan.critical_chain == ("A", "C")
    assert [items[id].is_critical for id in "ABC"] == [True, False, True]
    assert (items["A"].total_float, items["B"].total_float, items["B"].free_float) == (0, 8, 8)
    assert items["C"].bound_until == items["C"].start


def test_what_the_own_people_cost_follows_their_shares_and_rates():
    guide = small_guide(initiatives=[initiative("A", days=9, roles={"OPS": 2, "SEC": 1})])
    limits = Constraints(day_rates={"OPS": 500}, currency="EUR")

    plan = plan_selection(guide, STAFF, selected(guide), limits, MONDAY)

    assert plan.items[0].person_days == {"OPS": 6, "SEC": 3}
    assert (plan.items[0].cost, plan.cost.own, plan.cost.currency) == (3000, 3000, "EUR")
    assert "These roles have no day rate, so their work costs nothing here: Role SEC." in plan.notes


def test_plan_goes_live_outside_a_freeze():
    guide = small_guide(initiatives=[initiative("A", days=10, go_live=True)])
    freeze = Freeze(date(2027, 1, 14), date(2027, 1, 15), "EHR upgrade")

    plan = plan_selection(guide, STAFF, selected(guide), Constraints(freezes=(freeze,)), MONDAY)

    # Its last five days begin after the freeze; the work before them runs through it.
    assert dates(plan)["A"] == (date(2027, 1, 11), date(2027, 1, 22))


@pytest.mark.parametrize(
    ("left", "expected"),
    [(0.9, (date(2027, 1, 4), date(2027, 1, 15))), (0.4, (date(2027, 1, 18), date(2027, 1, 29)))],
)
def test_plan_waits_for_staff_when_less_is_left_than_the_work_needs(left, expected):
    guide = small_guide(
        initiatives=[
            initiative("A", days=5, elapsed_weeks={"low": 2, "high": 2}),
        ],
    )
    summer = Freeze(date(2027, 1, 11), date(2027, 1, 17), "", FreezeKind.REDUCED_STAFF, left)

    plan = plan_selection(guide, STAFF, selected(guide), Constraints(freezes=(summer,)), MONDAY)

    assert dates(plan)["A"] == expected


def test_plan_ignores_a_freeze_that_is_over():
    guide = small_guide(initiatives=[initiative("A", days=1, go_live=True)])
    past = Freeze(date(2026, 12, 1), date(2027, 1, 3))

    plan = plan_selection(guide, STAFF, selected(guide), Constraints(freezes=(past,)), MONDAY)

    assert dates(plan)["A"][0] == MONDAY


def test_plan_names_roles_that_nobody_has_and_work_they_cannot_carry():
    guide = small_guide(
        roles=[role("OPS", fte_from="it_ops"), role("SEC", fte_from="security", default=0.01)],
        initiatives=[initiative("A", days=20, roles={"SEC": 1})],
    )
    team = {"P.04": Answer(AnswerState.ANSWERED, {"it_ops": 60, "security": 0})}

    plan = plan_selection(guide, team, selected(guide), Constraints(), MONDAY)

    assert plan.notes == (
        "Nobody is counted as Role SEC: planned with 0.01 FTE, covered by: whoever does the work "
        "of SEC",
        "A Do A: Role SEC cannot carry this work within 26 weeks. It is shown with that length; "
        "find more people or help from outside.",
    )


def test_work_its_people_cannot_carry_stands_at_the_head_and_makes_no_deadline_sure():
    guide = small_guide(
        roles=[role("OPS")],
        initiatives=[
            initiative("A", days=20, roles={"OPS": 1}),
            initiative("B", days=0, needs=["A"]),
            initiative("C", days=0),
        ],
    )
    late = date(2030, 1, 1)
    stated = Constraints(
        role_fte={"OPS": 0.01}, deadlines=(Deadline(late, "B"), Deadline(late, "C"))
    )

    plan = plan_selection(guide, {}, selected(guide), stated, MONDAY)

    # 130 days of a hundredth of a person are 1.3 of the 20.
    missing, seeming = [c for c in plan.conflicts if c.kind == "people"]
    assert missing.about == ("A",)
    assert "Role OPS" in missing.text
    assert "A Do A (18.7 person-days)" in missing.text
    assert seeming.text.startswith("B Do B ends by 1 January 2030 in this plan only because")
    assert [d.is_met for d in plan.deadlines] == [True, True]


def test_people_with_no_time_at_all_are_nobody():
    guide = small_guide(
        roles=[role("OPS", fte_from="it_ops")], initiatives=[initiative("A", days=20)]
    )

    plan = plan_selection(guide, STAFF, selected(guide), Constraints(free_share=0), MONDAY)

    assert [(row.initiative.id, row.kind) for row in plan.left_out] == [("A", "unplannable")]
    assert plan.items == ()


def test_gate_checklist_says_what_became_of_each_initiative():
    guide = small_guide(
        initiatives=[
            initiative("A", gate="G1"),
            initiative("R", kind="review", gate="G1", needs=["A"]),
            *(initiative(id) for id in "BCDE"),
        ],
        gates=[{**GATE, "checklist": [*GATE["checklist"], {"id": "G1-2", "text": "Seen"}]}],
    )
    chosen = selected(
        guide,
        excluded=[Excluded("B", "hosted by the vendor")],
        find_out=[FindOut("Q1", "Q1 has no answer yet.", ("C",))],
        satisfied=["D", "A"],
    )
    chosen = replace(chosen, items=chosen.items[:2])

    plan = plan_selection(guide, STAFF, chosen, Constraints(), MONDAY)
    first, second = gate_checklists(guide, STAFF, plan)["G1"]

    assert [(part.initiative, part.state, part.reason) for part in first.parts] == [
        ("A", PartState.PLANNED, ""),
        ("B", PartState.EXCLUDED, "hosted by the vendor"),
        ("C", PartState.FIND_OUT, "Q1 has no answer yet."),
        ("D", PartState.SATISFIED, "level 4"),
    ]
    assert second.parts == ()
