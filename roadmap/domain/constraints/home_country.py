"""In which country an organization works, as far as its profile or its clock tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from assessments.domain.answers import AnswerSet, AnswerState
from roadmap.domain.constraints.public_holidays import countries, subdivisions

PATIENTS, ROLES = "P.03", "P.02"
HIPAA_ROLES = ("hipaa_covered_entity", "business_associate", "subcontractor")
ABBREVIATIONS = {"USA": "US", "U.S.": "US", "U.S.A.": "US", "UK": "GB", "U.K.": "GB"}
ENGLISH_NAMES = {"America": "US", "Great Britain": "GB", "England": "GB", "Scotland": "GB"}


@dataclass(frozen=True)
class HomePlace:
    """`question`: the answer that says so; empty when the organization's time zone does."""

    country: str
    subdivision: str
    question: str
    because: str


def home_place(answers: AnswerSet, zone: str = "") -> HomePlace | None:
    """The first country that P.03 names, else the one its duties point to, else its clock's."""
    is_american = any(role in HIPAA_ROLES for role in _chosen(answers, ROLES))
    named = _named(_text(answers, PATIENTS), is_american)
    if named:
        return HomePlace(*named, PATIENTS, "the first place you named for your patients")
    if is_american:
        return HomePlace("US", "", ROLES, "HIPAA concerns organizations in the United States")
    country = zone_countries().get(zone, "")
    if country in {place.code for place in countries()}:
        return HomePlace(country, "", "", f"the time zone of your organization, {zone}")
    return None


@cache
def zone_countries() -> dict[str, str]:
    """Time zone → country; empty where the list of zones is not installed."""
    try:
        text = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        return {}
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {row[2]: row[0] for row in rows if len(row) > 2}


def _named(text: str, is_american: bool) -> tuple[str, str] | None:
    """The country named first, and the state when it is the only one of the United States."""
    found = sorted(_countries_in(text, is_american))
    states = {code for _, code in _states_in(text)} if is_american or _says_us(found) else set()
    if states and (not found or _says_us(found[:1])):
        return "US", states.pop() if len(states) == 1 else ""
    return (found[0][1], "") if found else None


def _says_us(found: list[tuple[int, str]]) -> bool:
    return any(code == "US" for _, code in found)


def _countries_in(text: str, is_american: bool) -> Iterable[tuple[int, str]]:
    titles = {place.title: place.code for place in countries()} | ENGLISH_NAMES
    if is_american:
        # A state as well.
        titles.pop("Georgia", None)
    for title, code in titles.items():
        for match in re.finditer(rf"(?<!\w){re.escape(title)}(?!\w)", text, re.IGNORECASE):
            yield match.start(), code
    codes = {place.code for place in countries()}
    for match in re.finditer(r"(?<![\w.])[A-Z]\.?[A-Z]\.?(?:[A-Z]\.?)?(?!\w)", text):
        word = match.group()
        code = ABBREVIATIONS.get(word, word)
        # CA, IN and DE are states as well: where HIPAA holds, two letters mean a state.
        if code in codes and (not is_american or code in ("US", "GB")):
            yield match.start(), code


def _states_in(text: str) -> Iterable[tuple[int, str]]:
    for place in subdivisions("US"):
        name = re.escape(place.title)
        for match in re.finditer(rf"(?<!\w){name}(?!\w)", text, re.IGNORECASE):
            yield match.start(), place.code
        for match in re.finditer(rf"(?<!\w){place.code}(?!\w)", text):
            yield match.start(), place.code


def _value(answers: AnswerSet, question: str) -> Any:
    answer = answers.get(question)
    return answer.value if answer and answer.state is AnswerState.ANSWERED else None


def _text(answers: AnswerSet, question: str) -> str:
    value = _value(answers, question)
    if not isinstance(value, dict):
        return ""
    said = value.get("patients") or value.get("data") or ""
    return ", ".join(map(str, said)) if isinstance(said, (list, tuple)) else str(said)


def _chosen(answers: AnswerSet, question: str) -> tuple[str, ...]:
    value = _value(answers, question)
    if isinstance(value, dict):
        value = value.get("choices")
    return tuple(value) if isinstance(value, (list, tuple, frozenset, set)) else ()
