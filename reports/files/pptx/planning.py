"""Slides of the plan: phases and gates, load against capacity, cost."""

from __future__ import annotations

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from pptx.enum.shapes import MSO_SHAPE

from reports.documents.cards import role_loads
from reports.files.pptx.charts import Series, bar_chart
from reports.files.pptx.deck import Box, Deck, Slide
from reports.files.pptx.opening import source_of
from reports.files.pptx.standing import more
from reports.frozen.outlook import RoleEntry
from reports.frozen.snapshot import GateEntry, ReportSnapshot
from reports.pictures.scale import TimeScale, time_scale
from reports.templatetags.report_format import amount, day, day_range, span

LINE_LEFT, LINE_WIDTH = 3.4, 9.33
BAR, ROW = 0.25, 0.36
MOST_MONTHS = 24
MOST_LABELS = 18
FEW_GATES = 5


def phases(deck: Deck) -> None:
    snapshot = deck.snapshot
    note = _("Source: dates of the plan; P80 from its simulation, where there is one.")
    slide = deck.slide(_("Phases and gates"), f"{note}\n{source_of(snapshot)}")
    if not snapshot.phases:
        slide.text(_("There is no work in this plan."), Box(height=1))
        return
    scale = time_scale(snapshot, LINE_LEFT, LINE_WIDTH)
    top = 1.85
    _years(slide, scale, top - 0.45, ROW * len(snapshot.phases) + 0.5)
    for number, phase in enumerate(snapshot.phases):
        at = top + ROW * number
        color = deck.palette.phase(number)
        slide.text(phase.title, Box(0.6, at, LINE_LEFT - 0.75, BAR), 12, least=10, anchor="middle")
        left = scale.x(phase.start)
        bar = Box(left, at, max(0.08, scale.x(phase.finish) - left), BAR)
        told = f"{phase.title}: {span(phase.start, phase.finish)}"
        slide.shape(MSO_SHAPE.RECTANGLE, bar, color, alt=told)
        slide.note(told)
    foot = top + ROW * len(snapshot.phases)
    _diamonds(slide, snapshot, scale, foot)
    _gate_table(deck, slide, foot + 0.55)


def _years(slide: Slide, scale: TimeScale, top: float, height: float) -> None:
    palette = slide.deck.palette
    every = next(n for n in (1, 2, 3, 6, 12, 120) if len(scale.months) / n <= MOST_LABELS)
    last = -1.0
    for number, month in enumerate(scale.months):
        is_year = month.first.month == 1 or number == 0
        if not is_year and (month.first.month - 1) % every:
            continue
        line = Box(month.x, top + 0.22, 0.012, height - 0.1)
        slide.shape(MSO_SHAPE.RECTANGLE, line, palette.muted if is_year else palette.line)
        if number and month.x - last < (0.75 if last == scale.left else 0.42):
            continue
        last = month.x
        form = "Y" if month.first.month == 1 else "M Y" if is_year else "M"
        words = formats.date_format(month.first, form)
        slide.text(words, Box(month.x, top, 0.85, 0.22), 10, least=9, color=palette.muted)


def _diamonds(slide: Slide, snapshot: ReportSnapshot, scale: TimeScale, top: float) -> None:
    palette = slide.deck.palette
    last = -1.0
    for gate in sorted(snapshot.gates, key=lambda one: (one.planned_on, one.id)):
        x = scale.x(gate.planned_on)
        low = 0.16 if x - last < 0.4 else 0.0
        last = x if not low else last
        color = palette.good if gate.is_open else palette.blaze
        slide.shape(MSO_SHAPE.DIAMOND, Box(x - 0.09, top + low, 0.18, 0.18), color)
        box = Box(x + 0.1, top + low - 0.01, 0.45, 0.2)
        slide.text(gate.id, box, 10, least=9, bold=True)


def _gate_table(deck: Deck, slide: Slide, top: float) -> None:
    gates = deck.snapshot.gates
    if not gates:
        return
    rows = [
        (
            f"{gate.id} {gate.title}",
            _("open since %(day)s") % {"day": day(gate.opened_on)}
            if gate.is_open and gate.opened_on
            else day(gate.planned_on),
            _most_by(gate),
            gate.passes_when,
        )
        for gate in gates
    ]
    shown = slide.table(
        (_("Gate"), _("Planned"), _("Four of five by"), _("Passes when")),
        rows,
        (3.2, 2.1, 1.5, 5.6),
        Box(top=top, height=6.7 - top),
        alt=_("The gates of the plan, when they are planned and when they pass"),
        size=11,
        lines=1 if len(rows) > FEW_GATES else 3,
    )
    more(deck, slide, len(rows) - shown, [" – ".join(row) for row in rows[shown:]])


