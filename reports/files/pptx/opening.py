"""The first slides: who, what is asked, and the three numbers."""

from __future__ import annotations

import contextlib
import io

from django.utils.translation import gettext as _
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches

from reports import logos
from reports.documents.decisions import decision_of
from reports.files.pptx.deck import TITLE_SLIDE, Box, Deck, Slide, on, rgb
from reports.frozen.snapshot import ReportSnapshot
from reports.templatetags.report_format import amount, day, day_range, named, score, signed

LOGO = Box(0.9, 0.7, 3.2, 1.1)
CARDS = 3


def cover(deck: Deck) -> None:
    snapshot, palette = deck.snapshot, deck.palette
    slide = deck.slide(snapshot.organization, source_of(snapshot), TITLE_SLIDE)
    page, ground = slide.page, palette.brand_deep
    page.background.fill.solid()
    page.background.fill.fore_color.rgb = rgb(ground)
    title, under = page.shapes.title, page.placeholders[1]
    title.left, title.top, title.width, title.height = Box(0.9, 2.3, 11.5, 1.9).emu
    under.left, under.top, under.width, under.height = Box(0.9, 4.4, 11.5, 1.2).emu
    for shape in (title, under):
        shape.text_frame.margin_left = 0
    title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    slide.retitle(snapshot.organization, 11.5, 1.9, on(ground))
    slide.write(
        under.text_frame, _under(snapshot), 11.3, 1.2, 20, 14, color=on(ground), align="left"
    )
    slide.shape(MSO_SHAPE.RECTANGLE, Box(0.9, 4.25, 1.6, 0.06), palette.blaze)
    if snapshot.brand and snapshot.brand.name:
        slide.text(snapshot.brand.name, Box(0.9, 6.5, 11.5, 0.5), 14, color=on(ground))
    _logo(slide, snapshot)


def _under(snapshot: ReportSnapshot) -> str:
    lines = [_("Roadmap, in short"), _("As of %(day)s") % {"day": day(snapshot.generated_on)}]
    if snapshot.roadmap:
        lines[0] = _("Roadmap, in short: %(name)s") % {"name": snapshot.roadmap}
    return "\n".join(lines)


def _logo(slide: Slide, snapshot: ReportSnapshot) -> None:
    brand = snapshot.brand
    if brand is None or not brand.logo or not brand.logo_width or not brand.logo_height:
        return
    # A picture that was removed leaves a cover without one, never a report that fails.
    with contextlib.suppress(OSError):
        body = logos.read(brand.logo)
        part = min(LOGO.width / brand.logo_width, LOGO.height / brand.logo_height)
        width, height = brand.logo_width * part, brand.logo_height * part
        if not brand.logo_is_light:
            plate = Box(LOGO.left - 0.15, LOGO.top - 0.12, width + 0.3, height + 0.24)
            slide.shape(MSO_SHAPE.RECTANGLE, plate, "#ffffff")
        left, top = Inches(LOGO.left), Inches(LOGO.top)
        shape = slide.page.shapes.add_picture(
            io.BytesIO(body), left, top, Inches(width), Inches(height)
        )
        slide.describe(shape, _("Logo of %(name)s") % {"name": brand.name})


def source_of(snapshot: ReportSnapshot) -> str:
    """For the notes of every slide: which guide, which plan, which day."""
    return _(
        "Source: assessment and plan of %(organization)s as they stood on %(day)s; %(guide)s, "
        "version %(version)s. Efforts, dates and costs are estimates."
    ) % {
        "organization": snapshot.organization,
        "day": day(snapshot.generated_on),
        "guide": snapshot.guide.title,
        "version": snapshot.guide.version,
    }


def decision(deck: Deck) -> None:
    snapshot = deck.snapshot
    made = decision_of(snapshot)
    source = _("Source: state of the roadmap and its gates. The options are told in its figures.")
    slide = deck.slide(_("The decision"), f"{source}\n{source_of(snapshot)}")
    slide.text(made.question, Box(top=1.45, height=1.0), 24, least=16, bold=True)
    if made.why:
        slide.text(made.why, Box(top=2.55, height=0.9), 16, color=deck.palette.muted)
    rows = [(option.letter, option.title, option.text) for option in made.options]
    if rows:
        slide.table(
            ("", _("Option"), _("What it means")),
            rows,
            (0.5, 3, 8),
            Box(top=3.65, height=3.1),
            alt=_("The options of the decision and what each means"),
            size=14,
            lines=4,
        )


