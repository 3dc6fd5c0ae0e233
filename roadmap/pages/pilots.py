"""What the pages of the pilot show, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from guide.model import Guide
from roadmap.domain.pilot.candidates import CANDIDATES, EXCLUDED_BECAUSE, Candidate, Picking
from roadmap.domain.pilot.charter import AREA_TITLES, Checked, Criterion


@dataclass(frozen=True)
class CandidateView:
    """`unknown`: the labels of the columns that hold nothing."""

    candidate: Candidate
    excluded: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class CriterionView:
    criterion: Criterion
    area: str
    recorded: tuple[str, ...]


def compared_candidates(guide: Guide, picking: Picking | None) -> tuple[CandidateView, ...]:
    """All candidates in order of rank, the excluded ones last."""
    if picking is None:
        return ()
    labels = {column.id: column.label for column in guide.question(CANDIDATES).columns}
    return tuple(
        CandidateView(
            candidate=candidate,
            excluded=tuple(EXCLUDED_BECAUSE[kind] for kind in candidate.excluded),
            unknown=tuple(labels.get(voice.column, voice.column) for voice in candidate.unknown),
        )
        for candidate in (*picking.ranked, *picking.excluded)
    )


def criteria_rows(guide: Guide, checked: Sequence[Checked]) -> tuple[CriterionView, ...]:
    """The criteria with what step 6 recorded of each, in words."""
    return tuple(
        CriterionView(
            criterion=item.criterion,
            area=AREA_TITLES[item.criterion.area],
            recorded=tuple(_recorded(row) for row in item.rows),
        )
        for item in checked
    )


def _recorded(row: dict[str, Any] | Any) -> str:
    parts = []
    for key, word in (("baseline", "baseline"), ("now", "now"), ("target", "target")):
        if row.get(key) not in (None, ""):
            parts.append(f"{word} {row[key]}")
    system = f"{row['system']}: " if row.get("system") else ""
    return f"{system}{', '.join(parts)}" if parts else f"{system}no value"
