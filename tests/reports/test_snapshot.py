import json
from dataclasses import replace
from datetime import date

import pytest

from reports.frozen import snapshot as snapshots
from reports.frozen.snapshot import SNAPSHOT_VERSION, from_json, input_hash, to_json
from tests.reports.samples import demo_snapshot, small_snapshot


@pytest.mark.parametrize("name", ["per-1.yaml", "per-4.yaml"])
def test_from_json_is_the_inverse_of_to_json(name: str) -> None:
    snapshot = demo_snapshot(name)

    stored = json.loads(json.dumps(to_json(snapshot)))

    assert from_json(stored) == snapshot


def test_from_json_fills_fields_that_an_older_record_lacks() -> None:
    stored = to_json(small_snapshot())
    del stored["left_out"]
    del stored["initiatives"][0]["bound_by"]

    loaded = from_json(stored)

    assert loaded.left_out == ()
    assert loaded.initiatives[0].bound_by == "start"


def test_from_json_passes_over_fields_it_does_not_know() -> None:
    stored = to_json(small_snapshot()) | {"branding": {"logo": "x"}}

    assert from_json(stored) == small_snapshot()


def test_from_json_refuses_a_record_of_a_newer_waymark() -> None:
    stored = to_json(small_snapshot()) | {"version": SNAPSHOT_VERSION + 1}

    with pytest.raises(ValueError, match="newer Waymark"):
        from_json(stored)


def test_input_hash_depends_on_content_alone() -> None:
    assert input_hash(small_snapshot()) == input_hash(from_json(to_json(small_snapshot())))


@pytest.mark.parametrize(
    "change",
    [
        {"organization": "Mercy Hospital "},
        {"generated_on": date(2026, 11, 23)},
        {"has_progress": True},
        {"initiatives": small_snapshot().initiatives[:2]},
    ],
)
def test_input_hash_changes_with_any_change(change: dict[str, object]) -> None:
    assert input_hash(small_snapshot(**change)) != input_hash(small_snapshot())


def test_input_hash_changes_with_the_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    before = input_hash(small_snapshot())

    monkeypatch.setattr(snapshots, "LAYOUT_VERSION", snapshots.LAYOUT_VERSION + 1)

    assert input_hash(small_snapshot()) != before


def test_snapshot_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        small_snapshot().organization = "Other"  # type: ignore[misc]


def test_snapshot_with_half_a_surrogate_pair_has_a_hash() -> None:
    """Such text can come out of a broken file; it must not stop a report."""
    broken = replace(small_snapshot(), organization="Mercy \ud83c")

    assert len(input_hash(broken)) == 64