def numbers(deck: Deck) -> None:
    snapshot, palette = deck.snapshot, deck.palette
    note = _("Source: scores of the submitted assessment; targets as set; simulation of the plan.")
    slide = deck.slide(_("Three numbers"), f"{note}\n{source_of(snapshot)}")
    gap, width = 0.3, (12.13 - 2 * 0.3) / CARDS
    for number, (label, figure, words) in enumerate(_numbers(snapshot)):
        left = 0.6 + number * (width + gap)
        slide.shape(MSO_SHAPE.RECTANGLE, Box(left, 1.5, width, 3.0), palette.tint)
        slide.shape(MSO_SHAPE.RECTANGLE, Box(left, 1.5, width, 0.07), palette.brand)
        slide.text(label, Box(left + 0.25, 1.75, width - 0.5, 0.4), 15, bold=True)
        figure_box = Box(left + 0.25, 2.15, width - 0.5, 0.9)
        slide.text(figure, figure_box, 44, least=22, color=palette.brand_deep, bold=True)
        slide.text(words, Box(left + 0.25, 3.2, width - 0.5, 1.15), 14, color=palette.ink)
    slide.bullets(_also(snapshot), Box(top=4.85, height=1.95), 16)


def _numbers(snapshot: ReportSnapshot) -> list[tuple[str, str, str]]:
    overall = snapshot.overall
    words = _("of 100: %(band)s. Between %(low)s and %(high)s once every question is answered.") % {
        "band": named(overall.band, "READINESS_BANDS") if overall.band else _("no verdict yet"),
        "low": score(overall.low),
        "high": score(overall.high),
    }
    first = (_("Readiness when assessed"), score(overall.score), words)
    return [first, _second(snapshot), _finish(snapshot)]


def _second(snapshot: ReportSnapshot) -> tuple[str, str, str]:
    if snapshot.targets and snapshot.targets.percent is not None:
        words = _("of the way to the targets that were set for readiness and exposure.")
        if snapshot.since_first and snapshot.since_first.points is not None:
            words += " " + _("%(points)s points since the first assessment.") % {
                "points": signed(snapshot.since_first.points)
            }
        return _("Way to the target"), f"{round(snapshot.targets.percent)} %", words
    words = _("answers that are a high risk in themselves, whatever the averages say.")
    return _("High risks"), str(len(snapshot.risks)), words


def _finish(snapshot: ReportSnapshot) -> tuple[str, str, str]:
    label = _("Four chances in five")
    if snapshot.going:
        words = _(
            "to be finished by then. Half of the runs: %(p50)s, as reported on %(as_of)s."
        ) % {
            "p50": day(snapshot.going.likely.p50),
            "as_of": day(snapshot.going.as_of),
        }
        return label, day(snapshot.going.likely.p80), words
    if snapshot.forecast:
        finish = snapshot.forecast.finish
        words = _("to be finished by then. Half of the runs: %(p50)s. As planned: %(planned)s.") % {
            "p50": day(finish.p50),
            "planned": day(snapshot.plan.finish) if snapshot.plan.finish else "–",
        }
        return label, day(finish.p80), words
    planned = day(snapshot.plan.finish) if snapshot.plan.finish else _("Open")
    return _("Planned finish"), planned, _("An estimate; the plan was not simulated.")


def _also(snapshot: ReportSnapshot) -> list[str]:
    items = snapshot.initiatives
    done = sum(item.progress.status == "done" for item in items)
    lines = [
        _("%(n)s initiatives, %(done)s done; %(range)s person-days, likely %(likely)s.")
        % {
            "n": amount(len(items)),
            "done": amount(done),
            "range": day_range(snapshot.plan.effort),
            "likely": amount(snapshot.plan.effort.likely),
        }
    ]
    worst = sorted((c for c in snapshot.challenges if c.rank and c.band), key=lambda c: c.rank or 0)
    if worst:
        names = "; ".join(f"{one.title} ({score(one.score)})" for one in worst[:3])
        lines.append(_("Hardest challenges: %(names)s.") % {"names": names})
    urgent = [i for i in items if i.kind == "containment" and i.progress.status == "not_started"]
    if urgent:
        lines.append(_("Urgent containment not started: %(n)s.") % {"n": len(urgent)})
    return lines
