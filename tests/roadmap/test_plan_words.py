"""Sentences about one initiative of a plan, from documents alone."""

import re

import pytest

from roadmap.pages.board import board, read_filters
from roadmap.pages.changes import change_words
from roadmap.pages.head import head
from roadmap.pages.moves import later_or_earlier
from roadmap.pages.plan_items import plan_items
from roadmap.pages.why import why
from roadmap.pages.words import search_ended

ROLES = {"OPS": "IT operations"}


def entry(id, *, rank=1, bound_by=None, **more):
    return {
        "id": id,
        "title": f"Do {id}",
        "kind": "action",
        "rank": rank,
        "phase": "PHASE-1",
        "step": "STEP-1",
        "start": "2027-05-03",
        "finish": "2027-05-28",
        "working_days": 20,
        "effort_days": {"low": 1, "likely": 2, "high": 4},
        "roles": ["OPS"],
        "bound_by": bound_by or {"kind": "start", "what": ""},
        **more,
    }


def explained(*entries, forecast=None):
    """The first of them."""
    items = plan_items({"initiatives": entries}, {}, forecast)
    first = items[entries[0]["id"]]
    return why(first, items, ROLES, 40.0, lambda id: f"/{id}/")


def test_predecessor_that_the_plan_does_not_know_is_named():
    found = explained(entry("A", bound_by={"kind": "predecessor", "what": "X-9"}))

    assert "It needs X-9, which ends just before." in str(found)


@pytest.mark.parametrize(
    ("ended_by", "words"),
    [
        ("proven", "no plan is better"),
        ("limit", "counts steps and not seconds"),
        ("clock", "on a faster or quieter machine its result could differ"),
        ("stopped", "stopped early"),
        ("of an older planner", ""),
    ],
)
def test_end_of_a_search_is_told(ended_by, words):
    said = search_ended({"is_searched": True, "ended_by": ended_by})

    assert words in said and bool(words) == bool(said)
    assert search_ended({"is_searched": False, "ended_by": ended_by}) == ""


def plain(text):
    return re.sub(r"<[^>]+>", "", text)


@pytest.mark.parametrize(
    ("bound_by", "sentence"),
    [
        ({"kind": "start", "what": ""}, "It starts with the plan and waits for nothing."),
        ({"kind": "fixed", "what": ""}, "Its start is fixed to 3 May 2027."),
        ({"kind": "predecessor", "what": "B"}, "It needs B Do B, which ends on 28 May 2027."),
        (
            {"kind": "role", "what": "OPS", "until": "2027-05-03", "holders": ["B", "C", "D", "E"]},
            "IT operations: no time for it until 3 May 2027, because of "
            "B Do B, C Do C, D Do D and 1 more.",
        ),
        (
            {"kind": "role", "what": "OPS", "until": "2027-05-03", "holders": []},
            "Before 3 May 2027, IT operations have too little time for it, "
            "even without other work.",
        ),
        (
            {"kind": "limit", "what": "", "until": "2027-05-03", "holders": ["B"]},
            "Until 3 May 2027 as many initiatives run as are allowed at the same time: B Do B.",
        ),
        (
            {"kind": "freeze", "what": "", "until": "2027-05-03", "holders": []},
            "Started earlier, it would go live inside a freeze, which lasts until 3 May 2027.",
        ),
        ({"kind": "what a later planner says", "what": ""}, ""),
    ],
)
def test_start_is_explained_by_what_holds_it(bound_by, sentence):
    found = explained(
        entry("A", bound_by=bound_by), *(entry(id, rank=n) for n, id in enumerate("BCDE", 2))
    )

    assert plain(found.starts_here) == sentence


def test_links_lead_to_what_holds_it_and_titles_are_no_markup():
    other = entry("B") | {"title": "<b>Bold</b>"}

    found = explained(entry("A", bound_by={"kind": "predecessor", "what": "B"}), other)

    assert 'href="/B/"' in found.starts_here
    assert "&lt;b&gt;Bold" in found.starts_here


