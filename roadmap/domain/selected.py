"""What a selection is: the initiatives of a plan, why they are in it, and what is left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from guide.model import Initiative


@dataclass(frozen=True)
class Reason:
    """Why an initiative is in the plan.

    ``kind``: answer, challenge, duty, containment, gate, predecessor, always, own or wave;
    ``about`` is the id it speaks of (a question, challenge, gate or initiative).
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


def without(
    selection: Selection, gone: Collection[str], said: Mapping[str, str] | None = None
) -> Selection:
    """The selection without these initiatives, ranked anew.

    Who waited for one of them waits for what that one waited for, so that no gate is jumped.
    ``said``: what is shown beside those who would have waited, by the initiative that is gone.
    """
    if not gone:
        return selection
    by_id = {item.initiative.id: item for item in selection.items}
    order = {id: n for n, id in enumerate(by_id)}
    rest = [item for item in selection.items if item.initiative.id not in gone]
    items = []
    for rank, item in enumerate(rest, start=1):
        missed = [other for other in item.predecessors if other in gone]
        if missed:
            held = _through(item.predecessors, by_id, gone)
            settled = (Satisfied(other, said[other]) for other in missed if said and other in said)
            item = replace(
                item,
                predecessors=tuple(sorted(held, key=order.__getitem__)),
                satisfied=(*item.satisfied, *settled),
            )
        items.append(item if item.rank == rank else replace(item, rank=rank))
    return replace(selection, items=tuple(items))


def _through(
    needs: Iterable[str], by_id: Mapping[str, SelectedInitiative], gone: Collection[str]
) -> set[str]:
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(needs)
    while waiting:
        needed = waiting.pop()
        if needed in seen:
            continue
        seen.add(needed)
        if needed in gone:
            waiting += by_id[needed].predecessors
        else:
            found.add(needed)
    return found
