"""Strict loading of a guide from its folder.

Everything wrong is reported at once, each with file, line and what to do.
Run ``python -m guide.loading DIR`` to judge a folder by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from guide.messages import in_words
from guide.model import (
    Benchmark,
    Challenge,
    Concept,
    Contradiction,
    ControlFile,
    Gate,
    Guide,
    GuideFile,
    Initiative,
    Part,
    Question,
    Role,
    Section,
    Source,
    Step,
    StepFile,
    Targets,
)
from guide.references import check_references, target_name
from guide.warnings import check_warnings
from guide.yamlfile import Located, Problem, read_yaml

T = TypeVar("T", bound=BaseModel)
MAX_FILE_BYTES = 2_000_000
# Of all files together: a few times the largest guide we know, and seconds to read.
MAX_ENTRIES = 120_000


class GuideError(Exception):
    """A guide that can't be used. ``problems`` has everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ChallengesFile(Part):
    challenges: tuple[Challenge, ...]


class InitiativesFile(Part):
    initiatives: tuple[Initiative, ...]


class GatesFile(Part):
    gates: tuple[Gate, ...]


class RolesFile(Part):
    roles: tuple[Role, ...]


class ConceptsFile(Part):
    concepts: tuple[Concept, ...]


class SourcesFile(Part):
    sources: tuple[Source, ...]


class ContradictionsFile(Part):
    contradictions: tuple[Contradiction, ...]


class BenchmarksFile(Part):
    benchmarks: tuple[Benchmark, ...]


class TargetsFile(Part):
    targets: tuple[Targets, ...]


@dataclass
class Origins:
    """Where each thing of a guide was written, for messages."""

    places: dict[tuple[str, str], Problem] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def add(self, kind: str, part_id: str, located: Located, path: tuple[str | int, ...]) -> None:
        here = located.problem(path, "")
        first = self.places.setdefault((kind, part_id), here)
        if first is not here:
            where = f"{first.file}:{first.line}"
            message = f"{kind} '{part_id}' exists already ({where}); give this one its own id"
            self.problems.append(Problem(here.file, here.line, message))

    def report(self, kind: str, part_id: str, message: str) -> None:
        here = self.places.get((kind, part_id), Problem("guide.yaml", 1, ""))
        self.problems.append(Problem(here.file, here.line, f"{part_id}: {message}"))


