"""What a guide says about the work: challenges, initiatives, gates, roles, controls, sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from guide.parts import MAX_LEVEL, Identifier, Part, RuleText, Text, Title, WebAddress


class Challenge(Part):
    """Something healthcare organizations struggle with.

    ``usual`` (0-100) is the exposure common among organizations that begin, ``harm`` the points
    added in the ranking where patients' data is at stake: both are Waymark's own estimates.
    """

    id: Identifier
    title: Title
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
    title: Title
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


# Versions before the attribute say it in words alone.
SHOWN_WORKING = "shown working"


class ChecklistItem(Part):
    """``needs_evidence``: finished work or a person's word are not enough, a file or link is."""

    id: Identifier
    text: Text
    initiatives: tuple[str, ...] = ()
    applies: RuleText | None = None
    needs_evidence: bool = False

    @property
    def must_be_shown(self) -> bool:
        return self.needs_evidence or says_shown_working(self.text)


def says_shown_working(text: str) -> bool:
    """Whether an item's text asks for proof, whatever its attribute says."""
    return SHOWN_WORKING in text.lower()


class Gate(Part):
    id: Identifier
    title: Title
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
    title: Title
    fte_from: str | None = None
    fallback_fte_from: str | None = None
    share: float = Field(gt=0, le=1)
    default_fte: float = Field(gt=0)
    covered_by: Text


class Control(Part):
    id: Identifier
    cite: Text
    title: Title
    designation: Literal["R", "A", "R/A"] | None = None
    text: Text
    status: Literal["confirmed", "partly", "unconfirmed", "proposed"]
    status_checked_on: str | None = None
    url: WebAddress | None = None
    time_sensitive: bool = False
    # Pipeline stages whose records can show it (ids of the guide's ``pipeline_stages``).
    stages: tuple[str, ...] = ()
    regime: str = ""


class Regime(Part):
    id: Identifier
    title: Title
    applies: RuleText
    note: str = ""


class ControlFile(Part):
    regime: Regime
    controls: tuple[Control, ...]


class Concept(Part):
    """Something the sources say. ``helps_with`` names the steps and challenges where reading it
    helps to decide; ``caveat`` says what it does not show (for use cases and case studies).
    """

    id: Identifier
    kind: Text
    title: Title
    text: str = ""
    helps_with: tuple[str, ...] = ()
    caveat: str = ""
    sources: tuple[str, ...] = ()


class Contradiction(Part):
    """Answers that hardly go together. It is shown with all of them and blocks nothing."""

    id: Identifier
    title: Title
    text: Text
    when: RuleText
    questions: tuple[str, ...] = Field(min_length=2)


class Targets(Part):
    """A proposed target profile: readiness by step, exposure by challenge, both 0-100.

    ``kinds`` are kinds of organization (options of the profile's first question); the one without
    kinds is for all others. These are Waymark's own proposals.
    """

    kinds: tuple[str, ...] = ()
    why: Text
    steps: Mapping[str, float]
    challenges: Mapping[str, float] = Field(default_factory=dict)


class Seat(Part):
    """From where in the organization a person answers: IT, security, compliance, …"""

    id: Identifier
    title: Title
    hint: str = ""


class PipelineStage(Part):
    """A stage of the delivery pipeline and the record it leaves behind."""

    id: Identifier
    title: Title
    record: str = ""


class Source(Part):
    id: Identifier
    author: Text
    title: Title
    year: int | None = None
    url: WebAddress | None = None
    note: str = ""


class Phase(Part):
    id: Identifier
    title: Title
    summary: str = ""


class BenchmarkMeasure(Part):
    """A published figure to stand beside one answer.

    ``categories`` are (limit, category): a value under the limit belongs to the category, one at
    or above all limits to ``last_category``; a category c of 1-6 lies at (c - 1) / 5 * 10 on the
    published scale. Without categories the answer is a percentage and stands as it is.
    ``figures`` are (mean, standard deviation) by group, or (share,) alone.
    """

    id: Identifier
    title: Title
    question: Identifier
    field: str = ""
    categories: tuple[tuple[float, int], ...] = ()
    last_category: int | None = None
    high_is: Literal["quicker", "more often", "worse"]
    figures: Mapping[str, tuple[float, ...]]

    @model_validator(mode="after")
    def _is_complete(self) -> BenchmarkMeasure:
        if bool(self.categories) != (self.last_category is not None):
            raise ValueError("'categories' and 'last_category' go together")
        limits = [limit for limit, _ in self.categories]
        if limits != sorted(set(limits)):
            raise ValueError("the limits of categories must rise")
        if any(len(figure) not in (1, 2) for figure in self.figures.values()):
            raise ValueError("a figure is [mean, standard deviation] or [share]")
        return self


class BenchmarkGroup(Part):
    id: Identifier
    title: Title


class Benchmark(Part):
    """Figures somebody published, to compare with and never to be graded by."""

    id: Identifier
    title: Title
    source: Identifier
    year: int
    licence: Text
    note: Text
    groups: tuple[BenchmarkGroup, ...]
    measures: tuple[BenchmarkMeasure, ...]

    @model_validator(mode="after")
    def _figures_are_of_its_groups(self) -> Benchmark:
        groups = {group.id for group in self.groups}
        for measure in self.measures:
            if set(measure.figures) != groups:
                raise ValueError(f"'{measure.id}': give a figure for each group: {sorted(groups)}")
        return self
