"""Items that have to be shown working: finished work or a word alone are not enough."""

import pytest

from guide.registry import current_guide, get_guide
from roadmap.domain.document import checklist_document, checklist_from_document
from roadmap.domain.progress import (
    ChecklistItem,
    ChecklistPart,
    ItemState,
    PartState,
    Shown,
    Status,
    checklist_results,
)

DONE = {"a": Status.DONE, "b": Status.DONE}
ON_ITEM = Shown(items=frozenset({"G3-1"}))
ON_WORK = Shown(initiatives=frozenset({"a"}))
ELSEWHERE = Shown(items=frozenset({"G3-2"}), initiatives=frozenset({"z"}))
PLANNED = (ChecklistPart("a", "A", PartState.PLANNED), ChecklistPart("b", "B", PartState.PLANNED))
IN_PLACE = (ChecklistPart("a", "A", PartState.SATISFIED),)
EXCLUDED = (ChecklistPart("a", "A", PartState.EXCLUDED),)


@pytest.mark.parametrize(
    ("parts", "statuses", "vouched", "shown", "state", "to_show"),
    [
        (PLANNED, DONE, False, Shown(), ItemState.OPEN, True),
        (PLANNED, DONE, False, ELSEWHERE, ItemState.OPEN, True),
        (PLANNED, DONE, False, ON_ITEM, ItemState.DONE, False),
        (PLANNED, DONE, False, ON_WORK, ItemState.DONE, False),
        (PLANNED, {"a": Status.DONE}, False, ON_WORK, ItemState.OPEN, False),
        (PLANNED, {}, True, Shown(), ItemState.OPEN, True),
        # Evidence of work that is not done shows something else.
        (PLANNED, {}, True, ON_WORK, ItemState.OPEN, True),
        (PLANNED, {}, True, ON_ITEM, ItemState.CONFIRMED, False),
        (PLANNED, DONE, True, Shown(), ItemState.OPEN, True),
        (PLANNED, DONE, True, ON_WORK, ItemState.DONE, False),
        # An answer in an assessment is no demonstration.
        (IN_PLACE, {}, False, Shown(), ItemState.OPEN, True),
        (IN_PLACE, {}, False, ON_ITEM, ItemState.IN_PLACE, False),
        (EXCLUDED, {}, False, ON_ITEM, ItemState.OPEN, False),
        (EXCLUDED, {}, True, ON_ITEM, ItemState.CONFIRMED, False),
        ((), {}, False, ON_ITEM, ItemState.OPEN, False),
        ((), {}, True, ON_ITEM, ItemState.CONFIRMED, False),
    ],
)  # fmt: skip
def test_item_that_must_be_shown_needs_a_file_or_link(
    parts, statuses, vouched, shown, state, to_show
):
    item = ChecklistItem("G3-1", "Audit logging", parts, needs_evidence=True)

    (found,) = checklist_results([item], statuses, ["G3-1"] if vouched else [], shown)

    assert (found.state, found.to_show) == (state, to_show)


def test_item_that_must_be_shown_is_open_to_a_persons_word_where_nobody_works_on_it():
    items = [
        ChecklistItem("G3-1", "t", EXCLUDED, needs_evidence=True),
        ChecklistItem("G3-2", "t", needs_evidence=True),
        ChecklistItem("G3-3", "t", PLANNED, needs_evidence=True),
    ]

    assert [r.to_confirm for r in checklist_results(items, {}, [])] == [True, True, False]


def test_item_that_must_be_shown_does_not_stand_in_the_way_where_it_does_not_apply():
    item = ChecklistItem("G3-3", "t", PLANNED, applies=False, needs_evidence=True)

    (found,) = checklist_results([item], {}, [])

    assert found.state is ItemState.NOT_APPLICABLE


def test_checklist_document_keeps_what_must_be_shown():
    items = (ChecklistItem("X-1", "t", needs_evidence=True), ChecklistItem("X-2", "t"))

    assert checklist_from_document(checklist_document(items)) == items


def test_checklist_stored_before_the_attribute_goes_by_its_words():
    """As the checklists of roadmaps made with guide 1.2.0 and before."""
    stored = [
        {"id": item.id, "text": item.text, "applies": True, "parts": []}
        for item in get_guide("healthcare-devops", "1.2.0").gate("G3").checklist
    ]

    found = {item.id for item in checklist_from_document(stored) if item.needs_evidence}

    assert found == {"G3-1", "G3-2", "G3-3", "G3-4"}
    assert found <= {i.id for i in current_guide().gate("G3").checklist if i.needs_evidence}
