"""Waymark's own JSON: what it says, and each fault by its name."""

from typing import Any

import pytest

from delivery.domain.payloads.reading import Malformed
from tests.delivery.payloads import NOW, OWN, at, one, read


def test_own_deployment_says_only_what_it_says():
    said = one("own", OWN)

    assert (said.project, said.what.external_id) == ("", "d1")
    assert said.what.deployed_at == at(2026, 11, 20, 9)
    assert (said.what.result, said.what.is_production, said.what.is_rework) == ("", None, None)


def test_own_records_in_one_message_share_kind_and_system():
    found = read(
        "own",
        {
            "kind": "deployment",
            "system": "portal",
            "records": [
                {"id": "a", "deployed_at": 1763632800},
                {
                    "kind": "incident",
                    "id": "i",
                    "opened_at": "2026-11-20T10:00Z",
                    "resolved_at": None,
                    "system": "lab",
                },
            ],
        },
    )

    assert [(each.project, each.what.external_id) for each in found] == [
        ("portal", "a"),
        ("lab", "i"),
    ]
    assert found[1].what.clears == {"resolved_at"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "patient"}, "“kind” has to be one of"),
        ({"kind": None}, "“kind” is missing"),
        ({"id": ""}, "“id” is missing"),
        ({"id": "x" * 201}, "longer than 200"),
        ({"id": {"a": 1}}, "has to be a text"),
        ({"deployed_at": None}, "“deployed_at” is missing"),
        ({"deployed_at": "2026-11-20T10:00:00"}, "no time zone"),
        ({"deployed_at": "2026-11-20"}, "no moment"),
        ({"deployed_at": "31.12.2026"}, "no moment"),
        ({"deployed_at": 10**30}, "no moment"),
        ({"deployed_at": 10**400}, "no moment"),
        ({"deployed_at": "9999-12-31T23:59:59-05:00"}, "the end of the calendar"),
        ({"result": False}, "“result” has to be a text"),
        ({"result": ["failed"]}, "“result” has to be a text"),
        ({"system": {"key": "portal"}}, "“system” has to be a text"),
        ({"deployed_at": "2026-11-22T12:11:00Z"}, "lies in the future"),
        ({"deployed_at": "1999-11-22T12:11:00Z"}, "before the year 2000"),
        ({"committed_at": "2026-11-21T00:00:00Z"}, "“deployed_at” lies before"),
        ({"told_at": "2026-11-22T13:00:00Z"}, "lies in the future"),
        ({"result": "perhaps"}, "“result” has to be one of"),
        ({"production": "yes"}, "true or false"),
        ({"deployd_at": 1}, "Did you mean “deployed_at”?"),
    ],
)
def test_own_faults_are_named(changes: dict[str, Any], words: str):
    with pytest.raises(Malformed, match=words.replace("?", r"\?")):
        read("own", OWN | changes)


def test_clocks_a_little_ahead_are_let_be():
    assert one("own", OWN | {"deployed_at": "2026-11-22T12:09:00Z"}).what.deployed_at > NOW


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"kind": "vulnerability", "id": "v", "severity": "odd", "found_at": 1763632800}, "high"),
        ({"kind": "coverage", "id": "c", "measured_at": 1763632800}, "whole number"),
        (
            {
                "kind": "coverage",
                "id": "c",
                "measured_at": 1763632800,
                "lines_covered": 2,
                "lines_total": 1,
            },
            "above 0",
        ),
        ({"records": [{"kind": "incident"}]}, "Record 1: “id” is missing"),
        ({"records": [1]}, "list of objects"),
        ({"records": [{}] * 501}, "more than 500"),
    ],
)
def test_own_faults_of_other_kinds_are_named(payload: dict[str, Any], words: str):
    with pytest.raises(Malformed, match=words):
        read("own", payload)


def test_texts_are_cleaned_of_what_no_database_keeps():
    body = (
        '{"kind": "incident", "id": "a\\u0000b", "opened_at": 1763632800, "title": "\\ud800 x\\n"}'
    )

    record = one("own", body).what

    assert record.external_id == "a b"
    assert record.title == "? x"
