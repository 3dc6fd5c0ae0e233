from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.domain.tracking.order import place_between
from roadmap.pages.work_items import behind_gates

numbers = st.lists(st.sampled_from([0.0, 1.0, 1.0 + 1e-9, 2.0, 1024.0]), max_size=6).map(sorted)


@settings(max_examples=50, deadline=None)
@given(numbers, st.integers(-2, 9))
def test_moved_card_ends_where_it_was_put_and_the_others_keep_their_order(before, index):
    column = [(f"C{at}", number) for at, number in enumerate(before)]

    place = place_between(column, index)

    now = {name: place.others.get(name, number) for name, number in column}
    at = min(max(index, 0), len(column))
    names = [name for name, _number in column]
    assert all(now[name] < place.position for name in names[at - 1 : at])
    assert all(place.position < now[name] for name in names[at : at + 1])
    assert sorted(names, key=lambda name: (now[name], names.index(name))) == names


def test_first_card_of_an_empty_column_has_a_place():
    assert place_between([], 0).others == {}


def test_halving_the_same_gap_again_and_again_never_runs_out():
    column = [("A", 1.0), ("B", 2.0)]
    for turn in range(200):
        place = place_between(column, 1)
        kept = [(name, place.others.get(name, number)) for name, number in column]
        column = [kept[0], (f"N{turn}", place.position), *kept[1:]]
        assert [n for _, n in column] == sorted({n for _, n in column})


def test_work_lies_behind_every_closed_gate_before_it_and_circles_end():
    predecessors = {"A": ["R1"], "B": ["A"], "R2": ["B"], "C": ["R2"], "D": [], "R1": ["C"]}

    behind = behind_gates(predecessors, {"G1": "R1", "G2": "R2"})

    assert behind["B"] == ("G1", "G2")
    assert "D" not in behind
