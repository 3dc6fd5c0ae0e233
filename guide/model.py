"""What a guide is: frozen types for its questions, challenges, initiatives, gates and sources.

Content files are validated straight into these types (unknown keys are errors), so they are
also the format's reference. Cross references are checked in ``guide.references``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from guide.rules import Rule, parse_rule

QuestionKind = Literal["level", "choice", "choices", "number", "text", "record", "table"]
FieldKind = Literal["text", "number", "choice", "choices", "date"]
Band = Literal["starting", "developing", "established", "leading"]
Text = Annotated[str, Field(min_length=1)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_./ :+-]*$", max_length=60)]
RuleText = Annotated[Rule, BeforeValidator(parse_rule)]

LEVELS = 5
MAX_LEVEL = LEVELS - 1


class Part(BaseModel):
    """Base of every type: frozen, strict about keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Option(Part):
    """One answer to choose. ``value`` is in [0,1]; ``not_evidence`` keeps it out of the score."""

    id: Identifier
    label: Text
    value: float | None = Field(default=None, ge=0, le=1)
    aliases: tuple[str, ...] = ()
    exclusive: bool = False
    not_evidence: bool = False
    hint: str = ""


class AnswerField(Part):
    """A part of a record, an extra of a choices question, or a column of a table."""

    id: Identifier
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
        return self


class NumberSpec(Part):
    unit: str = ""
    min: float = 0
    max: float = 1_000_000_000
    integer: bool = False


Points = tuple[tuple[float, float], ...]
ColumnScore = Mapping[str, float | Points]


class ScoreRule(Part):
    """How a value in [0,1] comes out of an answer that is not a ladder or a single choice."""

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
    title: Text
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
    title: Text
    intro: str = ""
    questions: tuple[Question, ...]


class StepFile(Part):
    id: Identifier
    questions_intro: str = ""
    sections: tuple[Section, ...]


class Challenge(Part):
    """Something healthcare organizations struggle with.

    ``usual`` (0-100) is the exposure common among organizations that begin, ``harm`` the points
    added in the ranking where patients' data is at stake: both are Waymark's own estimates.
    """

    id: Identifier
    title: Text
    short: Text
    description: Text
    symptoms: tuple[Text, ...] = ()
    mitigation: Text
    usual: float | None = Field(default=None, ge=0, le=100)
    harm: float = Field(default=0, ge=0, le=100)
    ranked: bool = True
    steps: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ranked_needs_a_usual_level(self) -> Challenge:
        if self.ranked and self.usual is None:
            raise ValueError("a ranked challenge needs its 'usual' exposure")
        return self


class Effort(Part):
    """Person-days, our own estimate."""

    low: float = Field(ge=0)
    likely: float = Field(ge=0)
    high: float = Field(ge=0)

    @model_validator(mode="after")
    def _is_ordered(self) -> Effort:
        if not self.low <= self.likely <= self.high:
            raise ValueError("effort must be ordered: low <= likely <= high")
        return self


class Elapsed(Part):
    """Weeks that pass however many people help."""

    low: float = Field(ge=0)
    high: float = Field(ge=0)


class Lift(Part):
    """An answer that rises when the initiative is done; ``to`` is the level reached."""

    question: Identifier
    to: int | None = Field(default=None, ge=1, le=MAX_LEVEL)


class Initiative(Part):
    id: Identifier
    kind: Literal["action", "review", "containment"]
    title: Text
    what: Text
    step: Identifier
    phase: Identifier
    needs: tuple[str, ...] = ()
    roles: Mapping[str, float]
    effort_days: Effort
    elapsed_weeks: Elapsed | None = None
    elapsed_note: str = ""
    addresses: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    lifts: tuple[Lift, ...] = ()
    when: RuleText
    applies: RuleText | None = None
    excluded_because: str = ""
    duty: bool = False
    contains: str = ""
    go_live: bool = False
    done: tuple[Text, ...] = Field(min_length=1)
    gate: str = ""
    controls: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_complete(self) -> Initiative:
        if bool(self.applies) != bool(self.excluded_because):
            raise ValueError("'applies' and 'excluded_because' go together")
        if self.kind == "review" and not self.gate:
            raise ValueError("a review names the gate it holds")
        if (self.kind == "containment") != bool(self.contains):
            raise ValueError("'contains' belongs to containment initiatives, and to all of them")
        if self.kind == "containment" and self.needs:
            raise ValueError("containment waits for nothing: leave 'needs' empty")
        if not self.roles or any(share <= 0 for share in self.roles.values()):
            raise ValueError("name at least one role, each with a share above 0")
        return self


class ChecklistItem(Part):
    id: Identifier
    text: Text
    initiatives: tuple[str, ...] = ()
    applies: RuleText | None = None


class Gate(Part):
    id: Identifier
    title: Text
    passes_when: Text
    checklist: tuple[ChecklistItem, ...] = Field(min_length=1)
    blocks: Text
    review: Identifier
    approvers: tuple[str, ...] = ()
    step: Identifier
    sources: tuple[str, ...] = ()


