import pytest

from roadmap.domain.progress import (
    ChecklistItem,
    ChecklistPart,
    ItemState,
    PartState,
    Status,
    TrackedItem,
    checklist_results,
    phase_progress,
    progress,
    whole_percent,
)

RUNNING = Status.IN_PROGRESS


def item(id, effort, status, phase="PHASE-1"):
    return TrackedItem(id=id, phase=phase, effort=effort, status=status)


def part(id, state=PartState.PLANNED):
    return ChecklistPart(id, f"Do {id}", state)


def test_progress_weighs_by_effort_and_leaves_dropped_work_out():
    found = progress(
        [
            item("a", 6, Status.DONE),
            item("b", 2, Status.IN_PROGRESS),
            item("c", 2, Status.NOT_STARTED),
            item("d", 90, Status.DROPPED),
        ]
    )

    assert (found.initiatives, found.finished, found.done, found.running) == (3, 1, 60, 20)
    assert not found.is_complete


def test_progress_of_nothing_is_zero_and_not_complete():
    found = progress([item("a", 5, Status.DROPPED)])

    assert (found.done, found.running, found.is_complete) == (0, 0, False)


def test_progress_complete_means_every_initiative():
    assert progress([item("a", 5, Status.DONE), item("b", 0, Status.DONE)]).is_complete
    assert not progress([item("a", 5, Status.DONE), item("b", 0, Status.NOT_STARTED)]).is_complete


def test_phase_progress_keeps_the_phases_apart():
    found = phase_progress(
        [item("a", 1, Status.DONE), item("b", 1, Status.NOT_STARTED, "PHASE-2")],
        ["PHASE-1", "PHASE-2"],
    )

    assert {phase: p.done for phase, p in found.items()} == {"PHASE-1": 100, "PHASE-2": 0}


@pytest.mark.parametrize(
    ("parts", "statuses", "state", "missing"),
    [
        ([part("a"), part("b")], {"a": Status.DONE, "b": Status.DONE}, ItemState.DONE, []),
        ([part("a"), part("b")], {"a": Status.DONE, "b": RUNNING}, ItemState.OPEN, ["b"]),
        ([part("a")], {"a": Status.DROPPED}, ItemState.OPEN, ["a"]),
        ([part("a")], {}, ItemState.OPEN, ["a"]),
        ([part("a"), part("b", PartState.EXCLUDED)], {"a": Status.DONE}, ItemState.DONE, []),
        ([part("a", PartState.EXCLUDED)], {}, ItemState.NOT_APPLICABLE, []),
        ([part("a", PartState.SATISFIED)], {}, ItemState.IN_PLACE, []),
        (
            [part("a", PartState.NOT_NEEDED), part("b", PartState.SATISFIED)],
            {},
            ItemState.IN_PLACE,
            [],
        ),
        ([part("a", PartState.NOT_NEEDED)], {}, ItemState.OPEN, []),
        ([part("a", PartState.FIND_OUT)], {}, ItemState.OPEN, []),
        ([], {}, ItemState.OPEN, []),
    ],
)  # fmt: skip
def test_checklist_item_is_met_by_work_or_evidence(parts, statuses, state, missing):
    (found,) = checklist_results([ChecklistItem("G1-1", "text", tuple(parts))], statuses, [])

    assert (found.state, [p.initiative for p in found.missing]) == (state, missing)


@pytest.mark.parametrize(
    ("parts", "to_confirm"),
    [
        ([], True),
        ([part("a", PartState.FIND_OUT)], True),
        ([part("a", PartState.NOT_NEEDED)], True),
        ([part("a")], False),
    ],
)
def test_checklist_item_says_whether_only_a_person_can_tell(parts, to_confirm):
    (found,) = checklist_results([ChecklistItem("G1-1", "text", tuple(parts))], {}, [])

    assert found.to_confirm is to_confirm


def test_checklist_item_is_met_when_a_person_vouches_for_it():
    items = [ChecklistItem("G1-1", "text", (part("a"),)), ChecklistItem("G1-2", "text")]

    found = checklist_results(items, {}, ["G1-1"])

    assert [(r.state, r.is_met) for r in found] == [
        (ItemState.CONFIRMED, True),
        (ItemState.OPEN, False),
    ]


def test_checklist_item_outside_the_profile_never_stands_in_the_way():
    (found,) = checklist_results([ChecklistItem("G1-1", "t", (part("a"),), applies=False)], {}, [])

    assert (found.state, found.is_met) == (ItemState.NOT_APPLICABLE, True)


@pytest.mark.parametrize(
    ("share", "said"), [(0, 0), (0.2, 1), (49.5, 50), (99.6, 99), (100, 100), (12.4, 12)]
)
def test_a_whole_percentage_says_neither_all_nor_nothing_too_soon(share, said):
    assert whole_percent(share) == said
