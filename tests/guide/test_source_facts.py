"""Whether the guide reflects every fact found in the published sources, or says why not.

``source_facts.yaml`` lists them all. The brief they come from is no part of the project; where it
is at hand, WAYMARK_SOURCE_FACTS names its file and the list is held against it.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from guide.registry import current_guide

ROOT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("source_facts.yaml")
BRIEF = os.environ.get("WAYMARK_SOURCE_FACTS")
# As the brief writes ids: "S004", "CTX-12", "BP-SIEM", and "MS-1..5" for five at once.
SPAN = re.compile(r"\b([A-Z]{2,})-(\d+)\.\.(\d+)\b")
ID = re.compile(r"\bS\d{3}\b|\b[A-Z]{2,}-[A-Z0-9]+\b")


@cache
def listed() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return found


@cache
def places() -> frozenset[str]:
    guide = current_guide()
    parts: dict[str, Iterable[Any]] = {
        "question": guide.questions.values(),
        "step": guide.steps,
        "phase": guide.phases,
        "challenge": guide.challenges,
        "initiative": guide.initiatives,
        "gate": guide.gates,
        "checklist": [item for gate in guide.gates for item in gate.checklist],
        "control": guide.controls,
        "concept": guide.concepts,
        "source": guide.sources,
    }
    return frozenset(f"{kind} {part.id}" for kind, found in parts.items() for part in found)


def exists(place: str) -> bool:
    kind, _, name = place.partition(" ")
    return (ROOT / name).is_file() if kind == "page" else place in places()


def ids_in(brief: str) -> set[str]:
    spans = {
        f"{prefix}-{n}"
        for prefix, first, last in SPAN.findall(brief)
        for n in range(int(first), int(last) + 1)
    }
    return spans | set(ID.findall(brief))


def test_every_source_fact_is_listed_once() -> None:
    ids = Counter(fact["id"] for fact in listed()["facts"])

    assert [fact for fact, count in ids.items() if count > 1] == []
    assert len(ids) == listed()["count"]


def test_every_source_fact_is_used_or_left_out_with_a_reason() -> None:
    open_facts = [
        fact["id"]
        for fact in listed()["facts"]
        if bool(fact.get("used")) == bool(str(fact.get("left_out", "")).strip())
    ]

    assert open_facts == []


def test_every_place_named_for_a_source_fact_exists() -> None:
    gone = {
        fact["id"]: [place for place in fact.get("used", ()) if not exists(place)]
        for fact in listed()["facts"]
    }

    assert {fact: missing for fact, missing in gone.items() if missing} == {}


def test_every_concept_can_be_met_by_a_reader() -> None:
    """A concept that no question, initiative, step or challenge leads to reflects nothing."""
    guide = current_guide()
    met = {link for question in guide.questions.values() for link in question.links}
    met |= {link for initiative in guide.initiatives for link in initiative.links}
    met |= {step.id for step in guide.steps}

    assert [c.id for c in guide.concepts if c.id not in met and not c.helps_with] == []


def test_what_others_report_carries_its_caveat() -> None:
    reported = [c for c in current_guide().concepts if c.kind in ("use_case", "case_study")]

    assert reported
    assert [c.id for c in reported if not (c.caveat and c.helps_with)] == []


def test_ids_of_the_brief_are_read_as_it_writes_them() -> None:
    text = "| BP-SIEM / BP-IDPS | x | S002 |\n| MS-1..3 | y |\n| METRIC-LT + | z |"

    found = {"BP-SIEM", "BP-IDPS", "S002", "MS-1", "MS-2", "MS-3", "METRIC-LT"}
    assert ids_in(text) == found


@pytest.mark.skipif(not BRIEF, reason="WAYMARK_SOURCE_FACTS names no file")
def test_the_list_holds_exactly_the_facts_of_the_brief() -> None:
    brief = ids_in(Path(str(BRIEF)).read_text(encoding="utf-8"))

    assert brief == {fact["id"] for fact in listed()["facts"]}
