"""Guides as zips: what people upload is hostile until it has been read."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide import archive
from guide.archive import guide_from_zip, guide_to_zip, read_guide_zip
from guide.loading import GuideError, load_guide
from guide.registry import CONTENT
from tests.guide.sample import FILES, write_guide

STARTER = CONTENT / "starter"
Change = Callable[[zipfile.ZipFile], None]


def zipped(change: Change | None = None, prefix: str = "", files: dict[str, str] = FILES) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(prefix + name, text)
        if change:
            change(made)
    return written.getvalue()


def problems(data: bytes) -> list[str]:
    with pytest.raises(GuideError) as caught:
        guide_from_zip(data)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("prefix", ["", "my guide/", "A-1.2/"])
def test_a_guide_is_read_from_the_top_or_from_a_single_folder(tmp_path: Path, prefix: str) -> None:
    assert guide_from_zip(zipped(prefix=prefix)) == load_guide(write_guide(tmp_path))


def test_what_systems_add_to_zips_is_passed_over() -> None:
    def litter(made: zipfile.ZipFile) -> None:
        made.writestr("__MACOSX/g/._guide.yaml", b"\x00")
        made.writestr("g/.DS_Store", b"\x00")
        made.writestr("g/steps/", b"")
        made.writestr("g/README.md", b"Read me")

    assert guide_from_zip(zipped(litter, prefix="g/")).id == "sample"


def test_mistakes_in_the_files_are_told_with_file_and_line() -> None:
    files = FILES | {"steps/1.yaml": FILES["steps/1.yaml"].replace("CHAL-A", "CHAL-X")}

    assert problems(zipped(prefix="g/", files=files)) == [
        "steps/1.yaml:6: Q1.01: there is no challenge 'CHAL-X'; correct the id or add it"
    ]


def entry(name: str, mode: int = 0, content: bytes = b"x", **extra: int) -> Change:
    def add(made: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        info.compress_type = extra.get("packed", zipfile.ZIP_DEFLATED)
        made.writestr(info, content)

    return add


def bomb(made: zipfile.ZipFile) -> None:
    made.writestr("notes.txt", b" " * 1_900_000)


def many(made: zipfile.ZipFile) -> None:
    for number in range(archive.MAX_FILES):
        made.writestr(f"initiatives/{number}.yaml", "initiatives: []")


def heavy(made: zipfile.ZipFile) -> None:
    for number in range(5):
        made.writestr(f"{number}.txt", bytes(range(256)) * 7_500)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (entry("../evil.yaml"), "../evil.yaml:1: name files and folders with plain letters"),
        (entry("a/../../evil.yaml"), "a/../../evil.yaml:1: name files"),
        (entry("/etc/evil.yaml"), "/etc/evil.yaml:1: name files"),
        (entry("C:/evil.yaml"), "C:/evil.yaml:1: name files"),
        (entry("..\\evil.yaml"), "name files and folders"),
        (entry(".git/config.yaml"), ".git/config.yaml:1: name files"),
        (entry("e\u202evil.yaml"), "e?vil.yaml:1: name files"),
        (entry("a" * 200 + ".yaml"), "shorten the name to 120 characters"),
        (entry("link.yaml", stat.S_IFLNK | 0o777, b"/etc/passwd"), "link.yaml:1: it is a link"),
        (entry("pipe.yaml", stat.S_IFIFO | 0o600), "pipe.yaml:1: it is a link or a device"),
        (entry("inner.zip"), "inner.zip:1: a guide is made of .yaml, .md, .txt files"),
        (entry("run.sh"), "run.sh:1: a guide is made of"),
        (entry("page.html"), "page.html:1: a guide is made of"),
        (entry("guide.yml"), "guide.yml:1: a guide is made of"),
        (entry("GUIDE.yaml"), "GUIDE.yaml:1: the zip holds two files of this name"),
        (entry("sources.yaml/x.yaml"), "sources.yaml:1: the zip holds a folder of this name too"),
        (entry("a.yaml", packed=zipfile.ZIP_LZMA), "a.yaml:1: it is packed in an unusual way"),
        (entry("big.txt", content=b"a" * 2_000_001), "big.txt:1: it is larger than 2,000,000"),
        (bomb, "notes.txt:1: it unpacks to more than a hundred times its size"),
        (many, "the zip file:1: it holds more than 300 files"),
        (heavy, "the zip file:1: its files have more than 8,000,000 bytes together"),
        (entry("steps/2.yaml", content=b"a: 1\nb: \xff"), "steps/2.yaml"),
    ],
)
def test_what_could_harm_is_refused_and_named(change: Change, told: str) -> None:
    if told == "steps/2.yaml":
        files = FILES | {
            "guide.yaml": FILES["guide.yaml"].replace("steps/1.yaml", "steps/1.yaml, steps/2.yaml")
        }
        assert (
            "steps/2.yaml:2: a character here is not UTF-8"
            in problems(zipped(change, "", files))[0]
        )
        return
    assert any(told in problem for problem in problems(zipped(change))), problems(zipped(change))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 nothing",
        zipped()[:-40],
        zipped()[40:],
        zipped(files={"README.md": "no guide"}),
        zipped(prefix="a/b/"),
        zipped(entry("other/guide.yaml"), prefix="one/"),
        b"\x00" * (archive.MAX_ARCHIVE_BYTES + 1),
    ],
)
def test_what_is_no_guide_in_a_zip_is_refused(data: bytes) -> None:
    assert problems(data)[0].startswith("the zip file:1: it ")


def test_a_size_that_lies_does_not_help() -> None:
    """The entry says 10 bytes and unpacks to two megabytes."""
    data = bytearray(zipped(entry("lie.txt", content=b"ab" * 40_000), files={}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)

    assert problems(bytes(data))[0].startswith("the zip file:1: it can't be read")


def test_an_encrypted_file_is_named() -> None:
    data = bytearray(zipped())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1

    assert problems(bytes(data)) == ["guide.yaml:1: it is encrypted; make a zip without a password"]


def test_a_file_without_a_name_is_refused() -> None:
    content = zipped().replace(b"guide.yaml", b"\0uide.yaml")

    with pytest.raises(GuideError):
        guide_from_zip(content)


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_a_damaged_zip_gives_a_guide_or_problems_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(zipped())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    try:
        guide_from_zip(bytes(content))
    except GuideError as error:
        assert error.problems


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    guide_from_zip(zipped())
    problems(zipped(files=FILES | {"sources.yaml": "sources: ["}))

    assert list(tmp_path.iterdir()) == []


def test_the_starter_guide_goes_out_and_comes_back_without_a_warning() -> None:
    data = guide_to_zip(STARTER)

    guide, warnings = read_guide_zip(data)

    assert (guide, warnings) == (load_guide(STARTER), [])
    assert guide_to_zip(STARTER) == data
    assert "starter/README.md" in zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_a_guide_as_large_as_the_shipped_one_fits_with_room_to_grow() -> None:
    data = guide_to_zip(CONTENT / "healthcare-devops")
    entries = zipfile.ZipFile(io.BytesIO(data)).infolist()

    assert len(data) < archive.MAX_ARCHIVE_BYTES / 5
    assert len(entries) < archive.MAX_FILES / 5
    assert sum(entry.file_size for entry in entries) < archive.MAX_TOTAL_BYTES / 5


def test_a_guide_of_too_many_entries_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.loading.MAX_ENTRIES", 30)

    assert any("has more than 30 entries; this file was not read" in p for p in problems(zipped()))


@pytest.mark.parametrize("rule", ["(" * 500 + "always" + ")" * 500, "not " * 300 + "always"])
def test_a_rule_nested_to_exhaust_the_reader_is_a_problem_with_its_line(rule: str) -> None:
    text = FILES["initiatives/1.yaml"].replace("Q1.01 <= 2", rule)

    found = problems(zipped(files=FILES | {"initiatives/1.yaml": text}))

    assert found == ["initiatives/1.yaml:11: initiatives.0.when: this rule is too long; split what "
                     "it decides"]  # fmt: skip