def _most_by(gate: GateEntry) -> str:
    if gate.is_open:
        return "–"
    return day(gate.likely.p80) if gate.likely else "–"


def load(deck: Deck) -> None:
    snapshot, palette = deck.snapshot, deck.palette
    note = _("Source: person-days the plan uses of each role by month, and those there are.")
    slide = deck.slide(_("Load against capacity"), f"{note}\n{source_of(snapshot)}")
    roles = sorted(snapshot.load, key=lambda role: (-_tightness(role), role.title))
    if not roles:
        slide.text(_("The plan holds no load by month."), Box(height=1))
        return
    tight = roles[0]
    months = tight.months[:MOST_MONTHS]
    words = _("%(role)s has least to spare: person-days by month") % {"role": tight.title}
    slide.text(words, Box(top=1.3, width=7.4, height=0.5), 14, bold=True)
    labels = [_month(one.month, number) for number, one in enumerate(months)]
    series = [
        Series(_("Planned"), [m.used for m in months], palette.brand, with_labels=False),
        Series(_("There are"), [m.capacity for m in months], palette.line, with_labels=False),
    ]
    alt = _("Person-days of %(role)s by month: planned, and there.") % {"role": tight.title}
    box = Box(0.6, 1.85, 7.4, 4.9)
    bar_chart(slide, box, labels, series, alt=alt, top=None, is_column=True)
    _roles(deck, slide, roles)


def _roles(deck: Deck, slide: Slide, roles: list[RoleEntry]) -> None:
    rows = []
    for role in roles:
        used, there = (sum(getattr(m, n) for m in role.months) for n in ("used", "capacity"))
        share = f"{round(100 * used / there)} %" if there else "–"
        full = sum(m.used > 0 and m.used >= 0.95 * m.capacity for m in role.months)
        rows.append((role.title, amount(used), share, str(full)))
    shown = slide.table(
        (_("Role"), _("Days"), _("Used"), _("Full months")),
        rows,
        (3.4, 1.7, 1.2, 1.7),
        Box(8.3, 1.85, 4.43, 4.85),
        alt=_("Roles by how little they have to spare"),
        numbers=(1, 2, 3),
        size=11,
    )
    rest = [" – ".join(row) for row in rows[shown:]]
    more(deck, slide, len(rows) - shown, rest, left=8.3)


def _tightness(role: RoleEntry) -> float:
    used, there = (sum(getattr(m, n) for m in role.months) for n in ("used", "capacity"))
    return used / there if there else 0.0


def _month(text: str, number: int) -> str:
    first = date.fromisoformat(f"{text}-01")
    return formats.date_format(first, "M Y" if first.month == 1 or number == 0 else "M")


def cost(deck: Deck) -> None:
    snapshot = deck.snapshot
    prices = snapshot.prices
    note = _("Source: likely person-days of the plan times the day rates as stated.")
    slide = deck.slide(_("What it costs"), f"{note}\n{source_of(snapshot)}")
    currency = prices.currency if prices else ""
    rates = {one.title: one.rate for one in prices.rates} if prices else {}
    rows = []
    for role in role_loads(snapshot):
        rate = rates.get(role.title)
        money = amount(role.days.likely * rate) if rate else _("no rate")
        rows.append((role.title, day_range(role.days), amount(role.days.likely), money))
    slide.text(_cost_words(snapshot), Box(top=1.3, height=0.75), 16, least=12)
    if not rows:
        return
    head = (_("Role"), _("Person-days, range"), _("Likely"))
    shown = slide.table(
        (*head, _("Likely cost (%(currency)s)") % {"currency": currency or "–"}),
        rows,
        (5, 2.5, 2, 2.5),
        Box(top=2.2, height=4.5),
        alt=_("Person-days and cost by role"),
        numbers=(1, 2, 3),
        lines=1,
    )
    more(deck, slide, len(rows) - shown, [" – ".join(row) for row in rows[shown:]])


def _cost_words(snapshot: ReportSnapshot) -> str:
    prices = snapshot.prices
    if prices is None:
        return _("No day rates are stated, so the plan has effort and no cost.")
    words = _(
        "An estimate: %(total)s %(currency)s likely, of it own people %(own)s and partners "
        "%(partner)s. Roles without a rate are not in it."
    )
    return words % {
        "total": amount(prices.total),
        "currency": prices.currency,
        "own": amount(prices.own),
        "partner": amount(prices.partner),
    }
