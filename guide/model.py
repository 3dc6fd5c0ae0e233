"""What a guide is: frozen types for its questions, challenges, initiatives, gates and sources.

Content files are validated straight into these types (unknown keys are errors), so they are
also the format's reference. Cross references are checked in ``guide.references``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from guide.parts import LEVELS, MAX_LEVEL, Identifier, Part, Text, Title
from guide.questions import (
    AnswerField,
    ColumnScore,
    FieldKind,
    Informs,
    NumberSpec,
    Option,
    Points,
    Question,
    QuestionKind,
    ScoreRule,
    Section,
    StepFile,
)
from guide.work import (
    Benchmark,
    BenchmarkGroup,
    BenchmarkMeasure,
    Challenge,
    ChecklistItem,
    Concept,
    Contradiction,
    Control,
    ControlFile,
    Effort,
    Elapsed,
    Gate,
    Initiative,
    Lift,
    Phase,
    PipelineStage,
    Regime,
    Role,
    Seat,
    Source,
    Targets,
)

__all__ = [
    "LEVELS",
    "MAX_LEVEL",
    "AnswerField",
    "Band",
    "Benchmark",
    "BenchmarkGroup",
    "BenchmarkMeasure",
    "CapLimit",
    "Challenge",
    "ChecklistItem",
    "ColumnScore",
    "Concept",
    "Contradiction",
    "Control",
    "ControlFile",
    "Effort",
    "Elapsed",
    "FieldKind",
    "Gate",
    "Guide",
    "GuideFile",
    "Informs",
    "Initiative",
    "Lift",
    "NumberSpec",
    "Option",
    "Part",
    "Phase",
    "PipelineStage",
    "Points",
    "Question",
    "QuestionKind",
    "Regime",
    "Role",
    "ScoreRule",
    "Seat",
    "Section",
    "Source",
    "Step",
    "StepFile",
    "Targets",
]

# A guide reads nothing outside its own folder.
StepFileName = Annotated[str, Field(pattern=r"^steps/[A-Za-z0-9][A-Za-z0-9_.-]*\.yaml$")]
Band = Literal["starting", "developing", "established", "leading"]


class CapLimit(Part):
    """A cap question at ``level`` or below holds its step's band at or under ``band``."""

    band: Band
    level: int = Field(ge=0, le=MAX_LEVEL)


class GuideFile(Part):
    id: Identifier
    version: Annotated[str, Field(pattern=r"^[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}$")]
    title: Title
    description: Text
    language: Text = "en"
    disclaimer: Text
    estimates_note: Text
    step_files: tuple[StepFileName, ...] = Field(min_length=1)
    overall_weights: Mapping[str, float]
    cap_limit: CapLimit
    phases: tuple[Phase, ...] = Field(min_length=1)
    # A level above this needs evidence, or stays unconfirmed until someone stands for it.
    proof_level: int = Field(default=2, ge=0, le=MAX_LEVEL)
    # The few questions whose answers give the first range.
    quick_scan: tuple[str, ...] = ()
    seats: tuple[Seat, ...] = ()
    pipeline_stages: tuple[PipelineStage, ...] = ()


class Step(Part):
    id: Identifier
    number: int
    title: Title
    purpose: str = ""
    intro: str = ""
    weight: float
    sections: tuple[Section, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)


@dataclass(frozen=True)
class _Index:
    """The parts of a guide by id."""

    step: Mapping[str, Step]
    phase: Mapping[str, Phase]
    challenge: Mapping[str, Challenge]
    initiative: Mapping[str, Initiative]
    gate: Mapping[str, Gate]
    role: Mapping[str, Role]
    regime: Mapping[str, Regime]
    control: Mapping[str, Control]
    concept: Mapping[str, Concept]
    source: Mapping[str, Source]


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
    contradictions: tuple[Contradiction, ...] = ()
    targets: tuple[Targets, ...] = ()
    benchmarks: tuple[Benchmark, ...] = ()
    proof_level: int = 2
    quick_scan: tuple[str, ...] = ()
    seats: tuple[Seat, ...] = ()
    pipeline_stages: tuple[PipelineStage, ...] = ()

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
    def _index(self) -> _Index:
        return _Index(
            step={part.id: part for part in self.steps},
            phase={part.id: part for part in self.phases},
            challenge={part.id: part for part in self.challenges},
            initiative={part.id: part for part in self.initiatives},
            gate={part.id: part for part in self.gates},
            role={part.id: part for part in self.roles},
            regime={part.id: part for part in self.regimes},
            control={part.id: part for part in self.controls},
            concept={part.id: part for part in self.concepts},
            source={part.id: part for part in self.sources},
        )

    def question(self, question_id: str) -> Question:
        """The question, or KeyError. A table is also found by its key (``T7``)."""
        found = self.questions.get(question_id) or self.tables.get(question_id)
        if found is None:
            raise KeyError(question_id)
        return found

    def step(self, step_id: str) -> Step:
        return self._index.step[step_id]

    def phase(self, phase_id: str) -> Phase:
        return self._index.phase[phase_id]

    def challenge(self, challenge_id: str) -> Challenge:
        return self._index.challenge[challenge_id]

    def initiative(self, initiative_id: str) -> Initiative:
        return self._index.initiative[initiative_id]

    def gate(self, gate_id: str) -> Gate:
        return self._index.gate[gate_id]

    def role(self, role_id: str) -> Role:
        return self._index.role[role_id]

    def regime(self, regime_id: str) -> Regime:
        return self._index.regime[regime_id]

    def control(self, control_id: str) -> Control:
        return self._index.control[control_id]

    def concept(self, concept_id: str) -> Concept:
        return self._index.concept[concept_id]

    def source(self, source_id: str) -> Source:
        return self._index.source[source_id]
