"""What a selection is: the initiatives of a plan, why they are in it, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass

from guide.model import Initiative


@dataclass(frozen=True)
class Reason:
    """Why an initiative is in the plan.

    ``kind``: answer, challenge, duty, containment, gate, predecessor or always; ``about`` is the
    id it speaks of (a question, challenge, gate or initiative).
    """

    kind: str
    text: str
    about: str = ""

    @property
    def question(self) -> str | None:
        return self.about if self.kind == "answer" else None


@dataclass(frozen=True)
class Satisfied:
    """An initiative that needs no work, and why.

    ``shown``: the answers show that it stands; otherwise they merely do not call for it.
    """

    initiative: str
    reason: str
    shown: bool = False


@dataclass(frozen=True)
class SelectedInitiative:
    initiative: Initiative
    rank: int
    klass: int
    priority: float
    reasons: tuple[Reason, ...]
    predecessors: tuple[str, ...]
    satisfied: tuple[Satisfied, ...]


@dataclass(frozen=True)
class Excluded:
    """An initiative that contradicts the profile, or that nothing calls for."""

    initiative: str
    reason: str


@dataclass(frozen=True)
class FindOut:
    """A question whose answer is missing, and the initiatives that wait for it."""

    question: str
    reason: str
    initiatives: tuple[str, ...]


@dataclass(frozen=True)
class Selection:
    items: tuple[SelectedInitiative, ...]
    excluded: tuple[Excluded, ...]
    find_out: tuple[FindOut, ...]
    settled: tuple[Satisfied, ...] = ()