class Role(Part):
    """A kind of work and where its people come from.

    ``share`` is the part of their week a programme can have (an estimate); ``default_fte`` is
    assumed when nobody has the title, and ``covered_by`` says who then does it.
    """

    id: Identifier
    title: Text
    fte_from: str | None = None
    fallback_fte_from: str | None = None
    share: float = Field(gt=0, le=1)
    default_fte: float = Field(gt=0)
    covered_by: Text


class Control(Part):
    id: Identifier
    cite: Text
    title: Text
    designation: Literal["R", "A", "R/A"] | None = None
    text: Text
    status: Literal["confirmed", "partly", "unconfirmed", "proposed"]
    status_checked_on: str | None = None
    url: str | None = None
    time_sensitive: bool = False
    regime: str = ""


class Regime(Part):
    id: Identifier
    title: Text
    applies: RuleText
    note: str = ""


class ControlFile(Part):
    regime: Regime
    controls: tuple[Control, ...]


class Concept(Part):
    id: Identifier
    kind: Text
    title: Text
    text: str = ""
    sources: tuple[str, ...] = ()


class Source(Part):
    id: Identifier
    author: Text
    title: Text
    year: int | None = None
    url: str | None = None
    note: str = ""


class Phase(Part):
    id: Identifier
    title: Text
    summary: str = ""


class CapLimit(Part):
    """A cap question at ``level`` or below holds its step's band at or under ``band``."""

    band: Band
    level: int = Field(ge=0, le=MAX_LEVEL)


class GuideFile(Part):
    id: Identifier
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    title: Text
    description: Text
    language: Text = "en"
    disclaimer: Text
    estimates_note: Text
    step_files: tuple[str, ...] = Field(min_length=1)
    overall_weights: Mapping[str, float]
    cap_limit: CapLimit
    phases: tuple[Phase, ...] = Field(min_length=1)


class Step(Part):
    id: Identifier
    number: int
    title: Text
    purpose: str = ""
    intro: str = ""
    weight: float
    sections: tuple[Section, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)


class Guide(Part):
    """A whole guide, checked: every reference in it holds. Made by ``guide.loading`` only."""

    id: str
    version: str
    title: str
    description: str
    language: str
    disclaimer: str
    estimates_note: str
    cap_limit: CapLimit
    profile: tuple[Section, ...]
    steps: tuple[Step, ...]
    phases: tuple[Phase, ...]
    challenges: tuple[Challenge, ...]
    initiatives: tuple[Initiative, ...]
    gates: tuple[Gate, ...]
    roles: tuple[Role, ...]
    regimes: tuple[Regime, ...]
    controls: tuple[Control, ...]
    concepts: tuple[Concept, ...]
    sources: tuple[Source, ...]

    @cached_property
    def profile_questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.profile for question in section.questions)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by id: the profile's first, then step by step."""
        found = {question.id: question for question in self.profile_questions}
        for step in self.steps:
            found.update({question.id: question for question in step.questions})
        return found

    @cached_property
    def tables(self) -> Mapping[str, Question]:
        """Table questions by their key in answers files."""
        return {q.table_key: q for q in self.questions.values() if q.kind == "table"}

    @cached_property
    def _index(self) -> Mapping[str, Mapping[str, Any]]:
        def by_id(parts: Iterable[Any]) -> dict[str, Any]:
            return {part.id: part for part in parts}

        return {
            "step": by_id(self.steps),
            "phase": by_id(self.phases),
            "challenge": by_id(self.challenges),
            "initiative": by_id(self.initiatives),
            "gate": by_id(self.gates),
            "role": by_id(self.roles),
            "regime": by_id(self.regimes),
            "control": by_id(self.controls),
            "concept": by_id(self.concepts),
            "source": by_id(self.sources),
        }

    def question(self, question_id: str) -> Question:
        """The question, or KeyError. A table is also found by its key (``T7``)."""
        found = self.questions.get(question_id) or self.tables.get(question_id)
        if found is None:
            raise KeyError(question_id)
        return found

    def step(self, step_id: str) -> Step:
        return self._index["step"][step_id]

    def step_questions(self, step_id: str) -> tuple[Question, ...]:
        return self.step(step_id).questions

    def phase(self, phase_id: str) -> Phase:
        return self._index["phase"][phase_id]

    def challenge(self, challenge_id: str) -> Challenge:
        return self._index["challenge"][challenge_id]

    def initiative(self, initiative_id: str) -> Initiative:
        return self._index["initiative"][initiative_id]

    def gate(self, gate_id: str) -> Gate:
        return self._index["gate"][gate_id]

    def role(self, role_id: str) -> Role:
        return self._index["role"][role_id]

    def regime(self, regime_id: str) -> Regime:
        return self._index["regime"][regime_id]

    def control(self, control_id: str) -> Control:
        return self._index["control"][control_id]

    def concept(self, concept_id: str) -> Concept:
        return self._index["concept"][concept_id]

    def source(self, source_id: str) -> Source:
        return self._index["source"][source_id]
