"""Answers files: what the app imports and exports, and what the commands read.

``docs/answers-format.md`` describes the format. A bad file gets every error at once, each with
its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from assessments.domain.answers import (
    MAX_REASON,
    MAX_TEXT,
    UNANSWERED,
    Answer,
    AnswerError,
    AnswerSet,
    AnswerState,
    Basis,
    clean_row,
    clean_value,
    find_option,
)
from assessments.domain.guide_keys import plain_id
from guide.model import Guide, Question
from guide.yamlfile import Located, Path, Problem, read_yaml

MAX_FILE_CHARACTERS = 2_000_000
TOP_KEYS = ("guide", "version", "organization", "profile", "answers", "tables")
META_KEYS = {"value", "note", "basis", "until"}
# What people write for "we don't know", and for "does not apply" without its reason.
UNKNOWN_WORDS = {"unknown", "do_not_know", "don't know", "dont_know", "we don't know", "?"}
NA_WORDS = {"na", "n/a", "not_applicable", "not applicable"}
NA_KEYS = {"na", "note", "basis", "until"}
UNKNOWN_KEYS = {"unknown", "note", "basis", "until"}
# In a comment these would end the line, or the file.
NOT_PRINTED = re.compile(
    r"[^\x20-\x7e\xa0-\u2027\u202f-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
UNANSWERED_KEYS = {"unanswered", "note", "basis", "until"}


class AnswersFileError(Exception):
    """A file that can't be read as answers. ``problems`` has everything wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class AnswersFile:
    """What a file says: answers by question id, the profile's among them.

    A note may come without an answer. `until` has the dates up to which answers are valid, and
    `version` the guide's version they were written for, as far as the file says so.
    """

    answers: dict[str, Answer]
    organization: str = ""
    version: str = ""
    until: Mapping[str, date] = field(default_factory=dict)


def parse_answers(text: str, guide: Guide, name: str) -> AnswersFile:
    """Read an answers file against a guide.

    Raises:
        AnswersFileError: with every problem, each with its line.
    """
    if len(text) > MAX_FILE_CHARACTERS:
        message = f"the file is longer than {MAX_FILE_CHARACTERS:,} characters"
        raise AnswersFileError([Problem(name, 1, message)])
    located = read_yaml(text, name)
    if located.problems:
        raise AnswersFileError(located.problems)
    reader = _Reader(guide, located)
    reader.read()
    if reader.problems:
        raise AnswersFileError(reader.problems)
    said = {key: str(located.data.get(key) or "") for key in ("organization", "version")}
    return AnswersFile(answers=reader.in_order(), until=reader.until, **said)


