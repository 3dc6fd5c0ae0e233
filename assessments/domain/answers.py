"""What an answer is, and how raw input becomes a clean value.

Shapes of a value, by kind of question (also what is stored as JSON):

=========  =====================================================================
level      int 0..4
choice     the option's id
number     int or float
text       str
choices    {"choices": [option ids], <field>: value, …}
record     {<field>: value, …}
table      [{<column>: value, …}, …], blank cells left out
=========  =====================================================================
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from guide.model import MAX_LEVEL, AnswerField, NumberSpec, Option, Question

Value = Any
MAX_TEXT = 10_000
MAX_REASON = 2_000
MAX_CELL = 500
MAX_ROWS = 2_000


class AnswerState(StrEnum):
    """How far a question is answered."""

    ANSWERED = "answered"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    UNANSWERED = "unanswered"


class Basis(StrEnum):
    """What an answer rests on, weakest first."""

    OPINION = "opinion"
    INTERVIEW = "interview"
    DOCUMENT = "document"
    MEASURED = "measured"


@dataclass(frozen=True)
class Answer:
    """One question's answer. ``value`` only when answered; ``reason`` when not applicable.

    ``evidence`` counts the pieces that are still valid, ``confirmed`` says that someone stood for
    a high claim, ``expired`` that the answer or all of its evidence is past its date.
    """

    state: AnswerState
    value: Value = None
    reason: str = ""
    note: str = ""
    basis: Basis | None = None
    evidence: int = 0
    confirmed: bool = False
    expired: bool = False

    def says_the_same_as(self, other: Answer) -> bool:
        """Whether both were given alike; what was shown for them later does not matter."""
        return (self.state, self.value, self.reason, self.note, self.basis) == (
            other.state,
            other.value,
            other.reason,
            other.note,
            other.basis,
        )


UNANSWERED = Answer(AnswerState.UNANSWERED)
AnswerSet = Mapping[str, Answer]


class AnswerError(ValueError):
    """Input that is no answer to the question. ``messages`` say what to do, one by one."""

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = list(messages)
        super().__init__("; ".join(messages))


def clean_value(question: Question, raw: Any) -> Value:
    """Turn raw input (from a file or a form) into the question's value.

    Raises:
        AnswerError: with everything that is wrong with it.
    """
    if raw is None:
        raise AnswerError(["there is no answer; give one, or say 'unknown'"])
    if question.kind == "level":
        return _level(raw)
    if question.kind == "choice":
        return _option(question.options, raw)
    if question.kind == "choices":
        return _choices_with_fields(question, raw)
    if question.kind == "number":
        return _number(raw, question.number or NumberSpec())
    if question.kind == "text":
        return _text(raw, MAX_TEXT)
    if question.kind == "record":
        return _record(question, raw)
    return _table(question, raw)


def _level(raw: Any) -> int:
    expected = f"choose a level from 0 to {MAX_LEVEL}, or say 'unknown'"
    if isinstance(raw, bool) or not isinstance(raw, (int, str)):
        raise AnswerError([f"{expected}; this is not one level"])
    if not re.fullmatch(r"[0-4]", str(raw).strip()):
        raise AnswerError([f"{expected}; '{_short(raw)}' is not one"])
    return int(raw)


def _short(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _key(raw: Any) -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return str(raw).strip().casefold()


def find_option(options: Sequence[Option], raw: Any) -> Option | None:
    """The option of that id or alias, whatever its case."""
    key = _key(raw)
    plain = re.sub(r"[\s/-]+", "_", key)
    for wanted in (key, plain):
        for option in options:
            names = (option.id, *option.aliases)
            if any(wanted in (n.casefold(), re.sub(r"[\s/-]+", "_", n.casefold())) for n in names):
                return option
    return None


def _option(options: Sequence[Option], raw: Any) -> str:
    if isinstance(raw, (Mapping, list, tuple)):
        raise AnswerError([f"choose one of: {_ids(options)}"])
    option = find_option(options, raw)
    if option is None:
        raise AnswerError([f"'{_short(raw)}' is not an option; choose one of: {_ids(options)}"])
    return option.id


def _ids(options: Sequence[Option]) -> str:
    return ", ".join(option.id for option in options)


def _options(options: Sequence[Option], raw: Any) -> list[str]:
    items = raw if isinstance(raw, (list, tuple)) else [raw]
    messages: list[str] = []
    chosen: set[str] = set()
    for item in items:
        try:
            chosen.add(_option(options, item))
        except AnswerError as error:
            messages += error.messages
    alone = [o.id for o in options if o.exclusive and o.id in chosen]
    if alone and len(chosen) > 1:
        messages.append(f"'{alone[0]}' stands alone; take it out or take the others out")
    if messages:
        raise AnswerError(messages)
    return [option.id for option in options if option.id in chosen]


def _choices_with_fields(question: Question, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        return {"choices": _options(question.options, raw)}
    messages: list[str] = []
    found: dict[str, Any] = {"choices": []}
    try:
        found["choices"] = _options(question.options, raw.get("choices") or [])
    except AnswerError as error:
        messages += error.messages
    rest = {key: value for key, value in raw.items() if key != "choices"}
    found.update(_fields(question.fields, rest, messages))
    if messages:
        raise AnswerError(messages)
    return found


def _number(raw: Any, spec: NumberSpec | AnswerField) -> int | float:
    text = _plain_number(raw, spec.unit) if isinstance(raw, str) else raw
    try:
        if isinstance(text, bool) or not isinstance(text, (int, float, str)):
            raise ValueError
        number = float(text)
    except ValueError:
        raise AnswerError([f"give a number; '{_short(raw)}' is not one"]) from None
    low = -math.inf if spec.min is None else spec.min
    high = math.inf if spec.max is None else spec.max
    if not math.isfinite(number) or not low <= number <= high:
        raise AnswerError([f"give a number from {low:g} to {high:g}; {_short(raw)} is outside"])
    if spec.integer and not number.is_integer():
        raise AnswerError([f"give a whole number; {_short(raw)} is not one"])
    return int(number) if number.is_integer() else number


def _plain_number(text: str, unit: str) -> str:
    """A number as Python reads it: a comma groups thousands, or else it is the decimal sign."""
    text = text.strip()
    if unit.startswith("%"):
        text = text.removesuffix("%").rstrip()
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", text):
        return text.replace(",", "")
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _text(raw: Any, limit: int) -> str:
    if isinstance(raw, (list, tuple)):
        raw = ", ".join(str(item) for item in raw)
    if isinstance(raw, Mapping):
        raise AnswerError(["give a text"])
    text = str(raw).replace("\x00", "").strip()
    if len(text) > limit:
        raise AnswerError([f"shorten the text to {limit:,} characters; it has {len(text):,}"])
    return text


def _record(question: Question, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        if not question.primary:
            fields = ", ".join(field.id for field in question.fields)
            raise AnswerError([f"give its parts by name: {fields}"])
        raw = {question.primary: raw}
    messages: list[str] = []
    found = _fields(question.fields, raw, messages)
    if messages:
        raise AnswerError(messages)
    return found


def _fields(
    fields: Sequence[AnswerField],
    raw: Mapping[Any, Any],
    messages: list[str],
    limit: int = MAX_TEXT,
) -> dict[str, Any]:
    by_name = {name.casefold(): f for f in fields for name in (f.id, *f.aliases)}
    found: dict[str, Any] = {}
    for name, item in raw.items():
        field = by_name.get(str(name).casefold())
        if field is None:
            known = ", ".join(f.id for f in fields) or "none"
            messages.append(f"'{_short(name)}' is not a part of this answer (it has: {known})")
        elif item not in (None, "", []) and not _means_unknown(field, item):
            try:
                found[field.id] = _field_value(field, item, limit)
            except AnswerError as error:
                messages += [f"{field.id}: {message}" for message in error.messages]
    return {f.id: found[f.id] for f in fields if f.id in found}


def _means_unknown(field: AnswerField, raw: Any) -> bool:
    """A part said to be unknown is a blank, unless it can hold the word."""
    said = isinstance(raw, str) and raw.strip().casefold() in ("unknown", "?")
    return said and field.kind != "text" and find_option(field.options, raw) is None


def _field_value(field: AnswerField, raw: Any, limit: int) -> Any:
    if field.kind == "number":
        return _number(raw, field)
    if field.kind == "choice":
        return _option(field.options, raw)
    if field.kind == "choices":
        return _options(field.options, raw)
    if field.kind == "date":
        text = _text(raw, limit)
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise AnswerError([f"write the date as YYYY-MM-DD; '{_short(raw)}' is not one"])
        return text
    return _text(raw, limit)


def clean_row(question: Question, raw: Any) -> dict[str, Any]:
    """One row of a table question.

    Raises:
        AnswerError: with everything that is wrong in it.
    """
    if not isinstance(raw, Mapping):
        raise AnswerError(["a row names its columns, as in {name: …}"])
    messages: list[str] = []
    found = _fields(question.columns, raw, messages, MAX_CELL)
    if messages:
        raise AnswerError(messages)
    return found


def _table(question: Question, raw: Any) -> list[dict[str, Any]]:
    if not isinstance(raw, (list, tuple)):
        raise AnswerError(["give a list of rows"])
    if len(raw) > MAX_ROWS:
        raise AnswerError([f"a table holds at most {MAX_ROWS:,} rows; this one has {len(raw):,}"])
    messages: list[str] = []
    rows = []
    for number, item in enumerate(raw, start=1):
        try:
            row = clean_row(question, item)
        except AnswerError as error:
            messages += [f"row {number}: {message}" for message in error.messages]
            continue
        if row:
            rows.append(row)
    if messages:
        raise AnswerError(messages)
    return rows


def clean_cell(column: AnswerField, raw: Any) -> Value:
    """One cell of a table's row; None where it is blank or said to be unknown.

    Raises:
        AnswerError: with everything that is wrong with it.
    """
    if raw in (None, "", []) or _means_unknown(column, raw):
        return None
    return _field_value(column, raw, MAX_CELL)
