"""A whole guide as one text: how released and uploaded guides are kept, unchanging.

The text is JSON with every value written out, defaults too, so that a later default can't change
what an old guide means. Lists and mappings keep their order, because plans follow it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import ValidationError

from guide.loading import GuideError
from guide.model import Guide, Part, Section
from guide.references import check_references
from guide.yamlfile import Problem

FORMAT = 1
MAX_CHARACTERS = 20_000_000
_KINDS: tuple[str, ...] = (
    "step",
    "phase",
    "challenge",
    "initiative",
    "gate",
    "role",
    "regime",
    "control",
)
_KINDS += ("concept", "source", "contradiction", "seat", "pipeline_stage")


class _Compiled(Part):
    format: Literal[1]
    guide: Guide


class CompiledGuideError(GuideError):
    """A compiled guide that can't be used: damaged, or not made by this format."""


def dump_guide(guide: Guide) -> str:
    """The guide as JSON: the same guide gives the same text."""
    content = {"format": FORMAT, "guide": guide.model_dump(mode="json")}
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def load_compiled(
    text: str, name: str = "compiled guide", *, already_checked: bool = False
) -> Guide:
    """The guide that `dump_guide` wrote, checked like one that is read from its folder.

    ``already_checked``: it was, when it was stored. A check that a later Waymark adds must not
    take away a guide that assessments were made with.

    Raises:
        CompiledGuideError: with everything that is wrong; `name` says in which text.
    """
    if len(text) > MAX_CHARACTERS:
        raise _damaged(name, [f"it is longer than {MAX_CHARACTERS:,} characters"])
    try:
        guide = _Compiled.model_validate_json(text, strict=True).guide
    except ValidationError as error:
        raise _damaged(name, _in_words(error)) from error
    if already_checked:
        return guide
    messages = list(_misplaced(guide))
    check_references(guide, lambda _, part, message: messages.append(f"{part}: {message}"))
    if messages:
        raise _damaged(name, messages)
    return guide


def _damaged(name: str, messages: list[str]) -> CompiledGuideError:
    return CompiledGuideError([Problem(name, 1, message) for message in messages])


def _in_words(error: ValidationError) -> list[str]:
    found = {".".join(map(str, detail["loc"])): detail["msg"] for detail in error.errors()}
    if "format" in found:
        return [f"it is not written in format {FORMAT}, which this version of Waymark reads"]
    return [f"it is damaged: {place}: {what}".replace(" : ", " ") for place, what in found.items()]


def _misplaced(guide: Guide) -> Iterator[str]:
    """What the loader of folders sees to: every id once, every question told its place."""
    yield from _wrong_places("PROFILE", guide.profile)
    for step in guide.steps:
        yield from _wrong_places(step.id, step.sections)
    regimes = {regime.id for regime in guide.regimes}
    for control in guide.controls:
        if control.regime not in regimes:
            yield f"{control.id}: there is no regime '{control.regime}'"
    sections = [*guide.profile, *(section for step in guide.steps for section in step.sections)]
    parts: dict[str, Any] = {
        "section": sections,
        "question": [question for section in sections for question in section.questions],
        **{kind: getattr(guide, f"{kind}s") for kind in _KINDS},
    }
    for kind, found in parts.items():
        for part_id, count in Counter(part.id for part in found).items():
            if count > 1:
                yield f"{kind} '{part_id}' exists {count} times"


def _wrong_places(step: str, sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        for question in section.questions:
            if (question.step, question.section) != (step, section.id):
                yield f"{question.id}: it stands in {step} {section.id} and says otherwise"
