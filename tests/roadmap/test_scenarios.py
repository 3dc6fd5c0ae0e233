"""Plans on trial as services: made, decided on, taken back, copied, renewed and adopted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from accounts.models import AuditEntry
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.hand.changes import Change
from roadmap.models import Roadmap, Scenario
from roadmap.services import gate_confirm_item, initiative_update
from roadmap.services.roadmaps import scenario_adopt
from roadmap.services.scenarios.making import (
    DecisionInvalid,
    NothingToUndo,
    ScenarioFrozen,
    ScenarioOutdated,
    StaleScenario,
    scenario_constrain,
    scenario_copy,
    scenario_create,
    scenario_decide,
    scenario_delete,
    scenario_refresh,
    scenario_rename,
    scenario_undo,
)
from tests.factories import make_organization, make_user
from tests.roadmap.factories import MONDAY, make_scenario, make_snapshot

pytestmark = pytest.mark.django_db
OWN = {
    "title": "Move the tape library",
    "phase": "PHASE-1",
    "step": "STEP-1",
    "roles": {"OPS": 1},
    "effort": {"low": 2, "likely": 3, "high": 5},
    "needs": [],
}


def decide(scenario, kind, about="", user=None, **detail) -> Scenario:
    change = Change(kind, about, detail)
    return scenario_decide(scenario=scenario, user=user, version=scenario.version, change=change)


def row(scenario, id):
    return next((i for i in scenario.plan["initiatives"] if i["id"] == id), None)


def an_action(scenario) -> str:
    """Something planned that may be moved and left out, late enough to be pinned later."""
    actions = [i for i in scenario.plan["initiatives"] if i["kind"] == "action"]
    return max(actions, key=lambda i: i["start"])["id"]


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_scenario_create_plans_at_once_and_stores_what_came_of_it():
    scenario = make_scenario()

    scenario.refresh_from_db()
    assert len(scenario.schedule["starts"]) == len(scenario.plan["initiatives"]) > 20
    assert scenario.constraints["start"] == MONDAY.isoformat()
    assert (scenario.version, len(scenario.input_hash), scenario.forecast) == (0, 64, {})
    assert verbs()[-1] == "scenario.created"


def test_scenario_of_the_same_input_is_the_same_byte_for_byte():
    snapshot = make_snapshot()

    first, second = make_scenario(snapshot=snapshot), make_scenario(snapshot=snapshot)
    later = make_scenario(snapshot=snapshot, start_on=MONDAY + timedelta(days=1))

    same = ("schedule", "plan", "input_hash")
    assert [getattr(first, name) for name in same] == [getattr(second, name) for name in same]
    assert later.input_hash != first.input_hash


def test_lower_targets_call_for_fewer_initiatives():
    snapshot = make_snapshot()
    low = Constraints(targets={step.id: 1 for step in snapshot.guide.steps})

    usual, modest = (
        make_scenario(snapshot=snapshot),
        make_scenario(snapshot=snapshot, constraints=low),
    )

    ids = [{i["id"] for i in made.plan["initiatives"]} for made in (usual, modest)]
    assert ids[1] < ids[0]


def test_scenario_create_refuses_another_organizations_assessment():
    with pytest.raises(ValueError, match="another organization"):
        scenario_create(
            organization=make_organization(),
            user=None,
            snapshot=make_snapshot(),
            name="Theirs",
            start_on=MONDAY,
        )


def test_decision_moves_the_plan_and_undo_brings_back_exactly_what_stood_before():
    user, scenario = make_user(), make_scenario()
    before = (scenario.plan, scenario.schedule, scenario.decisions, scenario.input_hash)
    id = an_action(scenario)
    day = date.fromisoformat(row(scenario, id)["start"]) + timedelta(weeks=4)

    moved = decide(scenario, "earliest", id, user=user, day=day.isoformat())
    pinned = decide(moved, "people", id, user=user, names=["Ann"])
    back = scenario_undo(scenario=pinned, user=user, version=2)
    back = scenario_undo(scenario=back, user=user, version=3)

    assert row(moved, id)["start"] >= day.isoformat()
    assert (moved.version, moved.changed_by) == (1, user)
    back.refresh_from_db()
    assert (back.plan, back.schedule, back.decisions, back.input_hash) == before
    assert list(back.changes.values_list("number", "kind", "is_undone")) == [
        (1, "earliest", True),
        (2, "people", True),
        (3, "undo", False),
        (4, "undo", False),
    ]
    assert verbs()[-4:] == ["scenario.decided"] * 2 + ["scenario.undone"] * 2
    with pytest.raises(NothingToUndo):
        scenario_undo(scenario=back, user=user, version=4)


def test_decision_made_twice_counts_once():
    scenario = make_scenario()
    id = an_action(scenario)

    first = decide(scenario, "exclude", id, reason="The landlord does it.")
    again = decide(first, "exclude", id, reason="The landlord does it.")

    assert row(first, id) is None
    assert (again.version, again.changes.count()) == (1, 1)


def test_own_initiative_is_planned_and_keeps_its_id_for_good():
    scenario = make_scenario()

    one = decide(scenario, "own_add", **OWN)
    none = decide(one, "own_remove", "OWN-1")
    other = decide(none, "own_add", **OWN)

    assert row(one, "OWN-1")["title"] == OWN["title"]
    assert [own["id"] for own in other.decisions["own"]] == ["OWN-2"]
    assert other.changes.get(number=3).about == "OWN-2"


@pytest.mark.parametrize(
    ("kind", "about", "detail", "field"),
    [
        ("pin", "A9-99", {"day": "2027-06-01"}, ""),
        ("pin", None, {"day": "2020-01-01"}, "day"),
        ("own_add", "", {**OWN, "needs": ["A9-99"]}, "needs"),
        ("own_add", "", {**OWN, "roles": {"WIZARD": 1}}, "roles"),
        ("exclude", None, {"reason": ""}, "reason"),
    ],
)
def test_decision_that_cannot_be_planned_is_refused_and_changes_nothing(kind, about, detail, field):
    scenario = make_scenario()
    about = an_action(scenario) if about is None else about

    with pytest.raises(DecisionInvalid) as refused:
        decide(scenario, kind, about, **detail)

    assert list(refused.value.messages) == [field]
    scenario.refresh_from_db()
    assert (scenario.version, scenario.changes.count()) == (0, 0)


def test_decision_seen_at_an_older_version_is_refused_with_what_the_other_one_did():
    ann, scenario = make_user(name="Ann"), make_scenario()
    id = an_action(scenario)
    stale = Scenario.objects.get(pk=scenario.pk)
    decide(scenario, "people", id, user=ann, names=["Ann"])

    with pytest.raises(StaleScenario) as refused:
        decide(stale, "people", id, names=["Bob"])

    assert refused.value.current.version == 1
    (theirs,) = refused.value.changes
    assert (theirs.kind, str(theirs.made_by)) == ("people", "Ann")
    # Sent once more, on top of theirs, it is taken.
    mine = decide(refused.value.current, "people", id, names=["Bob"])
    assert mine.decisions["people"] == {id: ["Bob"]}


def test_copy_has_everything_but_the_history():
    scenario = decide(make_scenario(), "own_add", **OWN)

    copy = scenario_copy(scenario=scenario, user=None)

    assert (copy.plan, copy.decisions) == (scenario.plan, scenario.decisions)
    assert (copy.version, copy.changes.count(), copy.based_on) == (0, 0, scenario)
    assert copy.name.endswith("(copy)")


def test_name_of_a_copy_says_so_however_long_it_is():
    copy = scenario_copy(scenario=make_scenario(name="x" * 150), user=None)

    assert (len(copy.name), copy.name[-6:]) == (150, "(copy)")


def test_other_constraints_make_another_scenario_with_the_same_decisions():
    scenario = decide(make_scenario(), "own_add", **OWN)
    before = scenario.plan

    stated = replace(scenario.to_constraints(), holidays=frozenset({MONDAY}))
    other = scenario_constrain(scenario=scenario, constraints=stated, name="Holiday", user=None)

    scenario.refresh_from_db()
    assert scenario.plan == before
    assert (other.based_on, other.decisions) == (scenario, scenario.decisions)
    assert min(i["start"] for i in other.plan["initiatives"]) > MONDAY.isoformat()


def test_refresh_keeps_the_decisions_that_still_make_sense_and_names_the_others():
    organization = make_organization()
    scenario = make_scenario(snapshot=make_snapshot(organization))
    kept, lost = an_action(scenario), "A9-99"
    scenario = decide(scenario, "people", kept, names=["Ann"])
    scenario.decisions["pins"] = {lost: "2027-06-07"}
    scenario.save()

    newer = make_snapshot(organization, name="Spring review")
    renewed, dropped = scenario_refresh(scenario=scenario, snapshot=newer, user=None)

    assert (renewed.snapshot, renewed.based_on) == (newer, scenario)
    assert renewed.decisions["people"] == {kept: ["Ann"]}
    assert renewed.decisions["pins"] == {}
    assert [(d.about, d.kinds) for d in dropped] == [(lost, ("pins",))]
    assert lost in renewed.note


def test_adopting_stores_the_schedule_as_it_stands_and_freezes_it():
    user, scenario = make_user(), decide(make_scenario(), "own_add", **OWN)

    roadmap = scenario_adopt(scenario=scenario, user=user, version=1)

    assert roadmap.plan == scenario.plan
    assert (roadmap.scenario, roadmap.input_hash) == (scenario, scenario.input_hash)
    planned = roadmap.initiatives.get(initiative_id="OWN-1")
    assert planned.start_on.isoformat() == row(scenario, "OWN-1")["start"]
    assert planned.facts["origin"] == "own"
    assert verbs()[-1] == "roadmap.created"
    for act in (
        lambda: decide(scenario, "own_remove", "OWN-1"),
        lambda: scenario_undo(scenario=scenario, user=user, version=1),
        lambda: scenario_adopt(scenario=scenario, user=user),
        lambda: scenario_delete(scenario=scenario, user=user),
    ):
        with pytest.raises(ScenarioFrozen):
            act()
    assert scenario_rename(scenario=scenario, user=user, name="Agreed").name == "Agreed"


def test_adopting_what_someone_changed_meanwhile_is_refused():
    scenario = decide(make_scenario(), "own_add", **OWN)

    with pytest.raises(StaleScenario):
        scenario_adopt(scenario=scenario, user=None, version=0)
    assert not Roadmap.objects.exists()


def test_adopting_a_plan_of_another_planner_is_refused():
    scenario = make_scenario()
    scenario.input_hash = "0" * 64
    scenario.save()

    with pytest.raises(ScenarioOutdated):
        scenario_adopt(scenario=scenario, user=None)


def test_adopting_carries_over_what_was_done():
    user, scenario = make_user(), make_scenario()
    first = scenario_adopt(scenario=scenario, user=user)
    started, gate = first.initiatives.first(), first.gates.first()
    day = date(2026, 3, 2)
    done = {"status": "done", "finished_on": day, "note": "Seen", "version": 0}
    initiative_update(initiative=started, user=user, **done)
    item = gate.checklist[0]["id"]
    gate_confirm_item(gate=gate, user=user, item_id=item, note="Minutes")

    second = scenario_adopt(scenario=scenario_copy(scenario=scenario, user=user), user=user)

    carried = second.initiatives.get(initiative_id=started.initiative_id)
    assert (carried.status, carried.finished_on, carried.note) == ("done", day, "Seen")
    assert second.initiatives.exclude(status="not_started").count() == 1
    assert second.gates.get(gate_id=gate.gate_id).confirmations.get().item_id == item
    assert any("carried over" in note for note in second.plan["notes"])
    assert AuditEntry.objects.order_by("pk").last().detail["carried_over"] == 1


def test_deleting_leaves_its_descendants():
    scenario = make_scenario()
    copy = scenario_copy(scenario=scenario, user=None)

    scenario_delete(scenario=scenario, user=None)

    copy.refresh_from_db()
    assert copy.based_on is None
    assert verbs()[-1] == "scenario.deleted"
