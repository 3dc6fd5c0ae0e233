"""What is left out when time, money or people do not reach."""

from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from assessments.domain.answers_file import parse_answers
from assessments.domain.scoring import score
from guide.registry import current_guide
from roadmap.domain.constraints.stated import Constraints, Deadline, Freeze, FreezeKind, Staffing
from roadmap.domain.hand.decisions import Decisions
from roadmap.domain.lifting import lifted
from roadmap.domain.planning import finish, prepare
from roadmap.domain.scheduling import schedule
from roadmap.domain.selection import select
from tests.roadmap.schedule_checker import violations

GUIDE = current_guide()
MONDAY = date(2027, 1, 4)
DEMO = Path(__file__).resolve().parents[2] / "demo" / "per-3.yaml"
ANSWERS = parse_answers(DEMO.read_text(encoding="utf-8"), GUIDE, DEMO.name).answers
CARD = score(GUIDE, ANSWERS)
SELECTION = select(GUIDE, ANSWERS, CARD)
YEAR_END = Deadline(date(2028, 12, 31), reason="the board wants it")
RATES = {"OPS": 600.0, "SEC": 800.0, "DEV": 700.0}


def prepared(decisions=None, **constraints):
    limits = Constraints(start=MONDAY, **constraints)
    return prepare(GUIDE, ANSWERS, SELECTION, limits, decisions or Decisions(), MONDAY, CARD)


def planned(decisions=None, **constraints):
    ready = prepared(decisions, **constraints)
    return finish(ready, ready.draft or schedule(ready.problem))


@cache
def whole():
    return planned()


def ids(made):
    return {item.selected.initiative.id for item in made.items}


def needed_by_gates():
    by_id = {i.id: i for i in GUIDE.initiatives}
    waiting = [i.id for i in GUIDE.initiatives if i.kind != "action" or i.duty]
    found = set()
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting += by_id[id].needs
    return found


def test_a_plan_that_fits_leaves_nothing_out():
    made = planned(deadlines=(Deadline(date(2031, 1, 1)),), budget_days=10_000)

    assert made.left_out == ()
    assert [d.is_met for d in made.deadlines] == [True]
    assert ids(made) == ids(whole())


@pytest.mark.parametrize(
    "limits", [{"deadlines": (YEAR_END,)}, {"budget_days": 212}, {"budget_days": 0}]
)
def test_no_gate_and_nothing_it_needs_is_ever_left_out(limits):
    made = planned(**limits)

    assert made.left_out
    assert not {row.initiative.id for row in made.left_out} & needed_by_gates()
    assert [gate for gate, _ in sorted(made.gates)] == [gate for gate, _ in sorted(whole().gates)]


def test_what_is_left_out_for_a_deadline_is_named_with_its_price():
    made = planned(deadlines=(YEAR_END,))

    assert [d.is_met for d in made.deadlines] == [True]
    assert {(row.kind, row.reason) for row in made.left_out} == {
        ("deadline", "Left out so that the whole plan is finished by 31 December 2028.")
    }
    assert all(row.gain >= 0 and row.person_days > 0 for row in made.left_out)
    lost = whole().readiness_after.overall - made.readiness_after.overall
    assert lost == pytest.approx(sum(row.gain for row in made.left_out), abs=0.5)


def test_a_budget_in_person_days_is_kept_when_what_is_worth_least_goes():
    made = planned(budget_days=212)

    assert made.effort.likely <= 212
    assert {row.kind for row in made.left_out} == {"budget"}
    # Nothing that would still fit stays out.
    assert all(made.effort.likely + row.person_days > 212 for row in made.left_out)


def test_a_budget_in_money_counts_day_rates_and_says_which_roles_have_none():
    dear = planned(day_rates=RATES, currency="USD").cost

    made = planned(day_rates=RATES, currency="USD", budget=dear.total * 0.95)

    assert dear.currency == "USD"
    assert made.cost.total <= dear.total * 0.95
    assert all(row.cost is not None for row in made.left_out)
    assert any("no day rate" in note for note in made.notes)