class _Reader:
    def __init__(self, guide: Guide, located: Located) -> None:
        self.guide = guide
        self.located = located
        self.problems: list[Problem] = []
        self.answers: dict[str, Answer] = {}
        self.until: dict[str, date] = {}

    def problem(self, path: Path, message: str) -> None:
        self.problems.append(self.located.problem(path, message))

    def read(self) -> None:
        data = self.located.data
        if not isinstance(data, Mapping):
            self.problem((), f"an answers file has the keys {', '.join(TOP_KEYS)}")
            return
        for key in data:
            if key not in TOP_KEYS:
                known = ", ".join(TOP_KEYS)
                self.problem((key,), f"'{key}' is not a key of an answers file (it has: {known})")
        guide_id = data.get("guide")
        own = plain_id(self.guide.id)
        if guide_id not in (None, own):
            message = f"these are answers to the guide '{guide_id}', not to '{own}'"
            self.problem(("guide",), message)
        tables = self._mapping("tables")
        for part in ("profile", "answers"):
            for question_id, raw in self._mapping(part).items():
                self._read_answer((part, question_id), question_id, raw, tables)
        for key, rows in tables.items():
            self._read_table(key, rows)

    def in_order(self) -> dict[str, Answer]:
        """The answers in the guide's order, whatever the file's."""
        return {i: self.answers[i] for i in self.guide.questions if i in self.answers}

    def _mapping(self, key: str) -> Mapping[str, Any]:
        found = self.located.data.get(key)
        if found is None:
            return {}
        if not isinstance(found, Mapping):
            self.problem((key,), f"'{key}' lists ids with their answers, one to a line")
            return {}
        return found

    def _question(self, path: Path, question_id: str) -> Question | None:
        try:
            return self.guide.question(question_id)
        except KeyError:
            here = f"guide '{plain_id(self.guide.id)}' {self.guide.version}"
            self.problem(path, f"there is no question '{question_id}' in {here}; correct the id")
            return None

    def _read_answer(
        self, path: Path, question_id: str, raw: Any, tables: Mapping[str, Any]
    ) -> None:
        question = self._question(path, question_id)
        if question is None or raw in (None, "unanswered"):
            return
        if question.id in self.answers:
            self.problem(path, f"{question.id} is answered twice; keep one")
            return
        state, value, note, basis, reason = self._unwrap(path, question, raw)
        if state is AnswerState.ANSWERED and question.kind == "table" and value == "table":
            if question.table_key not in tables and question.id not in tables:
                message = f"its rows are missing; add '{question.table_key}' under 'tables'"
                self.problem(path, message)
                return
            value = []
        if state is AnswerState.ANSWERED:
            try:
                value = clean_value(question, value)
            except AnswerError as error:
                for message in error.messages:
                    self.problem(path, f"{question.id}: {message}")
                return
        self.answers[question.id] = Answer(state, value, reason, note, basis)

    def _unwrap(
        self, path: Path, question: Question, raw: Any
    ) -> tuple[AnswerState, Any, str, Basis | None, str]:
        """State, raw value, note, basis and reason of one entry."""
        word = raw.strip().casefold() if isinstance(raw, str) else ""
        if word in UNKNOWN_WORDS and find_option(question.options, word) is None:
            return AnswerState.UNKNOWN, None, "", None, ""
        if word in NA_WORDS and find_option(question.options, word) is None:
            self.problem(path, f'{question.id}: say why it does not apply, as in {{na: "reason"}}')
            return AnswerState.NOT_APPLICABLE, None, "", None, ""
        if not isinstance(raw, Mapping):
            return AnswerState.ANSWERED, raw, "", None, ""
        keys = set(raw)
        note = self._note(path, raw) if "note" in keys else ""
        basis = self._basis(path, raw) if "basis" in keys else None
        if "until" in keys and keys & {"na", "unknown", "unanswered", "value"}:
            self._read_until(path, question, raw["until"])
        if "unanswered" in keys and keys <= UNANSWERED_KEYS:
            return AnswerState.UNANSWERED, None, note, basis, ""
        if "na" in keys and keys <= NA_KEYS:
            reason = str(raw["na"] or "").strip()
            if not reason:
                self.problem((*path, "na"), f"{question.id}: say why it does not apply")
            elif len(reason) > MAX_REASON:
                self.problem((*path, "na"), f"shorten the reason to {MAX_REASON:,} characters")
            return AnswerState.NOT_APPLICABLE, None, note, basis, reason
        if "unknown" in keys and keys <= UNKNOWN_KEYS:
            return AnswerState.UNKNOWN, None, note, basis, ""
        if "value" in keys and keys <= META_KEYS:
            return AnswerState.ANSWERED, raw["value"], note, basis, ""
        return AnswerState.ANSWERED, raw, "", None, ""

    def _read_until(self, path: Path, question: Question, raw: Any) -> None:
        try:
            self.until[question.id] = date.fromisoformat(str(raw))
        except ValueError:
            message = f"write the date as YYYY-MM-DD; '{str(raw)[:40]}' is not one"
            self.problem((*path, "until"), message)

    def _note(self, path: Path, raw: Mapping[str, Any]) -> str:
        note = str(raw["note"] or "").strip()
        if len(note) > MAX_TEXT:
            self.problem((*path, "note"), f"shorten the note to {MAX_TEXT:,} characters")
        return note

    def _basis(self, path: Path, raw: Mapping[str, Any]) -> Basis | None:
        try:
            return Basis(str(raw["basis"]))
        except ValueError:
            known = ", ".join(basis.value for basis in Basis)
            self.problem((*path, "basis"), f"'{raw['basis']}' is no basis; use one of: {known}")
            return None

    def _read_table(self, key: str, rows: Any) -> None:
        path: Path = ("tables", key)
        question = self._question(path, key)
        if question is None or rows is None:
            return
        if question.kind != "table":
            self.problem(path, f"{question.id} is not a table; answer it under 'answers'")
            return
        if not isinstance(rows, list):
            self.problem(path, f"{key} lists its rows, each starting with '- '")
            return
        before = len(self.problems)
        for number, row in enumerate(rows):
            try:
                clean_row(question, row)
            except AnswerError as error:
                for message in error.messages:
                    self.problem((*path, number), f"{key}, row {number + 1}: {message}")
        if len(self.problems) > before:
            return
        said = self.answers.get(question.id)
        if said is not None and said.state is not AnswerState.ANSWERED and rows:
            self.problem(path, f"{key} has rows, but its answer says '{said.state}'; keep one")
            return
        self._store_table(path, question, rows, said)

    def _store_table(
        self, path: Path, question: Question, rows: list[Any], said: Answer | None
    ) -> None:
        if said is not None and said.state is not AnswerState.ANSWERED:
            return
        try:
            value = clean_value(question, rows)
        except AnswerError as error:
            for message in error.messages:
                self.problem(path, message)
            return
        note, basis = (said.note, said.basis) if said else ("", None)
        self.answers[question.id] = Answer(AnswerState.ANSWERED, value, "", note, basis)


