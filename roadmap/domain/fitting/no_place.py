"""Why something has no place in a plan at all, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guide.model import Role
from roadmap.domain.explaining.unplannable import NoPlace, Unplannable

YEARS = "the ten years that can be planned"
REASONS = {
    NoPlace.FREEZE: f"Freezes leave no room for its go-live within {YEARS}.",
    NoPlace.CALENDAR: f"Freezes and absences leave no room for it within {YEARS}.",
    NoPlace.EARLIEST: f"It is not to start before the end of {YEARS}.",
    NoPlace.PIN: f"It is fixed beyond the end of {YEARS}.",
    NoPlace.LIMIT: f"The limit of parallel work leaves no room for it within {YEARS}.",
}


def absent_reason(roles: Sequence[Role]) -> str:
    titles = ", ".join(role.title for role in roles)
    return f"Nobody does {titles}, so it cannot be planned. Name who does it, or who can help."


def no_place_reason(row: Unplannable, roles: Mapping[str, Role]) -> str:
    title = roles[row.about].title if row.about in roles else ""
    if row.kind is NoPlace.ROLE and title:
        return f"Within {YEARS} there is never enough of {title} for as long as it takes."
    if row.kind is NoPlace.BUSY and title:
        return f"Other work keeps {title} busy to the end of {YEARS}."
    return REASONS.get(row.kind, f"What it waits for ends beyond {YEARS}.")