def test_chain_goes_back_to_what_waits_for_nothing_and_ends_in_a_circle():
    held_by = {"kind": "role", "what": "OPS", "until": None}
    straight = explained(
        entry("A", bound_by={"kind": "predecessor", "what": "B"}),
        entry("B", bound_by={**held_by, "holders": ["C", "A"]}),
        entry("C"),
    )
    circle = explained(
        entry("A", bound_by={"kind": "predecessor", "what": "B"}),
        entry("B", bound_by={"kind": "predecessor", "what": "A"}),
    )

    assert [link.item.id for link in straight.chain] == ["B", "C"]
    assert [link.item.id for link in circle.chain] == ["B"]


@pytest.mark.parametrize(
    ("total", "free", "words"),
    [
        (None, None, ""),
        (0, 0, "If it slips by a day, the finish of the plan can slip by a day."),
        (1, 1, "It can slip by 1 working day before the finish of the plan moves."),
        (
            12,
            0,
            "It can slip by 12 working days before the finish of the plan moves; "
            "other initiatives move with it at once.",
        ),
        (
            12,
            3,
            "It can slip by 12 working days before the finish of the plan moves, "
            "3 working days before any other initiative moves.",
        ),
    ],
)
def test_float_is_told_in_words(total, free, words):
    assert explained(entry("A", float=total, free_float=free)).float_words == words


def test_readiness_before_and_after_counts_its_own_gain_only():
    assert explained(entry("A", gain=1.5)).readiness == (40.0, 41.5)
    assert explained(entry("A", gain=0.0)).readiness is None


def test_missed_deadlines_are_told_once_with_what_is_behind_them():
    late = {"about": "", "title": "The whole plan", "by": "2027-05-01", "is_met": False}
    behind = {"kind": "deadline", "text": "It ends later.", "about": list("ABCDEFGH")}
    other = {"kind": "budget", "text": "Too dear."}

    found = head({"deadlines": [late], "conflicts": [behind, other]}, {}, "preview")
    ((deadline, conflict),) = found.missed

    assert (deadline.title, conflict.text) == ("The whole plan", "It ends later.")
    assert (conflict.first, conflict.rest) == (tuple("ABCDEF"), tuple("GH"))
    assert [c.text for c in found.other_conflicts] == ["Too dear."]


def test_filters_and_order_of_the_board():
    plan = {
        "phases": [{"id": "PHASE-1", "title": "First"}, {"id": "PHASE-2", "title": "Second"}],
        "capacity": [{"role": "OPS", "title": "IT operations"}],
        "initiatives": [
            entry("A", rank=2),
            entry("B", rank=1, critical=True) | {"start": "2027-06-01"},
            entry("C", rank=3) | {"phase": "PHASE-2", "roles": []},
        ],
    }
    items = plan_items(plan, {})

    def shown(**query):
        found = board(plan, items, read_filters(query, plan))
        return [item.id for phase in found.phases for item in phase.items]

    assert shown() == ["A", "B", "C"]
    assert shown(sort="rank") == ["B", "A", "C"]
    assert shown(role="OPS", phase="PHASE-2") == []
    assert shown(critical="1") == ["B"]
    assert read_filters({"role": "OPS", "sort": "x"}, plan).query == "role=OPS"


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "1 working day later"), (12, "12 working days later"), (-1, "1 working day earlier")],
)
def test_moves_are_told_in_working_days(days, words):
    assert later_or_earlier(days) == words


def test_changes_are_told_in_words_whatever_they_are():
    assert change_words("pin", "A", {"day": "2027-05-03"}) == "pinned A to 3 May 2027"
    assert change_words("people", "A", {"names": []}) == "gave A to nobody"
    assert change_words("undo", "A", {"kind": "include"}) == "took back: put A back into the plan"
    assert change_words("of a later version", "A", {}) == "of a later version A"
