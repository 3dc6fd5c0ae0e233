"""What stands in the way of a start: closed gates, open predecessors, limits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.domain.progress import Status
from roadmap.domain.tracking.moves import Full, Item, begins, counts, in_the_way

NOT, RUN, DONE, DROPPED = Status.NOT_STARTED, Status.IN_PROGRESS, Status.DONE, Status.DROPPED


def chain(*statuses, phase="P1", roles=("OPS",)):
    """A1 <- A2 <- …, each with the status given."""
    return [
        Item(f"A{n}", status, phase, roles, (f"A{n - 1}",) if n > 1 else ())
        for n, status in enumerate(statuses, start=1)
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (NOT, RUN, True),
        (NOT, DONE, True),
        (DROPPED, RUN, True),
        (DONE, RUN, True),
        (RUN, DONE, False),
        (RUN, RUN, False),
        (RUN, NOT, False),
        (DONE, NOT, False),
        (NOT, DROPPED, False),
    ],
)
def test_begins_is_true_where_work_is_taken_up(before, after, expected):
    assert begins(before, after) is expected


def test_in_the_way_names_open_predecessors_and_not_finished_ones():
    items = [
        Item("A", DONE),
        Item("B", DROPPED),
        Item("C", RUN),
        Item("X", NOT, predecessors=("A", "B", "C", "gone")),
    ]

    assert in_the_way("X", RUN, items, {}, {}).predecessors == ("C",)


def test_in_the_way_finds_a_gate_however_far_before_it():
    items = chain(NOT, DONE, DONE, NOT)

    found = in_the_way("A4", RUN, items, {"A1": "G1"}, {})

    assert (found.gates, found.predecessors) == (("G1",), ())


def test_in_the_way_tells_the_review_of_a_closed_gate_as_the_gate_only():
    found = in_the_way("A2", RUN, chain(NOT, NOT), {"A1": "G1"}, {})

    assert (found.gates, found.predecessors) == (("G1",), ())


def test_in_the_way_of_a_review_is_not_its_own_gate():
    assert not in_the_way("A2", RUN, chain(DONE, NOT), {"A2": "G1"}, {})


def test_in_the_way_counts_limits_by_all_role_and_phase():
    running = [Item(f"R{n}", RUN, "P1", ("OPS", "SEC")) for n in range(2)]
    items = [*running, Item("X", NOT, "P2", ("SEC", "INT"))]
    limits = {"all": 3, "role:SEC": 2, "role:OPS": 1, "phase:P1": 1, "phase:P2": 1}

    found = in_the_way("X", RUN, items, {}, limits)

    assert found.limits == (Full("role:SEC", 2, 2),)
    assert counts(items, limits)["role:OPS"] == 2


def test_in_the_way_asks_no_limit_of_what_is_told_as_done():
    items = [Item("R", RUN), Item("X", NOT)]

    assert in_the_way("X", RUN, items, {}, {"all": 1}).limits
    assert not in_the_way("X", DONE, items, {}, {"all": 1})


def test_in_the_way_ends_in_a_circle():
    items = [Item("A", NOT, predecessors=("B",)), Item("B", NOT, predecessors=("A",))]

    assert in_the_way("A", RUN, items, {"B": "G1"}, {}).gates == ("G1",)


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from(list(Status)), min_size=2, max_size=7),
    st.integers(1, 4),
    st.data(),
)
def test_starting_what_meets_nothing_never_passes_a_limit(statuses, limit, data):
    items = chain(*statuses)
    about = data.draw(st.sampled_from([item.id for item in items]))
    was = next(item for item in items if item.id == about)
    found = in_the_way(about, RUN, items, {}, {"all": limit})
    others = sum(1 for item in items if item.status is RUN and item.id != about)

    if not found.limits and was.status is not RUN:
        assert others + 1 <= limit
    if was.status is RUN:
        assert not found
