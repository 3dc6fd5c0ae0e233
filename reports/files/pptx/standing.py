"""Slides of where the organization stands: readiness, exposures, risks."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.files.pptx.charts import Series, bar_chart
from reports.files.pptx.deck import LEFT, WIDTH, Box, Deck, Slide
from reports.files.pptx.opening import source_of
from reports.templatetags.report_format import named, score

MOST_BARS = 12
MOST_IN_NOTES = 100


def readiness(deck: Deck) -> None:
    snapshot, palette = deck.snapshot, deck.palette
    note = _("Source: scores of the submitted assessment by step; targets as set.")
    slide = deck.slide(_("Readiness by step"), f"{note}\n{source_of(snapshot)}")
    steps = snapshot.steps[:MOST_BARS]
    slide.text(_("0 to 100, high is good."), Box(top=1.3, height=0.35), 14, color=palette.muted)
    if not steps:
        slide.text(_("Nothing is assessed yet."), Box(height=1))
        return
    series = [Series(_("Readiness"), [step.score for step in steps], palette.brand)]
    targets = {t.id: t.target for t in snapshot.targets.steps} if snapshot.targets else {}
    if targets:
        aims = [targets.get(step.id) for step in steps]
        series.append(Series(_("Target"), aims, palette.line))
    labels = [f"{step.number} {step.title}" for step in steps]
    told = "; ".join(
        f"{step.title}: {score(step.score)} ({named(step.band, 'READINESS_BANDS')})"
        for step in steps
    )
    bar_chart(
        slide,
        _place(len(steps)),
        labels,
        series,
        alt=_("Readiness by step. %(all)s") % {"all": told},
    )
    slide.note(told)


def exposures(deck: Deck) -> None:
    snapshot, palette = deck.snapshot, deck.palette
    note = _("Source: answers that bear on each challenge; what is usual is an estimate.")
    slide = deck.slide(_("Exposure to the known challenges"), f"{note}\n{source_of(snapshot)}")
    words = _("0 to 100, high is bad. The hardest first, beside what is usual at the outset.")
    slide.text(words, Box(top=1.3, height=0.35), 14, color=palette.muted)
    ranked = [one for one in snapshot.challenges if one.rank is not None]
    ranked = sorted(ranked, key=lambda one: one.rank or 0)[:MOST_BARS]
    if not ranked:
        slide.text(_("Too little is answered to tell."), Box(height=1))
        return
    series = [
        Series(_("Exposure"), [one.score for one in ranked], palette.exposure["high"]),
        Series(_("Usual (estimate)"), [one.usual for one in ranked], palette.line),
    ]
    told = "; ".join(
        f"{one.title}: {score(one.score)} ({named(one.band, 'EXPOSURE_BANDS')})" for one in ranked
    )
    alt = _("Exposure to challenges, hardest first. %(all)s") % {"all": told}
    bar_chart(
        slide, _place(len(ranked)), [one.short or one.title for one in ranked], series, alt=alt
    )
    slide.note(told)


def _place(bars: int) -> Box:
    """A bar alone would fill the slide."""
    return Box(top=1.75, height=min(5.05, 1.1 + 0.8 * bars))


def risks(deck: Deck) -> None:
    snapshot = deck.snapshot
    note = _("Source: answers of the assessment that the guide calls a high risk, as given.")
    slide = deck.slide(_("Highest risks"), f"{note}\n{source_of(snapshot)}")
    if not snapshot.risks:
        slide.text(_("No single answer is a high risk in itself."), Box(height=1))
        return
    rows = [
        (
            risk.question.title,
            risk.reason,
            ", ".join(item.id for item in risk.initiatives) or _("nothing planned"),
        )
        for risk in snapshot.risks
    ]
    shown = slide.table(
        (_("Risk"), _("Answer given"), _("In the plan")),
        rows,
        (4, 6, 3),
        Box(top=1.45, height=5.2),
        alt=_("The highest risks, the answers behind them and the work that deals with them"),
    )
    more(deck, slide, len(rows) - shown, [" – ".join(row) for row in rows[shown:]])


def more(deck: Deck, slide: Slide, number: int, rest: list[str], left: float = LEFT) -> None:
    """Says how many found no room, and puts them into the notes."""
    if number <= 0:
        return
    words = _("%(n)s more stand in the notes of this slide.") % {"n": number}
    slide.text(words, Box(left, 6.75, LEFT + WIDTH - left, 0.25), 12, color=deck.palette.muted)
    told = rest[:MOST_IN_NOTES]
    if len(rest) > len(told):
        told.append(_("%(n)s more: see the workbook.") % {"n": len(rest) - len(told)})
    slide.note("\n".join(told))
