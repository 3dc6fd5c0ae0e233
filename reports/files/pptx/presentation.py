"""The plan in a dozen slides that can be edited: native charts, native tables, notes."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from reports.choices import Choices
from reports.files.forms import Made, Tell
from reports.files.office.packages import sealed
from reports.files.pptx import ahead, opening, planning, standing
from reports.files.pptx.deck import Deck
from reports.frozen.snapshot import ReportSnapshot

SLIDES = (
    opening.cover,
    opening.decision,
    opening.numbers,
    standing.readiness,
    standing.exposures,
    standing.risks,
    planning.phases,
    planning.load,
    planning.cost,
    ahead.pilot,
    ahead.next_days,
    ahead.assumptions,
)


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    with translation.override(snapshot.language):
        deck = Deck(snapshot)
        for number, slide in enumerate(SLIDES):
            tell(5 + 85 * number // len(SLIDES), _("Drawing the slides"))
            slide(deck)
        tell(95, _("Packing the presentation"))
        return Made(sealed(deck.bytes(), snapshot.generated_on), len(deck.slides))
