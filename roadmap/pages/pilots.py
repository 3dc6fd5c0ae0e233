"""What the pages of the pilot show, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guide.model import Guide
from roadmap.domain.pilot.candidates import CANDIDATES, EXCLUDED_BECAUSE, Candidate, Picking
from roadmap.domain.pilot.charter import AREA_TITLES, Checked, Criterion
from roadmap.domain.pilot.outcome import Because, Outcome, Told
from roadmap.domain.pilot.outcome import Checked as CheckedCriterion


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


UNITS = {
    "DF": gettext_lazy("per four weeks"),
    "LT": gettext_lazy("hours"),
    "CFR": gettext_lazy("%"),
    "MTTR": gettext_lazy("minutes"),
    "COV": gettext_lazy("%"),
    "SVRT": gettext_lazy("days"),
    "ATC": gettext_lazy("%"),
}


@dataclass(frozen=True)
class OutcomeRow:
    """`verdict`: in words; `tone`: of its badge; `note`: what has to be said beside it."""

    criterion: Criterion
    area: str
    measured: str
    verdict: str
    tone: str
    note: str
    by: date | None
    is_due: bool


def outcome_rows(outcome: Outcome) -> tuple[OutcomeRow, ...]:
    """Each criterion with what was measured and what that says."""
    return tuple(
        OutcomeRow(
            criterion=one.criterion,
            area=AREA_TITLES[one.criterion.area],
            measured=_measured(one),
            verdict=_verdict(one),
            tone={Told.MET: "good", Told.MISSED: "bad"}.get(one.told, ""),
            note=_doubt(one),
            by=date.fromisoformat(one.criterion.by) if one.criterion.by else None,
            is_due=one.is_due,
        )
        for one in outcome.checked
    )


def because_words(outcome: Outcome) -> str:
    """Why the rule proposes what it proposes, as a sentence."""
    words = {
        Because.STOP_RULE: _("A stop rule came true: %(about)s"),
        Because.ALL_MISSED: _("Every criterion whose day has come is missed."),
        Because.TOO_LITTLE: _("Too little is measured to tell."),
        Because.SOME_MISSED: _("Some criteria are missed."),
        Because.NOT_ALL_TOLD: _(
            "What can be told is met, but not every criterion can be told yet."
        ),
        Because.AREA_LACKS: _("No criterion with a number speaks of: %(about)s."),
        Because.CHANCE: _(
            "All criteria are met, but these by so little or over so few records that chance "
            "alone could have done it: %(about)s."
        ),
        Because.ALL_MET: _("Every criterion with a number is met."),
    }[outcome.because]
    about: list[str] = [str(AREA_TITLES.get(part, part)) for part in outcome.about]
    return words % {"about": ", ".join(about)} if about else words


def _doubt(one: CheckedCriterion) -> str:
    if one.is_certain or one.told not in (Told.MET, Told.MISSED):
        return ""
    if one.is_few:
        return _("over too few records to be sure")
    return _("within what chance alone could do")


def _measured(one: CheckedCriterion) -> str:
    reading = one.reading
    if reading is None or reading.value is None:
        return _("nothing measured")
    values = {"value": f"{reading.value:.3g}", "unit": UNITS.get(one.criterion.metric, "")}
    text = _("%(value)s %(unit)s") % values
    return ngettext("%(text)s over %(n)s record", "%(text)s over %(n)s records", reading.n) % {
        "text": text,
        "n": reading.n,
    }


def _verdict(one: CheckedCriterion) -> str:
    return {
        Told.MET: _("met"),
        Told.MISSED: _("missed"),
        Told.TOO_FEW: _("too few records to tell"),
        Told.NOT_MEASURED: _("not measured"),
        Told.NO_NUMBER: _("no number to check"),
    }[one.told]
