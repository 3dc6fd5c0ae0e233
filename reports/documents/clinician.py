"""The clinician's page: what changes on my unit, when, who helps, and how to say stop. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.choices import Choices
from reports.documents.decisions import CLOSED
from reports.documents.plain_words import (
    FIRST_LIVE_CHECK,
    GUIDE,
    MAY_NOTICE,
    STOP_WORDS,
    TAKE_PART,
    jargon_in,
)
from reports.documents.section import Section
from reports.enums import Document
from reports.frozen.charter import TeamLine
from reports.frozen.clinical import ClinicalEntry
from reports.frozen.outlook import FreezeEntry
from reports.frozen.snapshot import GateEntry, InitiativeEntry, ReportSnapshot
from roadmap.domain.pilot.charter import place_of_stopper, says_stop

Words = str | Promise
MOST = {"short": 4, "usual": 5, "everything": 40}
QUIET_TIMES = 6
SYSTEMS = 5
# A word of a role that a charter begins with.
LEADS = "lead"
TRAINING, DRILL = "A5-05", "A5-10"


@dataclass(frozen=True)
class ChangeRow:
    """`first` and `last`: months it may fall into; `state`: "coming", "now" or "done", "late"
    where it should have begun and "overdue" where it goes on past its last day.
    """

    text: Words
    first: date
    last: date
    state: str
    is_for_unit: bool = False


@dataclass(frozen=True)
class Person:
    """An empty name is printed as "not named yet"."""

    does: Words
    name: str


def intro(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    clinical = _clinical(snapshot)
    return {
        "clinical": clinical,
        "pilot": snapshot.charter.name if snapshot.charter else "",
        "check": _first_live(snapshot),
        "systems": clinical.systems[:SYSTEMS] if clinical.unit else (),
        "systems_more": max(0, len(clinical.systems) - SYSTEMS),
    }


def what_changes(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    part, notice = _rows(snapshot, TAKE_PART), _rows(snapshot, MAY_NOTICE)
    own = _typed_rows(snapshot)
    most = MOST[choices.detail]
    open_rows = [row for row in (*part, *notice) if row.state != "done"]
    still = [item for item in snapshot.initiatives if item.progress.status not in CLOSED]
    return {
        "own": own[:most],
        "part": _first(part, most),
        "notice": _first(notice, most),
        "behind": max(0, len(still) - len(open_rows) - len(own)),
        "more": len(open_rows)
        + len(own)
        - sum(len(_first(rows, most)) for rows in (own, part, notice)),
        "done": [row.text for row in (*part, *notice) if row.state == "done"][:3],
    }


def quiet(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    ahead = [f for f in snapshot.freezes if not f.is_reduced and f.finish >= snapshot.generated_on]
    times: list[FreezeEntry] = sorted(ahead, key=lambda freeze: freeze.start)
    return {"times": times[:QUIET_TIMES], "more": max(0, len(times) - QUIET_TIMES)}


def people(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    return {"people": tuple(_people(snapshot)), "training": _row_of(snapshot, TRAINING)}


def failing(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    clinical = _clinical(snapshot)
    said = {line.id: line for line in clinical.said if not jargon_in(line.answer)}
    return {
        "back": snapshot.charter.rollback if snapshot.charter else "",
        "drill": _row_of(snapshot, DRILL),
        "practised": said.get("Q5.12"),
        "critical": [s.name for s in clinical.systems if s.is_critical][:SYSTEMS],
        "assessed_on": snapshot.assessed_on,
    }


def stopping(snapshot: ReportSnapshot, choices: Choices) -> dict[str, Any]:
    charter = snapshot.charter
    rules = charter.stop_rules if charter else ()
    return {
        "owner": _stopper(charter.team if charter else ()),
        "rules": [STOP_WORDS.get(rule, rule) for rule in rules],
        "feedback": _row_of(snapshot, TRAINING),
    }


def _clinical(snapshot: ReportSnapshot) -> ClinicalEntry:
    return snapshot.clinical or ClinicalEntry()


def _is_ours(snapshot: ReportSnapshot) -> bool:
    return snapshot.guide.id == GUIDE


def _first_live(snapshot: ReportSnapshot) -> GateEntry | None:
    """The check before anything reaches a live system by the new way."""
    if not _is_ours(snapshot):
        return None
    gates = snapshot.gates
    return next((gate for gate in gates if gate.id == FIRST_LIVE_CHECK), None)


def _rows(snapshot: ReportSnapshot, words: dict[str, Words]) -> list[ChangeRow]:
    """In the order of time; what is dropped is left out."""
    if not _is_ours(snapshot):
        return []
    found = [
        _row(snapshot, item, words[item.id])
        for item in snapshot.initiatives
        if item.id in words and item.progress.status != "dropped"
    ]
    return sorted(found, key=lambda row: (row.first, row.last))


def _typed_rows(snapshot: ReportSnapshot) -> list[ChangeRow]:
    """Work people planned for this unit's systems, in their own words where these are plain; and
    under another guide, whatever its title says plainly about training.
    """
    waves = set(_clinical(snapshot).waves)
    found = [
        _row(snapshot, item, item.title, is_for_unit=item.id in waves)
        for item in snapshot.initiatives
        if _is_typed(snapshot, item, waves) and not jargon_in(item.title)
    ]
    return sorted(found, key=lambda row: (row.first, row.last))


def _is_typed(snapshot: ReportSnapshot, item: InitiativeEntry, waves: set[str]) -> bool:
    if item.progress.status in CLOSED:
        return False
    if item.id in waves:
        return True
    return not _is_ours(snapshot) and any(role.id in ("TR", "CMO") for role in item.roles)


def _row(
    snapshot: ReportSnapshot, item: InitiativeEntry, text: Words, *, is_for_unit: bool = False
) -> ChangeRow:
    first, last = _days(snapshot, item)
    states = {"done": "done", "in_progress": "now"}
    state = states.get(item.progress.status, "coming")
    if last < snapshot.generated_on:
        state = {"coming": "late", "now": "overdue"}.get(state, state)
    return ChangeRow(text, first, last, state, is_for_unit)


def _days(snapshot: ReportSnapshot, item: InitiativeEntry) -> tuple[date, date]:
    """From the first day it may begin to the day four of five runs finish it by."""
    if item.progress.status == "done":
        day = item.progress.finished_on or item.finish
        return day, day
    start, ends = item.start, [item.finish]
    if item.likely:
        ends.append(item.likely.p80)
    for work in snapshot.going.work if snapshot.going else ():
        if work.id == item.id:
            start = work.start
            ends.append(work.finish)
    return start, max(ends)


def _row_of(snapshot: ReportSnapshot, name: str) -> ChangeRow | None:
    rows = _rows(snapshot, {name: TAKE_PART[name]})
    return rows[0] if rows else None


def _first(rows: list[ChangeRow], most: int) -> list[ChangeRow]:
    return [row for row in rows if row.state != "done"][:most]


def _people(snapshot: ReportSnapshot) -> Iterable[Person]:
    clinical, charter = _clinical(snapshot), snapshot.charter
    team = charter.team if charter else ()
    if charter:
        yield Person(_("Speaks for users in the trial, and may say stop"), _stopper(team))
        yield Person(_("Leads the trial"), _lead(team))
    for person in clinical.people:
        if person.role == "champion":
            yield Person(_("Champion of the trial among its users"), person.name)
        else:
            yield Person(_("Clinical lead, who has to agree to each step"), person.name)
    if not any(person.role != "champion" for person in clinical.people):
        yield Person(_("Clinical lead, who has to agree to each step"), "")
    for system in clinical.systems[:SYSTEMS] if clinical.unit else ():
        yield Person(
            _("Speaks for the users of %(system)s") % {"system": system.name}, system.owner
        )


def _stopper(team: Sequence[TeamLine]) -> str:
    """Only whose role says so: a ward must not call somebody who may not stop anything."""
    return next((one.name for one in team if says_stop(one.role)), "")


def _lead(team: Sequence[TeamLine]) -> str:
    """By the word of the role."""
    place = place_of_stopper([one.role for one in team])
    others = [one for n, one in enumerate(team) if n != place]
    return next((one.name for one in others if LEADS in one.role.casefold()), "")


def _section(name: str, title: Any, context: Any) -> Section:
    return Section(
        id=f"clinician-{name}",
        title=title,
        template=f"reports/print/clinician-{name}.html",
        context=context,
        documents=frozenset({Document.CLINICIAN.value}),
    )


SECTIONS = (
    _section("intro", gettext_lazy("In short"), intro),
    _section("changes", gettext_lazy("What changes, and when"), what_changes),
    _section("quiet", gettext_lazy("When nothing changes"), quiet),
    _section("people", gettext_lazy("Who helps"), people),
    _section("fails", gettext_lazy("When something fails"), failing),
    _section("stop", gettext_lazy("How to say stop"), stopping),
)