def dump_answers(
    guide: Guide,
    answers: AnswerSet,
    organization: str = "",
    *,
    until: Mapping[str, date] | None = None,
    evidence: Mapping[str, Sequence[str]] | None = None,
    parked: Mapping[str, str] | None = None,
) -> str:
    """Write answers as a file that ``parse_answers`` reads back to the same answers.

    Titles and addresses of evidence stand in it as comments: a file can't carry the pieces. So do
    parked answers, which this version of the guide can't hold.
    """
    until = until or {}
    content: dict[str, Any] = {"guide": plain_id(guide.id), "version": guide.version}
    if organization:
        content["organization"] = organization
    content |= {"profile": {}, "answers": {}, "tables": {}}
    for question in guide.questions.values():
        answer = answers.get(question.id, UNANSWERED)
        extra = _extra(answer, until.get(question.id))
        if answer.state is AnswerState.UNANSWERED and not extra:
            continue
        part = "profile" if question.step == "PROFILE" else "answers"
        if question.kind == "table" and answer.state is AnswerState.ANSWERED:
            content["tables"][question.table_key] = answer.value
            if not extra:
                continue
        content[part][question.id] = _entry(question, answer, extra)
    text: str = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text + _as_comments(guide, evidence or {}) + _parked_as_comments(parked or {})


def _extra(answer: Answer, until: date | None) -> dict[str, Any]:
    """What was said beside the answer itself."""
    extra: dict[str, Any] = {"note": answer.note} if answer.note else {}
    if answer.basis:
        extra["basis"] = answer.basis.value
    if until:
        extra["until"] = until.isoformat()
    return extra


def _entry(question: Question, answer: Answer, extra: Mapping[str, Any]) -> Any:
    if answer.state is AnswerState.UNANSWERED:
        return {"unanswered": True, **extra}
    if answer.state is AnswerState.NOT_APPLICABLE:
        return {"na": answer.reason or "no reason given", **extra}
    if answer.state is AnswerState.UNKNOWN:
        return {"unknown": True, **extra} if extra else "unknown"
    value = "table" if question.kind == "table" else answer.value
    return {"value": value, **extra} if extra else value


def _as_comments(guide: Guide, evidence: Mapping[str, Sequence[str]]) -> str:
    lines = [
        f"#   {question_id}: {_in_a_line(piece)}"
        for question_id in guide.questions
        for piece in evidence.get(question_id, ())
    ]
    if not lines:
        return ""
    first = "# Evidence added in Waymark. It is not read back: add it again where it is needed."
    return "\n".join(["", first, *lines, ""])


def _parked_as_comments(parked: Mapping[str, str]) -> str:
    if not parked:
        return ""
    lines = [f"#   {name}: {_in_a_line(words)}" for name, words in parked.items()]
    first = "# Parked: answers to what this version of the guide no longer asks so. Not read back."
    return "\n".join(["", first, *lines, ""])


def _in_a_line(text: str) -> str:
    return " ".join(NOT_PRINTED.sub(" ", text).split())


class _Dumper(yaml.SafeDumper):
    """Writes words that YAML 1.1 takes for booleans in quotes, so every reader agrees."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
