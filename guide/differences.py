"""What differs between two versions of a guide: new, changed and gone, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from guide.model import (
    AnswerField,
    Challenge,
    Control,
    Gate,
    Guide,
    Initiative,
    Option,
    Part,
    Question,
)

P = TypeVar("P", bound=Part)
# What an answer is made of. A reworded question asks the same; other levels mean something else.
ANSWER_PARTS = ("kind", "levels", "options", "fields", "columns", "number")


@dataclass(frozen=True)
class Change(Generic[P]):
    """One thing that is in both versions. ``parts`` names the keys that differ, as in the files;
    ``meaning`` says that an old answer may mean something else now (questions only).
    """

    old: P
    new: P
    parts: tuple[str, ...]
    meaning: bool = False


@dataclass(frozen=True)
class PartsDiff(Generic[P]):
    """All things of one kind."""

    new: tuple[P, ...]
    changed: tuple[Change[P], ...]
    gone: tuple[P, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


@dataclass(frozen=True)
class GuideDiff:
    """From one version to another, in the guides' own order. False when nothing differs here."""

    questions: PartsDiff[Question]
    initiatives: PartsDiff[Initiative]
    gates: PartsDiff[Gate]
    controls: PartsDiff[Control]
    challenges: PartsDiff[Challenge]

    def __bool__(self) -> bool:
        kinds = (self.questions, self.initiatives, self.gates, self.controls, self.challenges)
        return any(kinds)


def compare_guides(old: Guide, new: Guide) -> GuideDiff:
    """What an organization that moves from one version to the other should know."""
    questions = _compare(old.questions.values(), new.questions.values())
    changed = (
        Change(c.old, c.new, c.parts, bool(changed_meaning(c.old, c.new)))
        for c in questions.changed
    )
    return GuideDiff(
        questions=PartsDiff(questions.new, tuple(changed), questions.gone),
        initiatives=_compare(old.initiatives, new.initiatives),
        gates=_compare(old.gates, new.gates),
        controls=_compare(old.controls, new.controls),
        challenges=_compare(old.challenges, new.challenges),
    )


def _compare(old: Iterable[P], new: Iterable[P]) -> PartsDiff[P]:
    before, after = _by_id(old), _by_id(new)
    changed = []
    for part_id, part in after.items():
        was = before.get(part_id)
        if was is not None and was != part:
            names = type(part).model_fields
            differing = (name for name in names if getattr(was, name) != getattr(part, name))
            changed.append(Change(was, part, tuple(differing)))
    return PartsDiff(
        new=tuple(part for part_id, part in after.items() if part_id not in before),
        changed=tuple(changed),
        gone=tuple(part for part_id, part in before.items() if part_id not in after),
    )


def _by_id(parts: Iterable[P]) -> Mapping[str, P]:
    return {str(getattr(part, "id", "")): part for part in parts}


def changed_meaning(old: Question, new: Question) -> tuple[str, ...]:
    """The parts through which an answer to the old question may mean something else in the new.

    What a reader sees counts: labels, levels, units, limits, which options there are. Aliases,
    hints and points do not.
    """
    seen = ((name, _as_seen(old, name), _as_seen(new, name)) for name in ANSWER_PARTS)
    return tuple(name for name, before, after in seen if before != after)


def _as_seen(question: Question, name: str) -> Any:
    value = getattr(question, name)
    if name == "options":
        return _labels(value)
    if name in ("fields", "columns"):
        return {field.id: _field(field) for field in value}
    return value


def _labels(options: Iterable[Option]) -> Mapping[str, str]:
    return {option.id: option.label for option in options}


def _field(field: AnswerField) -> tuple[object, ...]:
    return field.label, field.kind, field.unit, field.min, field.max, _labels(field.options)