class _Folder:
    """Reads and validates files of one guide, collecting what is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.origins = Origins()
        self.read: set[str] = set()
        self.entries = 0

    def load(self, name: str, shape: type[T]) -> tuple[T, Located] | None:
        located = self._read(name)
        if located is None or located.problems:
            return None
        try:
            return shape.model_validate(located.data), located
        except ValidationError as error:
            self.problems += [_as_problem(located, detail) for detail in error.errors()]
            return None

    def _read(self, name: str) -> Located | None:
        path = self.folder / name
        self.read.add(name)
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise OSError(f"it is larger than {MAX_FILE_BYTES:,} bytes; split it")
            content = path.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            self.problems.append(Problem(name, 1, f"the file can't be read: {reason}"))
            return None
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            message = "a character here is not UTF-8; save the file with that encoding"
            self.problems.append(Problem(name, line, message))
            return None
        if self.entries > MAX_ENTRIES:
            message = f"the guide has more than {MAX_ENTRIES:,} entries; this file was not read"
            self.problems.append(Problem(name, 1, message))
            return None
        located = read_yaml(text, name)
        self.entries += located.entries
        self.problems += located.problems
        return located

    def targets(self) -> tuple[Targets, ...]:
        """The proposed target profiles; a guide may do without."""
        if not (self.folder / "targets.yaml").exists():
            return ()
        loaded = self.load("targets.yaml", TargetsFile)
        if loaded is None:
            return ()
        for i, part in enumerate(loaded[0].targets):
            self.origins.add("targets", target_name(part), loaded[1], ("targets", i))
        return loaded[0].targets

    def names(self, pattern: str) -> list[str]:
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.glob(pattern))

    def listed(self, name: str, shape: type[T], key: str, kind: str) -> tuple[Any, ...]:
        """The things a file lists under ``key``, their places noted."""
        loaded = self.load(name, shape)
        if loaded is None:
            return ()
        parts = getattr(loaded[0], key)
        for i, part in enumerate(parts):
            self.origins.add(kind, part.id, loaded[1], (key, i, "id"))
        return tuple(parts)

    def sections(self, name: str, step: str) -> tuple[StepFile, tuple[Section, ...]] | None:
        """A file of questions, each question told its step and section."""
        loaded = self.load(name, StepFile)
        if loaded is None:
            return None
        file, located = loaded
        sections = []
        for i, section in enumerate(file.sections):
            self.origins.add("section", section.id, located, ("sections", i, "id"))
            questions = []
            for j, question in enumerate(section.questions):
                path = ("sections", i, "questions", j, "id")
                self.origins.add("question", question.id, located, path)
                place = {"step": step, "section": section.id}
                questions.append(question.model_copy(update=place))
            sections.append(section.model_copy(update={"questions": tuple(questions)}))
        return file, tuple(sections)


def _as_problem(located: Located, detail: Mapping[str, Any]) -> Problem:
    return located.problem(tuple(detail["loc"]), in_words(detail))


def load_guide(folder: Path) -> Guide:
    """Load and check a guide.

    Raises:
        GuideError: with every problem found, each naming file, line and what to do.
    """
    return read_guide(folder)[0]


def read_guide(folder: Path) -> tuple[Guide, Origins]:
    """A checked guide and where each of its parts is written.

    Raises:
        GuideError: as `load_guide`.
    """
    reader = _Folder(Path(folder))
    parts = _read_parts(reader)
    if reader.problems or reader.origins.problems or parts is None:
        raise GuideError(reader.problems + reader.origins.problems)
    guide = Guide(**parts)
    check_references(guide, reader.origins.report)
    if reader.origins.problems:
        raise GuideError(reader.origins.problems)
    reader.origins.unread = tuple(n for n in reader.names("**/*.y*ml") if n not in reader.read)
    return guide, reader.origins


def guide_warnings(guide: Guide, origins: Origins) -> list[Problem]:
    """What looks like a slip in a guide that can be used, with its place."""
    found = Origins(places=origins.places)
    check_warnings(guide, found.report)
    message = "nothing reads this file; check its name and folder, and step_files in guide.yaml"
    found.problems += [Problem(name, 1, message) for name in origins.unread]
    return sorted(set(found.problems))


# Files that list parts: pattern, shape, the key they stand under, and what messages call one.
_LISTS: tuple[tuple[str, type[Part], str, str], ...] = (
    ("initiatives/*.yaml", InitiativesFile, "initiatives", "initiative"),
    ("challenges.yaml", ChallengesFile, "challenges", "challenge"),
    ("gates.yaml", GatesFile, "gates", "gate"),
    ("roles.yaml", RolesFile, "roles", "role"),
    ("concepts.yaml", ConceptsFile, "concepts", "concept"),
    ("sources.yaml", SourcesFile, "sources", "source"),
    ("contradictions.yaml", ContradictionsFile, "contradictions", "contradiction"),
    ("benchmarks.yaml", BenchmarksFile, "benchmarks", "benchmark"),
)
_MAY_BE_LEFT_OUT = ("initiatives", "contradictions", "benchmarks")


def _read_parts(reader: _Folder) -> dict[str, Any] | None:
    loaded = reader.load("guide.yaml", GuideFile)
    profile = reader.sections("profile.yaml", "PROFILE")
    parts = _read_lists(reader)
    regimes, controls = _read_controls(reader)
    targets = reader.targets()
    if loaded is None:
        for name in reader.names("steps/*.yaml"):
            reader.sections(name, "")
        return None
    file, located = loaded
    for kind, key in (("phase", "phases"), ("seat", "seats"), ("stage", "pipeline_stages")):
        for i, part in enumerate(getattr(file, key)):
            reader.origins.add(kind, part.id, located, (key, i, "id"))
    return {
        **{k: getattr(file, k) for k in ("id", "version", "title", "description", "language")},
        **{k: getattr(file, k) for k in ("disclaimer", "estimates_note", "cap_limit", "phases")},
        **{k: getattr(file, k) for k in ("proof_level", "quick_scan", "seats", "pipeline_stages")},
        **parts,
        "profile": profile[1] if profile else (),
        "steps": _read_steps(reader, file, {part.id: part for part in parts["concepts"]}),
        "regimes": regimes,
        "controls": controls,
        "targets": targets,
    }


def _read_lists(reader: _Folder) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for pattern, shape, key, kind in _LISTS:
        names = reader.names(pattern) or ([] if key in _MAY_BE_LEFT_OUT else [pattern])
        found[key] = tuple(part for name in names for part in reader.listed(name, shape, key, kind))
    return found


def _read_steps(
    reader: _Folder, file: GuideFile, concepts: Mapping[str, Concept]
) -> tuple[Step, ...]:
    steps = []
    for number, name in enumerate(file.step_files, start=1):
        loaded = reader.sections(name, f"STEP-{number}")
        if loaded is None:
            continue
        step_file, sections = loaded
        reader.origins.add("step", step_file.id, Located(name), ())
        concept = concepts.get(step_file.id)
        if step_file.id not in file.overall_weights:
            message = f"give {step_file.id} a weight under overall_weights in guide.yaml"
            reader.problems.append(Problem(name, 1, message))
        sections = tuple(_with_step(section, step_file.id) for section in sections)
        steps.append(
            Step(
                id=step_file.id,
                number=number,
                title=concept.title if concept else step_file.id,
                purpose=concept.text if concept else "",
                intro=step_file.questions_intro,
                weight=file.overall_weights.get(step_file.id, 1),
                sections=sections,
            )
        )
    return tuple(steps)


def _with_step(section: Section, step: str) -> Section:
    questions: list[Question] = [
        question.model_copy(update={"step": step}) for question in section.questions
    ]
    return section.model_copy(update={"questions": tuple(questions)})


def _read_controls(reader: _Folder) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    regimes: list[Any] = []
    controls: list[Any] = []
    for name in reader.names("controls/*.yaml"):
        loaded = reader.load(name, ControlFile)
        if loaded is None:
            continue
        file, located = loaded
        reader.origins.add("regime", file.regime.id, located, ("regime", "id"))
        regimes.append(file.regime)
        for i, control in enumerate(file.controls):
            reader.origins.add("control", control.id, located, ("controls", i, "id"))
            controls.append(control.model_copy(update={"regime": file.regime.id}))
    return tuple(regimes), tuple(controls)


def main(arguments: list[str]) -> int:
    """Judge a folder: print every problem and warning, or what the guide holds."""
    if len(arguments) != 1:
        print("usage: python -m guide.loading DIR", file=sys.stderr)
        return 2
    try:
        guide, origins = read_guide(Path(arguments[0]))
    except GuideError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} problem(s)", file=sys.stderr)
        return 1
    for warning in guide_warnings(guide, origins):
        print(f"warning: {warning}")
    print(f"{guide.id} {guide.version}: {len(guide.questions)} questions, ", end="")
    print(f"{len(guide.initiatives)} initiatives, {len(guide.gates)} gates. No problem found.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
