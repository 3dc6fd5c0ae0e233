"""What others report: use cases, case studies and rulings, by the decision they help with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guide.model import Challenge, Concept, Guide, Step

# Reports first, then what is claimed, then how to judge offers and where the sources disagree.
KINDS = (
    "case_study",
    "use_case",
    "benefit",
    "figure",
    "partner",
    "conflict",
    "tool_kind",
    "definition",
)
OTHER = "other"


@dataclass(frozen=True)
class Shelf:
    """Concepts of one kind."""

    kind: str
    concepts: tuple[Concept, ...]


def topics(guide: Guide) -> tuple[Step | Challenge, ...]:
    """The steps and challenges that some reading helps with, in the guide's order."""
    helped = {topic for concept in guide.concepts for topic in concept.helps_with}
    parts: tuple[Step | Challenge, ...] = (*guide.steps, *guide.challenges)
    return tuple(part for part in parts if part.id in helped)


def shelves(guide: Guide, topic: str | None = None) -> tuple[Shelf, ...]:
    """The reading for one step or challenge, or all of it, sorted by kind."""
    concepts = [c for c in guide.concepts if _helps(c, topic)]
    return tuple(
        Shelf(kind, found) for kind in (*KINDS, OTHER) if (found := tuple(_of_kind(concepts, kind)))
    )


def _helps(concept: Concept, topic: str | None) -> bool:
    return topic in concept.helps_with if topic else bool(concept.helps_with)


def _of_kind(concepts: Iterable[Concept], kind: str) -> Iterable[Concept]:
    for concept in concepts:
        if concept.kind == kind or (kind == OTHER and concept.kind not in KINDS):
            yield concept