def test_what_does_not_fit_even_so_says_by_how_much_and_what_binds_it():
    made = planned(deadlines=(Deadline(date(2027, 3, 1), "G1"),), budget_days=100, day_rates=RATES)

    said = {conflict.kind: conflict for conflict in made.conflicts}
    assert "working days after 1 March 2027" in said["deadline"].text
    assert said["deadline"].about[-1] == "A1-14"
    assert "person-days more than the 100 there are" in said["budget"].text
    assert "can allow the plan to end at an earlier gate" in said["budget"].text


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (
            {"deadlines": (Deadline(date(2028, 6, 1)),)},
            "Left out to bring the end of the whole plan nearer to 1 June 2028.",
        ),
        ({"budget_days": 20}, "Left out to come nearer to 20 person-days."),
    ],
)
def test_what_is_left_out_without_reaching_the_limit_does_not_claim_to_reach_it(limits, reason):
    made = planned(**limits)

    assert any(conflict.kind in ("deadline", "budget") for conflict in made.conflicts)
    assert {row.reason for row in made.left_out} == {reason}


def test_a_budget_without_day_rates_says_that_nobody_can_tell():
    made = planned(budget=1)

    assert made.cost is None
    assert any("no day rate" in conflict.text for conflict in made.conflicts)


def test_a_deadline_before_the_start_leaves_nothing_out():
    made = planned(deadlines=(Deadline(date(2020, 1, 1)),))

    assert made.left_out == ()
    assert ["before the plan begins" in conflict.text for conflict in made.conflicts] == [True]


def test_with_permission_the_last_gates_go_and_the_plan_ends_in_time():
    by = date(2028, 3, 31)
    made = planned(deadlines=(Deadline(by),), may_end_early=True)

    kept = [gate for gate, _ in made.gates]
    out = [r.initiative.gate for r in made.left_out if r.initiative.kind == "review"]
    assert made.finish <= by
    assert {"G1", "G2", "G3"} <= set(kept)
    assert {"G7", "G8"} <= set(out)
    assert not set(out) & set(kept)
    assert [c.kind for c in made.conflicts] == ["gates"]
    assert any("for a later plan" in row.reason for row in made.left_out)
    # What is still planned has all that it needs.
    for item in made.items:
        open_needs = set(item.selected.initiative.needs) & {r.initiative.id for r in made.left_out}
        assert not open_needs, item.selected.initiative.id


def test_what_a_person_keeps_or_pins_stays():
    dropped = planned(budget_days=212).left_out
    first, second = (row.initiative.id for row in dropped[:2])

    made = planned(
        Decisions(kept={first: "promised"}, pins={second: date(2028, 3, 6)}), budget_days=212
    )

    assert {first, second} <= ids(made)


def test_a_role_that_nobody_has_leaves_its_work_out_with_the_reason_at_the_root():
    made = planned(role_fte={"TR": 0})

    rows = {row.initiative.id: row for row in made.left_out}
    assert all("TR" in rows[id].initiative.roles for id in rows if rows[id].kind == "unplannable")
    assert {row.kind for row in rows.values()} <= {"unplannable", "needs"}
    role = GUIDE.role("TR").title
    assert any(f"Nobody does {role}" in row.reason for row in rows.values())
    for row in rows.values():
        if row.kind == "needs":
            assert any(f"{id} " in row.reason and rows[id].kind == "unplannable" for id in rows)


def test_a_freeze_that_covers_everything_leaves_out_what_goes_live():
    forever = Freeze(date(2026, 1, 1), date(2060, 1, 1), "merger")

    made = planned(freezes=(forever,))

    roots = [row.initiative for row in made.left_out if row.kind == "unplannable"]
    assert roots
    assert all(root.go_live for root in roots)
    assert not any(item.selected.initiative.go_live for item in made.items)


