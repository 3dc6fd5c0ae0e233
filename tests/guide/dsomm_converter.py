"""Turns a maturity model in the shape of OWASP DSOMM's data into a guide's folder.

Dimensions become steps, sub-dimensions sections, each activity a question and the initiative that
lifts it, its level a phase with a gate, its references controls. What the model does not say is
marked as an estimate. What can't be kept (a dependency on nothing, a ring of them) is noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import yaml

LADDER = (
    "Not done, or nobody knows",
    "Begun in a few places",
    "Done in most places where it matters",
    "Done wherever it matters, with records",
    "Done wherever it matters, checked and improved",
)
NOT_DIMENSIONS = ("meta", "_meta", "implementations")
# Person-days by `time` of 1 to 5: our estimate.
DAYS = {1: 2, 2: 5, 3: 12, 4: 25, 5: 50}
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,20}")
PLACEHOLDER = "The model says nothing about it."


@dataclass
class Activity:
    id: str
    name: str
    level: int
    section: str
    data: Mapping[str, Any]
    needs: list[str] = field(default_factory=list)


@dataclass
class Dimension:
    id: str
    name: str
    about: str
    sections: dict[str, list[Activity]] = field(default_factory=dict)

    @property
    def activities(self) -> list[Activity]:
        return [activity for section in self.sections.values() for activity in section]


def convert(source: Path, folder: Path) -> list[str]:
    """Write the guide of the model in `source` (a file, or a folder of them) to `folder`.

    Returns what could not be kept.
    """
    dimensions = list(_dimensions(_documents(source)))
    activities = [activity for dimension in dimensions for activity in dimension.activities]
    notes = _resolve(activities)
    _write(folder / "guide.yaml", _guide(dimensions, activities))
    _write(folder / "profile.yaml", PROFILE)
    for number, dimension in enumerate(dimensions, start=1):
        _write(folder / f"steps/{number}.yaml", _step(dimension))
        work = [_initiative(dimension, activity) for activity in dimension.activities]
        _write(folder / f"initiatives/{number}.yaml", {"initiatives": work})
    levels = sorted({activity.level for activity in activities})
    reviews = [_review(level, dimensions[0].id) for level in levels]
    _write(folder / "initiatives/reviews.yaml", {"initiatives": reviews})
    _write(
        folder / "gates.yaml", {"gates": [_gate(n, activities, dimensions[0].id) for n in levels]}
    )
    challenges = [_challenge(dimension) for dimension in dimensions]
    _write(folder / "challenges.yaml", {"challenges": challenges})
    for number, file in enumerate(_control_files(activities), start=1):
        _write(folder / f"controls/{number}.yaml", file)
    _write(folder / "roles.yaml", ROLES)
    concepts = [_concept(dimension) for dimension in dimensions]
    _write(folder / "concepts.yaml", {"concepts": concepts})
    _write(folder / "sources.yaml", SOURCES)
    _write(folder / "targets.yaml", _targets(dimensions))
    return notes


PROFILE = {
    "id": "PROFILE",
    "sections": [
        {
            "id": "P",
            "title": "Your organization",
            "questions": [
                {
                    "id": "P.01",
                    "title": "People",
                    "text": "How many people build and run your systems?",
                    "why": "A plan holds no more work than your people can do.",
                    "kind": "record",
                    "weight": 0,
                    "fields": [{"id": "team", "label": "People", "kind": "number", "min": 0}],
                }
            ],
        }
    ],
}
ROLES = {
    "roles": [
        {
            "id": "TEAM",
            "title": "Those who build and run",
            "fte_from": "team",
            "share": 0.2,
            "default_fte": 1,
            "covered_by": "whoever builds and runs today",
        },
        {
            "id": "SECURITY",
            "title": "Security",
            "share": 0.3,
            "default_fte": 0.3,
            "covered_by": "an adviser",
        },
    ]
}
SOURCES = {"sources": [{"id": "S-MODEL", "author": "Its publisher", "title": "The model"}]}


def _documents(source: Path) -> Iterator[Mapping[str, Any]]:
    paths = sorted(source.rglob("*.yaml")) if source.is_dir() else [source]
    for path in paths:
        # BaseLoader: a date or a yes is what somebody wrote.
        for document in yaml.load_all(path.read_text(encoding="utf-8"), yaml.BaseLoader):
            if isinstance(document, dict):
                yield document


def _dimensions(documents: Iterable[Mapping[str, Any]]) -> Iterator[Dimension]:
    merged: dict[str, dict[str, Any]] = {}
    for document in documents:
        for name, content in document.items():
            if name not in NOT_DIMENSIONS and isinstance(content, dict):
                merged.setdefault(name, {}).update(content)
    for number, (name, content) in enumerate(merged.items(), start=1):
        meta = content.get("_meta")
        about = str(meta.get("description", "")) if isinstance(meta, dict) else ""
        found = Dimension(f"STEP-{number}", name, about)
        for section, activities in content.items():
            if section != "_meta" and isinstance(activities, dict):
                made = [
                    _activity(title, section, data)
                    for title, data in activities.items()
                    if isinstance(data, dict) and "uuid" in data
                ]
                if made:
                    found.sections[section] = made
        if found.sections:
            yield found


def _activity(name: str, section: str, data: Mapping[str, Any]) -> Activity:
    return Activity(data["uuid"], name, max(_whole(data.get("level"), 1), 1), section, data)


def _resolve(activities: list[Activity]) -> list[str]:
    """Fill in what each waits for, by id; what leads nowhere or around is left out and noted."""
    notes = []
    by_id = {activity.id: activity for activity in activities}
    by_name = {activity.name: activity for activity in activities}
    waits: dict[str, set[str]] = {activity.id: set() for activity in activities}
    for activity in activities:
        for wanted in _texts(activity.data.get("dependsOn")):
            key = wanted.removeprefix("uuid:").strip()
            found = by_id.get(key) or by_name.get(key)
            if found is None:
                notes.append(f"{activity.name}: it waits for '{wanted}', which is not there")
                continue
            waits[activity.id].add(found.id)
            try:
                TopologicalSorter(waits).prepare()
            except CycleError:
                waits[activity.id].remove(found.id)
                notes.append(f"{activity.name}: it and '{found.name}' wait for each other")
                continue
            activity.needs.append(found.id)
    return notes


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(part) for part in value if not isinstance(part, dict)]
    return [str(value)] if value else []


def _text(value: Any) -> str:
    return " ".join(" ".join(_texts(value)).split()) or PLACEHOLDER


def _whole(value: Any, otherwise: int) -> int:
    return int(value) if str(value).isdigit() else otherwise


def _rating(activity: Activity, name: str) -> int:
    difficulty = activity.data.get("difficultyOfImplementation")
    value = difficulty.get(name) if isinstance(difficulty, dict) else None
    return min(max(_whole(value, 3), 1), 5)


def _guide(dimensions: list[Dimension], activities: list[Activity]) -> dict[str, Any]:
    numbers = range(1, len(dimensions) + 1)
    return {
        "id": "converted-model",
        "version": "1.0.0",
        "title": "A converted maturity model",
        "description": "Made from a public maturity model by a converter.",
        "disclaimer": "A mapping of references is no statement that a standard is met.",
        "estimates_note": "Efforts, usual exposures and shares are estimates of the converter.",
        "step_files": [f"steps/{number}.yaml" for number in numbers],
        "overall_weights": {dimension.id: 1 for dimension in dimensions},
        "cap_limit": {"band": "developing", "level": 1},
        "phases": [
            {"id": f"PHASE-{level}", "title": f"Level {level}"}
            for level in sorted({activity.level for activity in activities})
        ],
        "quick_scan": _quick_scan(dimensions),
    }


def _quick_scan(dimensions: list[Dimension]) -> list[str]:
    """The most useful of the lowest level, in turn from every dimension."""
    ranked = [
        sorted(d.activities, key=lambda a: (a.level, -_whole(a.data.get("usefulness"), 3)))
        for d in dimensions
    ]
    longest = max(len(found) for found in ranked)
    turns = [found[n] for n in range(longest) for found in ranked if n < len(found)]
    return [_question_id(activity) for activity in turns[:10]]


def _question_id(activity: Activity) -> str:
    return f"Q-{activity.id}"


def _step(dimension: Dimension) -> dict[str, Any]:
    return {
        "id": dimension.id,
        "questions_intro": dimension.about,
        "sections": [
            {
                "id": f"{dimension.id}-S{number}",
                "title": name,
                "questions": [_question(dimension, activity) for activity in activities],
            }
            for number, (name, activities) in enumerate(dimension.sections.items(), start=1)
        ],
    }


def _question(dimension: Dimension, activity: Activity) -> dict[str, Any]:
    return {
        "id": _question_id(activity),
        "title": activity.name,
        "text": f"How far is this done? {_text(activity.data.get('measure'))}",
        "why": _text(activity.data.get("risk")),
        "hint": " ".join(str(activity.data.get("description", "")).split()),
        "kind": "level",
        "levels": list(LADDER),
        "weight": _whole(activity.data.get("usefulness"), 3),
        "informs": [{"challenge": _challenge_id(dimension)}],
        "sources": ["S-MODEL"],
        "controls": [control for control, _, _ in _references(activity)],
    }


def _initiative(dimension: Dimension, activity: Activity) -> dict[str, Any]:
    days = DAYS[_rating(activity, "time")] * (1 + _rating(activity, "resources")) / 3
    demanding = _rating(activity, "knowledge") >= 3
    return {
        "id": f"A-{activity.id}",
        "kind": "action",
        "title": activity.name,
        "what": _text(activity.data.get("measure")),
        "step": dimension.id,
        "phase": f"PHASE-{activity.level}",
        "needs": [f"A-{needed}" for needed in activity.needs],
        "roles": {"TEAM": 2, "SECURITY": 1} if demanding else {"TEAM": 1},
        "effort_days": {"low": days / 2, "likely": days, "high": days * 2},
        "addresses": [_challenge_id(dimension)],
        "lifts": [{"question": _question_id(activity), "to": 3}],
        "when": f"{_question_id(activity)} <= 2",
        "done": _done(activity),
        "gate": f"G-{activity.level}",
        "controls": [control for control, _, _ in _references(activity)],
        "sources": ["S-MODEL"],
    }


def _done(activity: Activity) -> list[str]:
    lines = str(activity.data.get("assessment", "")).splitlines()
    found = [line.strip().removeprefix("- ").strip() for line in lines]
    return [line for line in found if line] or [f"Shown: {_text(activity.data.get('measure'))}"]


def _review(level: int, step: str) -> dict[str, Any]:
    return {
        "id": f"R-{level}",
        "kind": "review",
        "title": f"Review of level {level}",
        "what": "Look at what shows that the level's activities are done, and decide.",
        "step": step,
        "phase": f"PHASE-{level}",
        "roles": {"TEAM": 1},
        "effort_days": {"low": 0.5, "likely": 1, "high": 2},
        "when": "always",
        "done": ["The decision is written down"],
        "gate": f"G-{level}",
        "sources": ["S-MODEL"],
    }


def _gate(level: int, activities: list[Activity], step: str) -> dict[str, Any]:
    return {
        "id": f"G-{level}",
        "title": f"Level {level}",
        "passes_when": "What belongs to the level is done, or does not apply",
        "checklist": [
            {
                "id": f"G-{level}-{number}",
                "text": activity.name,
                "initiatives": [f"A-{activity.id}"],
            }
            for number, activity in enumerate((a for a in activities if a.level == level), start=1)
        ],
        "blocks": "The next level",
        "review": f"R-{level}",
        "approvers": ["TEAM"],
        "step": step,
        "sources": ["S-MODEL"],
    }


def _challenge_id(dimension: Dimension) -> str:
    return f"CHAL-{dimension.id}"


def _challenge(dimension: Dimension) -> dict[str, Any]:
    return {
        "id": _challenge_id(dimension),
        "title": f"Gaps in {dimension.name}",
        "short": dimension.name,
        "description": dimension.about or f"What is not done in {dimension.name}.",
        "mitigation": "The activities of the dimension.",
        "usual": 60,
        "steps": [dimension.id],
        "sources": ["S-MODEL"],
    }


def _concept(dimension: Dimension) -> dict[str, Any]:
    return {"id": dimension.id, "kind": "step", "title": dimension.name, "sources": ["S-MODEL"]}


def _targets(dimensions: list[Dimension]) -> dict[str, Any]:
    steps = {dimension.id: 60 for dimension in dimensions}
    challenges = {_challenge_id(dimension): 40 for dimension in dimensions}
    proposal = {"why": "A first aim.", "steps": steps, "challenges": challenges}
    return {"targets": [proposal]}


def _references(activity: Activity) -> Iterator[tuple[str, str, str]]:
    """Control id, standard and reference, where the text is a reference and not a remark."""
    references = activity.data.get("references")
    for standard, found in references.items() if isinstance(references, dict) else ():
        for reference in dict.fromkeys(_texts(found)):
            if REFERENCE.fullmatch(reference) and any(c.isdigit() for c in reference):
                yield f"{standard}-{reference}", str(standard), reference


def _control_files(activities: list[Activity]) -> Iterator[dict[str, Any]]:
    cited: dict[str, dict[str, str]] = {}
    for activity in activities:
        for control, standard, reference in _references(activity):
            cited.setdefault(standard, {})[control] = reference
    for standard, controls in cited.items():
        yield {
            "regime": {"id": f"REG-{standard}", "title": standard, "applies": "always"},
            "controls": [
                {
                    "id": control,
                    "cite": f"{standard} {reference}",
                    "title": reference,
                    "text": "See the standard.",
                    "status": "unconfirmed",
                }
                for control, reference in sorted(controls.items())
            ],
        }


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    path.write_text(text, encoding="utf-8")
