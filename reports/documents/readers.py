"""Whom the full roadmap speaks to: where that reader begins, and why. Pure.

The figures and what is said of them are the same for all. The reader's sections come first after
the summary where nobody put the sections in an order, and the contents page says what to read in
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from reports.documents.section import Printed, Section, Text
from reports.enums import Audience


@dataclass(frozen=True)
class Begin:
    """A section that this reader begins with, and what it answers for them."""

    section: str
    question: Text


READERS: dict[str, tuple[Begin, ...]] = {
    Audience.LEADERS.value: (
        Begin("summary", _("Where we stand, what it takes, and when it is likely to end.")),
        Begin("risks", _("Which answers are a risk in themselves, whatever the averages say.")),
        Begin("cost", _("What is priced, and what is not.")),
        Begin("outlook", _("How far to trust the dates.")),
        Begin("gates", _("What you are asked to decide, and what has to be shown before.")),
    ),
    Audience.TEAMS.value: (
        Begin("plan", _("What comes when, and what waits for what.")),
        Begin("initiatives", _("What to do, who does it, and what shows that it is done.")),
        Begin("load", _("Which roles are short in which months.")),
        Begin("gates", _("What has to be proved before the next step.")),
        Begin("progress", _("What was reported, and what is in the way.")),
        Begin("integration", _("Which interfaces a change can break.")),
        Begin("metrics", _("The figures that are to move.")),
    ),
    Audience.CLINICIANS.value: (
        Begin("charter", _("What is tried first, on which systems, and when it is stopped.")),
        Begin("plan", _("When something changes, and when nothing may.")),
        Begin("gates", _("Where clinicians approve, and what they may ask to see.")),
        Begin("risks", _("What could reach patients today.")),
        Begin("remarks", _("What is still open, and who was asked.")),
    ),
    Audience.AUDITORS.value: (
        Begin("compliance", _("Control by control: shown, claimed, planned or open.")),
        Begin("risks", _("Answers that are a risk in themselves, with what they rest on.")),
        Begin("gates", _("Who approved what, on which proof.")),
        Begin("stated", _("What people entered and decided by hand, with reasons.")),
        Begin("left-out", _("What is not in the plan, and what nobody knew.")),
        Begin("method", _("How scores and dates were worked out.")),
    ),
}
FIRST = ("summary", "changes")
"""Before all others, for every reader."""


def in_order_for(audience: str, sections: Sequence[Section]) -> tuple[Section, ...]:
    """The reader's sections first; the leaders' order is the document's own."""
    if audience == Audience.LEADERS or audience not in READERS:
        return tuple(sections)
    places = {name: place for place, name in enumerate((*FIRST, *_begun(audience)))}
    return tuple(sorted(sections, key=lambda section: places.get(section.id, len(places))))


def beginnings(audience: str, printed: Iterable[Printed]) -> list[tuple[Printed, Text]]:
    """The reader's sections among those of the document, each with its question."""
    by_id = {part.id: part for part in printed}
    begins = READERS.get(audience, ())
    return [(by_id[one.section], one.question) for one in begins if one.section in by_id]


def _begun(audience: str) -> list[str]:
    return [one.section for one in READERS[audience]]
