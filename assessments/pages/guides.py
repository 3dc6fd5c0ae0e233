"""Guides as people read them: what one holds, and what differs between two versions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guide.differences import ANSWER_PARTS, Change, PartsDiff, compare_guides
from guide.model import AnswerField, Challenge, Guide, NumberSpec, Option, Part

# Longer lists are folded.
OPEN_LINES = 8
Labelled = (Option, AnswerField)

PARTS = {
    "title": gettext_lazy("title"),
    "text": gettext_lazy("wording"),
    "why": gettext_lazy("why we ask"),
    "kind": gettext_lazy("kind of answer"),
    "levels": gettext_lazy("levels"),
    "options": gettext_lazy("options"),
    "fields": gettext_lazy("parts of the answer"),
    "columns": gettext_lazy("columns"),
    "number": gettext_lazy("unit or limits"),
    "weight": gettext_lazy("weight"),
    "cap": gettext_lazy("cap"),
    "safety": gettext_lazy("safety"),
    "applies": gettext_lazy("when it applies"),
    "not_asked": gettext_lazy("why it is not asked"),
    "informs": gettext_lazy("challenges it informs"),
    "scores": gettext_lazy("how it is valued"),
    "links": gettext_lazy("links"),
    "sources": gettext_lazy("sources"),
    "controls": gettext_lazy("controls"),
    "hint": gettext_lazy("hint"),
    "section": gettext_lazy("section"),
    "step": gettext_lazy("step"),
    "what": gettext_lazy("what to do"),
    "when": gettext_lazy("what calls for it"),
    "needs": gettext_lazy("what it waits for"),
    "roles": gettext_lazy("roles"),
    "effort_days": gettext_lazy("effort"),
    "elapsed_weeks": gettext_lazy("time that passes"),
    "addresses": gettext_lazy("challenges it addresses"),
    "lifts": gettext_lazy("answers it lifts"),
    "done": gettext_lazy("what shows that it is done"),
    "checklist": gettext_lazy("checklist"),
}


@dataclass(frozen=True)
class Shown:
    """A changed part as it was and as it is."""

    name: str
    before: list[str]
    now: list[str]


@dataclass(frozen=True)
class Line:
    """One thing that is new, changed or gone. `meaning`: answers may mean something else."""

    id: str
    title: str
    parts: str = ""
    meaning: bool = False
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class Kind:
    """All that differs of one kind of thing."""

    id: str
    title: str
    new: tuple[Line, ...]
    changed: tuple[Line, ...]
    gone: tuple[Line, ...]

    @property
    def groups(self) -> list[tuple[str, tuple[Line, ...], bool]]:
        """Name, lines, and whether it is short enough to stand open."""
        named = ((_("Changed"), self.changed), (_("New"), self.new), (_("Gone"), self.gone))
        return [(name, lines, len(lines) <= OPEN_LINES) for name, lines in named if lines]

    @property
    def number(self) -> int:
        return len(self.new) + len(self.changed) + len(self.gone)


@dataclass(frozen=True)
class Changes:
    kinds: tuple[Kind, ...]
    # Changed questions whose answers must be read again.
    meaning: int

    def __bool__(self) -> bool:
        return bool(self.kinds)


def changes_between(old: Guide, new: Guide) -> Changes:
    found = compare_guides(old, new)
    kinds = (
        _kind("questions", _("Questions"), found.questions),
        _kind("challenges", _("Challenges"), found.challenges),
        _kind("initiatives", _("Initiatives"), found.initiatives),
        _kind("gates", _("Gates"), found.gates),
        _kind("controls", _("Controls"), found.controls),
    )
    meaning = sum(change.meaning for change in found.questions.changed)
    return Changes(tuple(kind for kind in kinds if kind.number), meaning)


def _kind(name: str, title: str, diff: PartsDiff[Any]) -> Kind:
    # What must be read again comes first.
    changed = sorted(diff.changed, key=lambda change: not change.meaning)
    return Kind(
        id=name,
        title=title,
        new=tuple(_line(part) for part in diff.new),
        changed=tuple(_changed(change) for change in changed),
        gone=tuple(_line(part) for part in diff.gone),
    )


def _line(part: Any) -> Line:
    return Line(part.id, part.title)


def _changed(change: Change[Any]) -> Line:
    names = [str(PARTS.get(name, name.replace("_", " "))) for name in change.parts]
    # What an answer is made of first: that is what must be read again.
    by_weight = sorted(change.parts, key=lambda name: name not in ANSWER_PARTS)
    shown = (_shown(change, name) for name in by_weight)
    return Line(
        change.new.id,
        change.new.title,
        ", ".join(names),
        change.meaning,
        tuple(part for part in shown if part is not None),
    )


def _shown(change: Change[Any], name: str) -> Shown | None:
    before, now = _texts(getattr(change.old, name)), _texts(getattr(change.new, name))
    if before is None or now is None:
        return None
    return Shown(str(PARTS.get(name, name.replace("_", " "))), before, now)


def _texts(value: Any) -> list[str] | None:
    """Texts that a reader can compare; None for what only the files tell."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, NumberSpec):
        return [_limits(value)]
    if isinstance(value, tuple) and all(isinstance(part, (str, Labelled)) for part in value):
        return [part if isinstance(part, str) else _label(part) for part in value]
    return None


def _label(part: Option | AnswerField) -> str:
    if isinstance(part, Option):
        return part.label
    options = ", ".join(option.label for option in part.options)
    return f"{part.label}: {options}" if options else part.label


def _limits(number: NumberSpec) -> str:
    parts = {_("unit"): number.unit, _("from"): number.min, _("to"): number.max}
    return ", ".join(f"{name} {part}" for name, part in parts.items() if part not in ("", None))


@dataclass(frozen=True)
class Overview:
    """What a guide holds."""

    guide: Guide
    questions: int
    counts: list[tuple[str, int]] = field(default_factory=list)
    challenges: Sequence[Challenge] = ()


def overview(guide: Guide) -> Overview:
    counts: Iterable[tuple[str, Sequence[Part]]] = (
        (_("profile questions"), guide.profile_questions),
        (_("steps"), guide.steps),
        (_("questions in them"), [q for step in guide.steps for q in step.questions]),
        (_("challenges"), guide.challenges),
        (_("initiatives"), guide.initiatives),
        (_("gates"), guide.gates),
        (_("controls"), guide.controls),
        (_("rules for contradictions"), guide.contradictions),
        (_("target profiles"), guide.targets),
        (_("sources"), guide.sources),
    )
    return Overview(
        guide=guide,
        questions=sum(len(step.questions) for step in guide.steps),
        counts=[(name, len(parts)) for name, parts in counts],
        challenges=guide.challenges,
    )
