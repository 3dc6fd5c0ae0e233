"""Answers moved from one version of a guide to another, by question id, with nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from assessments.domain.answers import (
    Answer,
    AnswerError,
    AnswerSet,
    AnswerState,
    Value,
    clean_row,
    clean_value,
)
from assessments.domain.wording import answer_in_words, parts_in_words
from guide.differences import changed_meaning
from guide.model import Guide, Question


@dataclass(frozen=True)
class Parked:
    """An answer that the new version can't hold, or not whole, as it was given.

    ``question`` and ``words`` are the old version's, so that it can be read without it.
    """

    question_id: str
    title: str
    question: str
    words: str
    why: str
    answer: Answer

    def as_json(self) -> dict[str, Any]:
        """Plain values, for storing."""
        return {
            "question_id": self.question_id,
            "title": self.title,
            "question": self.question,
            "words": self.words,
            "why": self.why,
            "state": str(self.answer.state),
            "value": self.answer.value,
            "reason": self.answer.reason,
            "note": self.answer.note,
            "basis": str(self.answer.basis) if self.answer.basis else None,
        }


@dataclass(frozen=True)
class Migration:
    """Where the answers go. ``to_review`` names what changed under a kept answer.

    An answer of which only a part can be kept is in both: its rest in ``kept``, all in ``parked``.
    """

    kept: Mapping[str, Answer]
    parked: tuple[Parked, ...]
    to_review: Mapping[str, tuple[str, ...]]
    # What the answers to review said, in the old guide's words.
    said: Mapping[str, str]


def migrate_answers(old: Guide, new: Guide, answers: AnswerSet) -> Migration:
    """Move answers to another version of their guide. Pure; changes nothing by itself."""
    kept: dict[str, Answer] = {}
    parked: list[Parked] = []
    to_review: dict[str, tuple[str, ...]] = {}
    said: dict[str, str] = {}
    for question_id, answer in answers.items():
        before, after = old.questions.get(question_id), new.questions.get(question_id)
        if after is None:
            parked.append(_parked(question_id, before, answer, "It is no longer asked."))
        elif answer.state is not AnswerState.ANSWERED:
            kept[question_id] = answer
        else:
            changed = changed_meaning(before, after) if before else ("question",)
            if not changed:
                kept[question_id] = answer
                continue
            value, whole = _readable(before or after, after, answer.value)
            if value is not None:
                # Whoever stood for the old answer has not stood for this one.
                kept[question_id] = replace(answer, value=value, confirmed=False)
                to_review[question_id] = changed
                said[question_id] = in_words(before or after, answer)
            if not whole:
                why = "Only a part of it could be kept." if value is not None else _CHANGED
                parked.append(_parked(question_id, before, answer, why))
    return Migration(kept, tuple(parked), to_review, said)


_CHANGED = "It is now answered in another way."


def _readable(before: Question, after: Question, value: Value) -> tuple[Value, bool]:
    """What the new question takes of a value, and whether that is all of it."""
    if (before.kind, after.kind) == ("choice", "choices"):
        value = {"choices": [value]}
    elif before.kind != after.kind:
        # A number may look like a level and is none.
        return None, False
    try:
        read = clean_value(after, value)
        if _same_size(value, read):
            return read, True
    except AnswerError:
        pass
    if after.kind == "table":
        rows = [_readable_parts(row, partial(clean_row, after)) for row in value]
        return [row for row in rows if row] or None, False
    if after.kind == "record":
        return _readable_parts(value, partial(clean_value, after)) or None, False
    if after.kind == "choices":
        found = _readable_parts(value, partial(clean_value, after))
        return found if found.get("choices") else None, False
    return None, False


def _same_size(value: Value, read: Value) -> bool:
    """Whether reading lost nothing: two old parts may mean one new one."""
    if isinstance(value, Mapping) and isinstance(read, Mapping):
        same_keys = len(value) == len(read)
        return same_keys and all(_same_size(*pair) for pair in _by_name(value, read))
    if isinstance(value, list) and isinstance(read, list):
        pairs = zip(value, read, strict=False)
        return len(value) == len(read) and all(_same_size(*pair) for pair in pairs)
    return True


def _by_name(value: Mapping[str, Any], read: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Parts under the same name; those that have a new name hold what they held."""
    return ((part, read[name]) for name, part in value.items() if name in read)


def _readable_parts(
    value: Mapping[str, Any], clean: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """The parts of a record, a row or a choice that the question still takes, tried one by one."""
    found: dict[str, Any] = {}
    for name, part in value.items():
        for piece in [[item] for item in part] if isinstance(part, list) else [part]:
            together = [*found.get(name, ()), *piece] if isinstance(piece, list) else piece
            try:
                read = clean({name: together})
            except AnswerError:
                continue
            found |= {key: kept for key, kept in read.items() if kept not in ([], None)}
    return found


def _parked(question_id: str, question: Question | None, answer: Answer, why: str) -> Parked:
    return Parked(
        question_id=question_id,
        title=question.title if question else question_id,
        question=question.text if question else "",
        words=in_words(question, answer) if question else str(answer.value),
        why=why,
        answer=answer,
    )


def in_words(question: Question, answer: Answer) -> str:
    """The whole answer in the question's own words, a table row by row."""
    if question.kind == "table" and answer.state is AnswerState.ANSWERED:
        rows = answer.value or ()
        return "\n".join(parts_in_words(question.columns, row) for row in rows)
    return answer_in_words(question, answer)
