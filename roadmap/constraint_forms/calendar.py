"""Calendar: first day, working week, public holidays of a place, and days of one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from roadmap.constraint_forms.fields import DayField, DaysField, StyledForm
from roadmap.domain.constraints.public_holidays import (
    UnknownCountry,
    UnknownSubdivision,
    countries,
    known_place,
    plan_holidays,
    subdivisions,
)
from roadmap.domain.constraints.stated import MAX_HOLIDAYS, Constraints

WEEKDAY_CHOICES = [
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
]
REMARK = re.compile(r" \((?:observed|estimated)(?:, (?:observed|estimated))?\)")
# Dates shown beside the name of a holiday.
SHOWN = 3


@dataclass(frozen=True)
class HolidayRow:
    """A holiday of the place, in all years of the plan."""

    name: str
    days: tuple[date, ...]
    is_free: bool
    input_id: str

    @property
    def next_days(self) -> tuple[date, ...]:
        return self.days[:SHOWN]


class CalendarForm(StyledForm):
    start = DayField(
        label=_("First day of the plan"),
        help_text=_("A free day means the next working day."),
    )
    working_weekdays = forms.MultipleChoiceField(
        label=_("Working days"),
        choices=WEEKDAY_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one day of the week.")},
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    subdivision = forms.ChoiceField(label=_("State or region"), required=False)
    # The place whose holidays the page listed: what was not seen could not be unticked.
    listed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)
    own_days = DaysField(
        label=_("Free days of your own"),
        help_text=_("One in a line, as 2027-12-24 or 2027-12-24 to 2027-12-31."),
    )
    worked_days = DaysField(
        label=_("Holidays on which you work"),
        help_text=_("Single days only; a holiday that is never free is unticked in the list."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place_now = self._place_now()
        self._choices("country", [(p.code, p.title) for p in countries()], _("None"))
        parts = subdivisions(self.place_now[0]) if self.place_now[0] else ()
        self._choices("subdivision", [(p.code, p.title) for p in parts], _("The whole country"))

    def _choices(self, name: str, choices: list[tuple[str, str]], empty: Any) -> None:
        field = self.fields[name]
        field.choices = [("", empty), *choices]  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = _("“%(value)s” is not known here: choose another.")

    def _place_now(self) -> tuple[str, str]:
        """The place as it is chosen now, as far as it is one."""
        country = str(self["country"].value() or "")
        part = str(self["subdivision"].value() or "")
        try:
            return known_place(country, part)
        except UnknownSubdivision:
            return known_place(country)
        except UnknownCountry:
            return "", ""

    @property
    def shows(self) -> str:
        """For `listed`: the place of the list."""
        return "/".join(self.place_now)

    @property
    def is_listed(self) -> bool:
        return not self.is_bound or self.data.get(self.add_prefix("listed")) == self.shows

    def _first_day(self) -> date:
        value = self["start"].value()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return date(2027, 1, 1)

    def found(self) -> Mapping[date, str]:
        country, part = self.place_now
        return plan_holidays(country, part, self._first_day()) if country else {}

    def holiday_rows(self) -> list[HolidayRow]:
        by_name: dict[str, list[date]] = {}
        for day, name in self.found().items():
            by_name.setdefault(plain_name(name), []).append(day)
        free = self._free_names(by_name)
        prefix = self.add_prefix("holiday")
        return [
            HolidayRow(name, tuple(days), name in free, f"{prefix}-{number}")
            for number, (name, days) in enumerate(by_name.items())
        ]

    def _free_names(self, by_name: Mapping[str, list[date]]) -> set[str]:
        if not self.is_bound:
            stated = self.initial.get("holidays") or frozenset()
            return {name for name, days in by_name.items() if stated.intersection(days)}
        if not self.is_listed:
            return set(by_name)
        return set(self.data.getlist(self.add_prefix("holiday")))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("subdivision") and not data.get("country"):
            self.add_error("country", _("Choose the country the region belongs to."))
        if not self.errors:
            kept = {day for row in self.holiday_rows() if row.is_free for day in row.days}
            data["holidays"] = frozenset((kept - data["worked_days"]) | data["own_days"])
            if len(data["holidays"]) > MAX_HOLIDAYS:
                message = _now("Give at most %(most)s free days; these are %(count)s.")
                counts = {"most": MAX_HOLIDAYS, "count": len(data["holidays"])}
                self.add_error("own_days", message % counts)
        return data

    def part(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "start": data["start"],
            "country": data["country"],
            "subdivision": data["subdivision"],
            "working_weekdays": frozenset(int(day) for day in data["working_weekdays"]),
            "holidays": data["holidays"],
        }


def plain_name(name: str) -> str:
    """A day in lieu belongs to its holiday, and one that follows the moon is no other one."""
    return REMARK.sub("", name)


def calendar_initial(constraints: Constraints, start: date) -> dict[str, Any]:
    found: Mapping[date, str] = {}
    if constraints.country:
        found = plan_holidays(constraints.country, constraints.subdivision, start)
    days = constraints.holidays
    partly = {plain_name(name) for day, name in found.items() if day in days}
    return {
        "start": start,
        "working_weekdays": [str(day) for day in sorted(constraints.working_weekdays)],
        "country": constraints.country,
        "subdivision": constraints.subdivision,
        "holidays": days,
        "own_days": days_of_own(days, found),
        "worked_days": [
            day for day, name in found.items() if plain_name(name) in partly and day not in days
        ],
    }


def days_of_own(days: frozenset[date], found: Mapping[date, str]) -> list[date]:
    return sorted(day for day in days if day not in found)
