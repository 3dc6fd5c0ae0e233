"""When a roadmap under way is expected to end, in the words every page uses for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.templatetags.planning_charts import chance_words


@dataclass(frozen=True)
class FinishFigure:
    """`actual`: the day it ended; else `p50` and `p80` are the days to reckon with."""

    p50: date
    p80: date
    actual: date | None


def finish_figure(finish: Mapping[str, Any] | None) -> FinishFigure | None:
    """The same as a figure of the overview; None where nothing was forecast."""
    if not finish:
        return None
    actual = finish["actual"]
    return FinishFigure(
        p50=date.fromisoformat(finish["p50"]),
        p80=date.fromisoformat(finish["p80"]),
        actual=date.fromisoformat(actual) if actual else None,
    )


def finish_sentence(finish: Mapping[str, Any] | None) -> str:
    """The first thing to read: how sure which day is, and how it stands to what was agreed.

    `finish`: that of a stored forecast. The chances come first: few of the simulated runs end by
    the day that likely efforts give. Only that day compares with the agreed one, which was
    counted in the same way.
    """
    if not finish:
        return ""
    if finish["actual"]:
        words = _("Finished on %(day)s, %(slip)s.")
        return words % {"day": day_words(finish["actual"]), "slip": slip_words(finish["slip"])}
    return f"{chances_sentence(finish['p50'], finish['p80'])} {likely_sentence(finish)}"


def chances_sentence(p50: str, p80: str) -> str:
    words = _("An even chance to end by %(p50)s, four chances in five by %(p80)s.")
    return words % {"p50": day_words(p50), "p80": day_words(p80)}


def likely_sentence(finish: Mapping[str, Any]) -> str:
    words = _(
        "Counted as the agreed date was, with the rest at its likely effort: %(day)s, %(slip)s."
    )
    slip = finish["slip"]
    told = slip_words(slip) if slip else _("the day agreed")
    return words % {"day": day_words(finish["expected"]), "slip": told}


def kept_sentence(finish: Mapping[str, Any] | None) -> str:
    """What the two days that were not simulated are worth; empty where no run was counted."""
    if not finish or finish["actual"] or finish.get("chance_expected") is None:
        return ""
    if finish["expected"] == finish["baseline"]:
        words = _("Keeping %(day)s, the day agreed, has %(chance)s.")
        chance = chance_words(finish["chance_agreed"])
        return words % {"day": day_words(finish["baseline"]), "chance": chance}
    words = _("Keeping %(expected)s has %(chance)s; keeping the agreed %(agreed)s has %(kept)s.")
    return words % {
        "expected": day_words(finish["expected"]),
        "chance": chance_words(finish["chance_expected"]),
        "agreed": day_words(finish["baseline"]),
        "kept": chance_words(finish["chance_agreed"]),
    }


def slip_words(days: int) -> str:
    if days > 0:
        words = ngettext(
            "%(n)s working day later than agreed", "%(n)s working days later than agreed", days
        )
    elif days < 0:
        words = ngettext(
            "%(n)s working day earlier than agreed",
            "%(n)s working days earlier than agreed",
            -days,
        )
    else:
        return _("as agreed")
    return words % {"n": abs(days)}


def day_words(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "DATE_FORMAT")
