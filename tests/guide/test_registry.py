"""Guides by id and version: shipped, released, and from where others keep them."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from guide import registry
from guide.compiled import CompiledGuideError, dump_guide
from guide.loading import load_guide
from guide.model import Guide
from guide.registry import (
    DEFAULT_GUIDE,
    GuideNotFound,
    current_guide,
    get_guide,
    known_versions,
    read_release,
    releases,
)
from tests.guide.sample import write_guide

# What was submitted with a release must mean the same for ever: add lines, change none.
RELEASED = {
    ("healthcare-devops", "1.0.0"): (
        "f766288c5855b10a34bff59440e7747f5ff5160629cfbc134a0114155a9d72ff"
    ),
    ("healthcare-devops", "1.1.0"): (
        "706a529755328dacd867cc5f6e7a614f9600b376141a38b0d7aaecb245c00c36"
    ),
    ("healthcare-devops", "1.2.0"): (
        "f5a583d5660515761604547f8b3f0793fd5b7785b9cc422cf3995973476a206b"
    ),
}


@pytest.fixture(autouse=True)
def own_sources(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "_sources", [])
    registry.forget_kept_guides()
    yield
    registry.forget_kept_guides()


@pytest.fixture
def sample(tmp_path: Path) -> Guide:
    return load_guide(write_guide(tmp_path))


def test_releases_are_what_they_were() -> None:
    found = {
        key: hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest()
        for key, path in releases().items()
    }

    assert found == RELEASED


def test_every_release_still_loads_under_its_own_name() -> None:
    for guide_id, version in releases():
        guide = get_guide(guide_id, version)
        assert (guide.id, guide.version) == (guide_id, version)


def test_every_id_of_a_release_is_still_in_the_current_guide() -> None:
    """Answers move to the next version by question id, plans by initiative id."""
    for guide_id, version in releases():
        old, new = get_guide(guide_id, version), current_guide()
        assert set(old.questions) <= set(new.questions)
        assert {i.id for i in old.initiatives} <= {i.id for i in new.initiatives}


def test_the_current_guide_is_found_and_is_newer_than_its_releases() -> None:
    guide = current_guide()

    assert get_guide(guide.id, guide.version) is guide
    assert known_versions(guide.id)[0] == guide.version
    assert known_versions(guide.id)[1:] == ("1.2.0", "1.1.0", "1.0.0")
    assert known_versions("nobody's") == ()


@pytest.mark.parametrize(
    ("guide_id", "version"),
    [
        ("healthcare-devops", "9.9.9"),
        ("nobody's", "1.0.0"),
        ("", ""),
        ("../releases/healthcare-devops", "1.0.0"),
    ],
)
def test_what_nobody_has_is_not_found(guide_id: str, version: str) -> None:
    with pytest.raises(GuideNotFound, match="is not installed here"):
        get_guide(guide_id, version)


def test_sources_are_asked_in_turn_and_once(sample: Guide) -> None:
    asked: list[tuple[str, str]] = []

    def other(guide_id: str, version: str) -> Guide | None:
        return None

    def own(guide_id: str, version: str) -> Guide | None:
        asked.append((guide_id, version))
        return sample if (guide_id, version) == ("sample-7", "1.0.0") else None

    for source in (other, own, own):
        registry.register_source(source)

    assert get_guide("sample-7", "1.0.0") is sample
    assert get_guide("sample-7", "1.0.0") is sample
    assert asked == [("sample-7", "1.0.0")]
    with pytest.raises(GuideNotFound):
        get_guide("sample-7", "2.0.0")


def test_a_source_cannot_shadow_what_is_shipped(sample: Guide) -> None:
    registry.register_source(lambda guide_id, version: sample)

    assert get_guide(DEFAULT_GUIDE, current_guide().version) is current_guide()
    assert get_guide(DEFAULT_GUIDE, "1.0.0").id == DEFAULT_GUIDE


def test_only_so_many_guides_are_kept(sample: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "MAX_KEPT", 2)
    asked: list[str] = []

    def source(guide_id: str, version: str) -> Guide:
        asked.append(guide_id)
        return sample

    registry.register_source(source)
    for guide_id in ("a", "b", "a", "c", "a", "b"):
        get_guide(guide_id, "1.0.0")

    assert asked == ["a", "b", "c", "b"]


def test_a_damaged_release_is_named(tmp_path: Path, sample: Guide) -> None:
    whole = gzip.compress(dump_guide(sample).encode(), mtime=0)
    path = tmp_path / "sample-1.0.0.json.gz"
    for damaged in (whole[:-20], b"", b"no gzip", gzip.compress(b"\xff")):
        path.write_bytes(damaged)
        with pytest.raises(CompiledGuideError, match=r"sample-1\.0\.0\.json\.gz:1"):
            read_release(path)


def test_guide_release_writes_the_same_bytes_once(tmp_path: Path) -> None:
    write_guide(tmp_path / "guide")
    written = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        call_command("guide_release", str(tmp_path / "guide"), "--to", str(folder))
        written.append((folder / "sample-1.0.0.json.gz").read_bytes())

    assert written[0] == written[1]
    assert read_release(tmp_path / "a" / "sample-1.0.0.json.gz").id == "sample"
    with pytest.raises(CommandError, match="never changes"):
        call_command("guide_release", str(tmp_path / "guide"), "--to", str(tmp_path / "a"))


def test_the_shipped_content_is_no_released_version() -> None:
    assert current_guide().version not in {version for _, version in releases()}
