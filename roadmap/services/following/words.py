"""Why something is expected later than agreed, in a sentence of the organization's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.domain.tracking.pushes import Because, Why
from roadmap.domain.tracking.work import UnderWay


def why_words(facts: UnderWay, roles: Mapping[str, str]) -> Callable[[Why], str]:
    """`roles`: their titles."""
    titles = {work.id: work.title for work in facts.items}

    def words(why: Why) -> str:
        known = {
            "title": titles.get(why.about, why.about),
            "gate": _named(facts.gates, why.about),
            "role": roles.get(why.about, why.about),
            "day": _day(why.on),
        }
        if why.kind in COUNTED:
            return _counted(why) % {**known, "n": why.days}
        return _sentence(why) % known

    return words


COUNTED = (Because.DONE, Because.BLOCKED, Because.SILENT, Because.RUNNING)


def _counted(why: Why) -> str:
    n = why.days
    if why.kind is Because.DONE:
        return ngettext(
            "Finished %(n)s working day later than agreed.",
            "Finished %(n)s working days later than agreed.",
            n,
        )
    if why.kind is Because.SILENT and why.on is not None:
        return ngettext(
            "It should be finished, and nobody says how much is left: %(n)s working day is "
            "assumed; with the people there are it takes until %(day)s.",
            "It should be finished, and nobody says how much is left: %(n)s working days are "
            "assumed; with the people there are they take until %(day)s.",
            n,
        )
    if why.kind is Because.SILENT:
        return ngettext(
            "It should be finished, and nobody says how much is left: %(n)s working day is "
            "assumed.",
            "It should be finished, and nobody says how much is left: %(n)s working days are "
            "assumed.",
            n,
        )
    if why.kind is Because.RUNNING and why.on is not None:
        return ngettext(
            "It is under way, and %(n)s working day of it is left; with the people there are it "
            "takes until %(day)s.",
            "It is under way, and %(n)s working days of it are left; with the people there are "
            "they take until %(day)s.",
            n,
        )
    if why.kind is Because.RUNNING:
        return ngettext(
            "It is under way, and %(n)s working day of it is left.",
            "It is under way, and %(n)s working days of it are left.",
            n,
        )
    return _blocked(why)


def _blocked(why: Why) -> str:
    if why.on is None:
        return ngettext(
            "It is blocked. Assumed: that ends today, and %(n)s working day is left.",
            "It is blocked. Assumed: that ends today, and %(n)s working days are left.",
            why.days,
        )
    return ngettext(
        "It is blocked since %(day)s. Assumed: that ends today, and %(n)s working day is left.",
        "It is blocked since %(day)s. Assumed: that ends today, and %(n)s working days are left.",
        why.days,
    )


def _sentence(why: Why) -> str:
    kind = why.kind
    if kind is Because.ROLE and why.on is not None:
        return _("Those who do it are busy with “%(title)s” until %(day)s.")
    return {
        Because.EXPECTED: _("Whoever does it expects to finish on %(day)s."),
        Because.NOT_BEGUN: _("It was to begin on %(day)s and has not, though nothing holds it."),
        Because.AFTER_LATE: _("It waited for “%(title)s”, which was finished on %(day)s."),
        Because.PREDECESSOR: _("It waits for “%(title)s”, expected on %(day)s."),
        Because.GATE: _("It waits for gate %(gate)s, expected to open on %(day)s."),
        Because.ROLE: _("Those who do it are busy with “%(title)s”."),
        Because.ABSENCE: _("There are too few people for it (%(role)s) before %(day)s."),
        Because.NOBODY: _("Nobody is there any more who could do it, so its date says nothing."),
        Because.LIMIT: _("As much is under way as the limit of parallel work allows."),
        Because.FREEZE: _("Its go-live would fall into a freeze."),
        Because.EARLIEST: _("It is not to begin before %(day)s."),
        Because.ORDER: _("The order of the plan has other work first."),
    }[kind]


def _named(gates: Mapping[str, str], gate: str) -> str:
    return f"{gate} “{gates[gate]}”" if gate in gates else gate


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
