"""What taking in the rows of a file would do to a table."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import clean_value
from assessments.domain.table_changes import TakeIn, changes
from guide.registry import current_guide
from tests.strategies import values

SYSTEMS = current_guide().question("T1")
EHR = {"name": "EHR", "tier": "1", "vendor": "A"}
LAB = {"name": "Lab", "tier": "2"}


def test_adding_updates_what_the_file_names_and_keeps_the_rest() -> None:
    given_rows = [{"name": "ehr", "tier": "2"}, {"name": "PACS"}]

    found = changes(SYSTEMS, [EHR, LAB], given_rows, ["name", "tier"], TakeIn.ADD)

    assert found.rows == ({"name": "ehr", "tier": "2", "vendor": "A"}, LAB, {"name": "PACS"})
    assert [change.columns(SYSTEMS) for change in found.changed] == [["name", "tier"]]
    assert (found.added, found.same, found.others) == (({"name": "PACS"},), 0, (LAB,))


def test_adding_takes_nothing_away_for_an_empty_cell() -> None:
    found = changes(SYSTEMS, [EHR], [{"name": "EHR"}], ["name", "tier", "vendor"], TakeIn.ADD)

    assert found.rows == (EHR,)
    assert (found.changed, found.same) == ((), 1)


def test_replacing_leaves_exactly_what_the_file_has() -> None:
    found = changes(SYSTEMS, [EHR, LAB], [LAB], ["name", "tier"], TakeIn.REPLACE)

    assert found.rows == (LAB,)
    assert (found.same, found.others, found.added) == (1, (EHR,), ())


def test_rows_are_told_apart_by_as_many_columns_as_it_takes() -> None:
    question = current_guide().question("T2")
    there = [{"system": "EHR", "env": env} for env in ("dev", "test", "prod")]
    given_rows = [{"system": "EHR", "env": "prod", "data": "live"}]

    found = changes(question, there, given_rows, ["system", "env", "data"], TakeIn.ADD)

    assert found.key == ("system", "env")
    assert (len(found.rows), len(found.changed), len(found.added)) == (3, 1, 0)


def test_rows_that_cannot_be_told_apart_are_added_rather_than_overwritten() -> None:
    twice = [{"name": "EHR"}, {"name": "EHR"}]

    found = changes(SYSTEMS, twice, [{"name": "EHR", "tier": "1"}], ["name", "tier"], TakeIn.ADD)

    assert (len(found.rows), len(found.changed)) == (3, 0)


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_own_export_changes_nothing_either_way(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(list(current_guide().tables.values())))
    rows = [row for row in clean_value(question, data.draw(values(question))) if row]
    columns = [column.id for column in question.columns]

    for how in TakeIn:
        found = changes(question, rows, rows, columns, how)
        assert list(found.rows) == rows
        assert (found.added, found.changed, found.others) == ((), (), ())
