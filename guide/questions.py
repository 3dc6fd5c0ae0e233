"""Questions: what is asked, how it is answered, and how an answer is valued."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from guide.parts import LEVELS, MAX_LEVEL, Identifier, OptionId, Part, RuleText, Text, Title

QuestionKind = Literal["level", "choice", "choices", "number", "text", "record", "table"]
FieldKind = Literal["text", "number", "choice", "choices", "date"]


class Option(Part):
    """One answer to choose. ``value`` is in [0,1]; ``not_evidence`` keeps it out of the score."""

    id: OptionId
    label: Text
    value: float | None = Field(default=None, ge=0, le=1)
    aliases: tuple[str, ...] = ()
    exclusive: bool = False
    not_evidence: bool = False
    hint: str = ""


class AnswerField(Part):
    """A part of a record, an extra of a choices question, or a column of a table."""

    id: OptionId
    label: Text
    kind: FieldKind = "text"
    unit: str = ""
    hint: str = ""
    min: float | None = None
    max: float | None = None
    integer: bool = False
    options: tuple[Option, ...] = ()
    aliases: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _options_fit_the_kind(self) -> AnswerField:
        if (self.kind in ("choice", "choices")) != bool(self.options):
            raise ValueError(f"'{self.id}': give options for kind choice or choices, and only then")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"'{self.id}': min must not be above max")
        return self


class NumberSpec(Part):
    unit: str = ""
    min: float = 0
    max: float = 1_000_000_000
    integer: bool = False

    @model_validator(mode="after")
    def _is_ordered(self) -> NumberSpec:
        if self.min > self.max:
            raise ValueError("min must not be above max")
        return self


Points = tuple[tuple[float, float], ...]
ColumnScore = Mapping[str, float | Points]


class ScoreRule(Part):
    """How a value in [0,1] comes out of an answer that is not a ladder or a single choice.

    ``or_all``: when no row matches ``where``, all rows count.
    """

    rule: Literal[
        "scale",
        "sum_scale",
        "share",
        "one_minus_share",
        "shares",
        "rows",
        "count_rows",
        "field_choice",
        "mean",
    ]
    points: Points = ()
    field: str = ""
    log: bool = False
    of: float | tuple[ScoreRule, ...] | None = None
    values: Mapping[str, float] = Field(default_factory=dict)
    where: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    or_all: bool = False
    columns: Mapping[str, ColumnScore] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_what_the_rule_needs(self) -> ScoreRule:
        needs = {
            "scale": "points",
            "sum_scale": "points",
            "count_rows": "points",
            "share": "of",
            "one_minus_share": "of",
            "mean": "of",
            "shares": "values",
            "field_choice": "values",
            "rows": "columns",
        }[self.rule]
        if not getattr(self, needs):
            raise ValueError(f"score rule '{self.rule}' needs '{needs}'")
        point_lists = [self.points]
        for column in self.columns.values():
            point_lists += [v for v in column.values() if isinstance(v, tuple)]
        for points in point_lists:
            _check_points(points)
        return self


def _check_points(points: Points) -> None:
    xs = [x for x, _ in points]
    values = [v for _, v in points]
    if xs != sorted(set(xs)):
        raise ValueError(f"points must have rising, different x: {xs}")
    if any(not 0 <= v <= 1 for v in values):
        raise ValueError(f"values of points must lie in 0..1: {values}")
    if values not in (sorted(values), sorted(values, reverse=True)):
        raise ValueError(f"values of points must only rise or only fall: {values}")


class Informs(Part):
    """A question's evidence for the exposure to a challenge."""

    challenge: Identifier
    weight: float = Field(default=1, gt=0)
    score: str = "default"


class Question(Part):
    """One question. ``cap``: a low level holds its step's band. ``safety``: a low answer means
    that patients or their data are at risk now, so what mends it comes first in the plan.
    """

    id: Identifier
    title: Title
    text: Text
    why: Text
    hint: str = ""
    kind: QuestionKind
    levels: tuple[Text, ...] = ()
    options: tuple[Option, ...] = ()
    fields: tuple[AnswerField, ...] = ()
    primary: str = ""
    columns: tuple[AnswerField, ...] = ()
    table: str = ""
    row_label: str = ""
    number: NumberSpec | None = None
    scores: Mapping[str, ScoreRule] = Field(default_factory=dict)
    cap: bool = False
    safety: bool = False
    gate: str = ""
    weight: float = Field(default=1, ge=0)
    informs: tuple[Informs, ...] = ()
    links: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    applies: RuleText | None = None
    not_asked: str = ""
    # Filled in by the loader, never written in a file.
    step: str = ""
    section: str = ""

    @model_validator(mode="after")
    def _parts_fit_the_kind(self) -> Question:
        required = {
            "level": {"levels"},
            "choice": {"options"},
            "choices": {"options"},
            "number": {"number"},
            "record": {"fields"},
            "table": {"columns"},
            "text": set(),
        }[self.kind]
        allowed = required | ({"fields", "scores"} if self.kind == "choices" else set())
        if self.kind in ("number", "record", "table"):
            allowed |= {"scores"}
        for part in ("levels", "options", "fields", "columns", "number", "scores"):
            filled = bool(getattr(self, part))
            if filled and part not in allowed:
                raise ValueError(f"a question of kind {self.kind} has no '{part}'")
            if not filled and part in required:
                raise ValueError(f"a question of kind {self.kind} needs '{part}'")
        self._check_details()
        return self

    def _check_details(self) -> None:
        if self.kind == "level" and len(self.levels) != LEVELS:
            raise ValueError(f"describe exactly {LEVELS} levels (0 to {MAX_LEVEL})")
        if self.cap and self.kind != "level":
            raise ValueError("only a level question can be a cap")
        if bool(self.applies) != bool(self.not_asked):
            raise ValueError("'applies' and 'not_asked' go together: say why it is not asked")
        if self.kind == "choice":
            valued = {o.value is not None for o in self.options if not o.not_evidence}
            if len(valued) > 1:
                raise ValueError("either every option has a value or none has")
        if self.primary and self.primary not in {f.id for f in self.fields}:
            raise ValueError(f"primary '{self.primary}' is not one of the fields")

    @cached_property
    def is_scored(self) -> bool:
        """Whether an answer can count towards readiness."""
        if self.kind == "level":
            return True
        if self.kind == "choice":
            return any(o.value is not None for o in self.options)
        return "default" in self.scores

    @property
    def table_key(self) -> str:
        """Its name under ``tables:`` in an answers file."""
        return self.table or self.id


class Section(Part):
    id: Identifier
    title: Title
    intro: str = ""
    questions: tuple[Question, ...]


class StepFile(Part):
    id: Identifier
    questions_intro: str = ""
    sections: tuple[Section, ...]
