"""The last slides: the pilot, the next 90 days, and what all of it rests on."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from reports.files.pptx.deck import Box, Deck, Slide
from reports.files.pptx.opening import source_of
from reports.files.pptx.standing import more
from reports.frozen.charter import CharterEntry
from reports.frozen.snapshot import InitiativeEntry, ReportSnapshot
from reports.templatetags.report_format import day, named, span

DAYS_AHEAD = 90
CLOSED = ("done", "dropped")


def pilot(deck: Deck) -> None:
    snapshot = deck.snapshot
    note = _("Source: the pilot charter as people wrote it.")
    charter = snapshot.charter
    if charter is None:
        # A slide that says so would be the emptiest of the deck.
        return
    slide = deck.slide(_("The pilot"), f"{note}\n{source_of(snapshot)}")
    slide.text(charter.name, Box(top=1.35, height=0.5), 20, least=14, bold=True)
    why = "\n".join(part for part in (charter.why, charter.scope) if part)
    slide.text(why, Box(top=1.95, height=1.35), 14, least=12)
    _criteria(slide, charter)
    lines = [_("Stops when: %(rule)s") % {"rule": rule} for rule in charter.stop_rules]
    lines += [_("Still missing: %(what)s") % {"what": what} for what in charter.missing]
    slide.bullets(lines, Box(top=5.5, height=1.35), 13)


def _criteria(slide: Slide, charter: CharterEntry) -> None:
    if not charter.criteria:
        return
    rows = [
        (one.metric, one.baseline or "–", one.target or "–", day(one.by) if one.by else "–")
        for one in charter.criteria
    ]
    slide.table(
        (_("Success criterion"), _("Baseline"), _("Target"), _("By")),
        rows,
        (5, 3, 3, 1.6),
        Box(top=3.4, height=2.0),
        alt=_("Success criteria of the pilot with baseline and target"),
    )


def next_days(deck: Deck) -> None:
    snapshot = deck.snapshot
    note = _("Source: work of the plan that is open and begins within 90 days, by start.")
    slide = deck.slide(_("The next 90 days"), f"{note}\n{source_of(snapshot)}")
    items = coming(snapshot)
    if not items:
        slide.text(_("Nothing is planned for the next 90 days."), Box(height=1))
        return
    rows = [
        (
            item.id,
            item.title,
            span(item.start, item.finish),
            max(item.roles, key=lambda role: (role.share, role.title)).title if item.roles else "–",
            str(named(item.progress.status, "STATUSES")),
        )
        for item in items
    ]
    shown = slide.table(
        ("", _("Initiative"), _("Dates"), _("Most of the work"), _("Status")),
        rows,
        (0.9, 5.6, 2.6, 2.4, 1.4),
        Box(top=1.45, height=5.2),
        alt=_("Initiatives of the next 90 days with dates and who leads them"),
    )
    more(deck, slide, len(rows) - shown, [" – ".join(row) for row in rows[shown:]])


def coming(snapshot: ReportSnapshot) -> list[InitiativeEntry]:
    """Open work that begins within 90 days of the report, or of the plan where that is later."""
    until = max(snapshot.generated_on, snapshot.plan.start) + timedelta(days=DAYS_AHEAD)
    found = [
        item
        for item in snapshot.initiatives
        if item.progress.status not in CLOSED and item.start <= until
    ]
    return sorted(found, key=lambda item: (item.start, item.rank, item.id))


def assumptions(deck: Deck) -> None:
    snapshot = deck.snapshot
    slide = deck.slide(_("Assumptions and sources"), source_of(snapshot))
    half = (12.13 - 0.5) / 2
    slide.text(_("What the figures rest on"), Box(top=1.4, width=half, height=0.35), 15, bold=True)
    notes = [*snapshot.plan.notes, snapshot.estimates_note]
    slide.bullets([note for note in notes if note], Box(top=1.85, width=half, height=4.9), 13)
    right = 0.6 + half + 0.5
    slide.text(_("Sources"), Box(right, 1.4, half, 0.35), 15, bold=True)
    lines = [_source(one.author, one.title, one.year) for one in snapshot.sources]
    # The guide cites many; what could not stand here is in the notes.
    slide.bullets(lines, Box(right, 1.85, half, 3.0), 12)
    legal = [snapshot.disclaimer]
    if snapshot.brand and snapshot.brand.legal:
        legal.append(snapshot.brand.legal)
    slide.text("\n".join(legal), Box(right, 5.0, half, 1.8), 12, color=deck.palette.muted)


def _source(author: str, title: str, year: str) -> str:
    return ", ".join(part for part in (author, title, year) if part)