def test_nobody_there_at_all_makes_an_empty_plan_that_says_so():
    away = Freeze(date(2026, 1, 1), date(2060, 1, 1), "closed", FreezeKind.REDUCED_STAFF, 0)

    made = planned(freezes=(away,))

    assert (made.items, made.finish) == ((), None)
    assert len(made.left_out) == len(whole().items)
    assert [c.kind for c in made.conflicts].count("gates") == 1


def test_exposed_data_that_nobody_can_contain_is_said_first():
    exposed = parse_answers(
        (DEMO.parent / "per-4.yaml").read_text(encoding="utf-8"), GUIDE, "per-4"
    ).answers
    limits = Constraints(start=MONDAY, role_fte={"SEC": 0})

    ready = prepare(GUIDE, exposed, None, limits, Decisions(), MONDAY)
    made = finish(ready, ready.draft or schedule(ready.problem))

    assert [conflict.kind for conflict in made.conflicts][:2] == ["containment", "containment"]


def test_schedules_of_what_fits_keep_every_rule_and_the_days_that_were_reached():
    ready = prepared(deadlines=(Deadline(date(2028, 6, 30)),), budget_days=200)

    assert violations(ready.problem, ready.draft) == []
    assert ready.draft.broken == ()
    assert schedule(ready.problem).broken == ()


def test_a_partner_is_paid_for_presence_and_takes_work_off_the_own_people():
    partner = Staffing(
        "SEC", 1.0, date(2027, 9, 6), date(2027, 12, 31), is_partner=True, day_rate=1500
    )

    alone = planned(day_rates=RATES).cost
    helped = planned(day_rates=RATES, staffing=(partner,)).cost

    assert alone.partner == 0
    assert helped.partner == 85 * 1500
    assert helped.own < alone.own


def test_load_adds_up_to_the_work_and_stays_within_capacity():
    made = whole()

    for role in made.load:
        assert all(month.used <= month.capacity + 0.01 for month in role.months)
        assert all(a.month < b.month for a, b in pairwise(role.months))
    used = sum(month.used for role in made.load for month in role.months)
    # Demands are whole hundredths of a person, rounded up.
    assert made.effort.likely <= used <= made.effort.likely * 1.4


def test_lifted_answers_never_fall_and_open_ones_stay_open():
    initiatives = [item.selected.initiative for item in whole().items]

    after = lifted(GUIDE, ANSWERS, initiatives)

    assert set(after) == set(ANSWERS)
    risen = [id for id in after if after[id] != ANSWERS[id]]
    assert risen
    for id in risen:
        assert GUIDE.question(id).kind == "level"
        assert after[id].value > (ANSWERS[id].value or 0)
    assert lifted(GUIDE, after, initiatives) == after


def test_a_lower_target_calls_for_less_and_lifts_less():
    low = Constraints(start=MONDAY, targets={step.id: 2 for step in GUIDE.steps})

    ready = prepare(GUIDE, ANSWERS, None, low, Decisions(), MONDAY, CARD)
    made = finish(ready, schedule(ready.problem))

    assert len(made.items) < len(whole().items)
    assert made.readiness_after.overall < whole().readiness_after.overall
    named = {lift.question for i in GUIDE.initiatives for lift in i.lifts if lift.to}
    for item in made.items:
        assert all(up.after <= 2 for up in item.lifts if up.question not in named)


def test_gain_is_what_scoring_the_lifted_answers_gives():
    for item in whole().items[:12]:
        alone = score(GUIDE, lifted(GUIDE, ANSWERS, [item.selected.initiative]))
        assert item.gain == pytest.approx(alone.overall.score - CARD.overall.score, abs=0.01)


def test_vendors_that_answer_late_delay_only_what_they_have_a_part_in():
    late = prepared(vendor_delay_weeks=8).work
    usual = prepared().work

    longer = {id: late[id].days - usual[id].days for id in usual if late[id] != usual[id]}
    assert longer == {
        id: 40
        for id in usual
        if "VEN" in GUIDE.initiative(id).roles
        or "vendor" in GUIDE.initiative(id).elapsed_note.lower()
    }
    assert longer
