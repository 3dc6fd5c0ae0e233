"""What people upload: files that would cost a server dear, or that no database could hold."""

from __future__ import annotations

import pytest

from guide import yamlfile
from guide.registry import CONTENT, DEFAULT_GUIDE
from guide.yamlfile import read_yaml


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('note: "a\\0b"', "f.yaml:1: the text has a null or half a character"),
        ('a: 1\nnote: "\\ud800"', "f.yaml:2: the text has a null or half a character"),
        ('"\\ud800": 1', "f.yaml:1: a key must be a simple word"),
        ("a: 1\nb: " + "9" * 400, "f.yaml:2: '9999999999999999999999999999999999999999…' is too"),
        ("a: " + "9" * 5000, "f.yaml:1: '9999999999999999999999999999999999999999…' can't be"),
        ("a: &x [1]\nb: *x", "f.yaml:2: this is not valid YAML: aliases (*name) are not allowed"),
        ("a: " + "[" * 50 + "]" * 50, "f.yaml:1: the file is nested too deeply"),
    ],
)
def test_what_nobody_could_store_is_a_problem_with_its_line(text: str, problem: str) -> None:
    located = read_yaml(text, "f.yaml")

    assert len(located.problems) == 1
    assert str(located.problems[0]).startswith(problem)


def test_emoji_as_json_writes_them_are_read_whole() -> None:
    located = read_yaml('note: "\\ud83d\\ude00 مرحبا"', "f.yaml")

    assert located.data == {"note": "😀 مرحبا"}
    assert located.problems == []


def test_a_file_of_too_many_entries_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlfile, "MAX_ENTRIES", 10)

    fits = read_yaml("a: [" + "1," * 7 + "]", "f.yaml")
    too_many = read_yaml("a: [" + "1," * 8 + "]", "f.yaml")

    assert fits.problems == []
    assert [str(p) for p in too_many.problems] == [
        "f.yaml:1: this is not valid YAML: the file has more than 10 entries"
    ]


def test_both_readers_read_the_guide_alike() -> None:
    texts = {path.name: path.read_text() for path in (CONTENT / DEFAULT_GUIDE).glob("*/*.yaml")}
    assert texts

    for name, text in texts.items():
        quick = yamlfile._read(yamlfile._Quick, text, name)
        assert quick == yamlfile._read(yamlfile._Loader, text, name)
        assert quick[1] is None
