"""Fields as people fill them: numbers with either decimal sign, days and spans of days."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from roadmap.domain.constraints.stated import EARLIEST, LATEST, MAX_HOLIDAYS
from roadmap.forms import DateInput

UNSTYLED = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.HiddenInput)
GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}([, \u00a0\u202f'’]\d{3})+([.]\d+)?")
DAY = r"(\d{4}-\d\d-\d\d)"
SPAN = re.compile(rf"{DAY}(?:\s*(?:to|until|-|–|\.\.\.?)\s*{DAY})?", re.IGNORECASE)


class StyledForm(forms.Form):
    """Fields with the look of the design system, to be laid out by hand."""

    def __getitem__(self, name: str) -> forms.BoundField:
        widget = self.fields[name].widget
        if not isinstance(widget, UNSTYLED):
            widget.attrs.setdefault("class", "wm-input")
        return super().__getitem__(name)


class AmountField(forms.Field):
    """A number: “1,250.50”, “1 250”, “0,5” and “12 %” are all understood."""

    widget = forms.TextInput

    def __init__(
        self, *, low: float = 0, high: float, whole: bool = False, unit: str = "", **kwargs: Any
    ) -> None:
        self.low, self.high, self.whole, self.unit = low, high, whole, unit
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "numeric" if whole else "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, float):
            return f"{value:.12g}"
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()

    def to_python(self, value: Any) -> float | None:
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        try:
            number = float(_plain(text, self.unit))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise forms.ValidationError(
                _now("Give a number; “%(text)s” is not one.") % {"text": text[:40]}
            )
        if not self.low <= number <= self.high:
            raise forms.ValidationError(
                _now("Give a number from %(low)s to %(high)s.")
                % {"low": f"{self.low:.12g}", "high": f"{self.high:.12g}"}
            )
        if self.whole and not number.is_integer():
            raise forms.ValidationError(_now("Give a whole number."))
        return number


def _plain(text: str, unit: str) -> str:
    if unit:
        text = text.removesuffix(unit).rstrip()
    if GROUPED.fullmatch(text):
        return re.sub(r"[, \u00a0\u202f'’]", "", text)
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DateInput)
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("Give the date as YYYY-MM-DD.")

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_now("Give a date between 2000 and 2099."))
        return day


class DaysField(forms.CharField):
    """Days and spans of days, one in a line: “2027-12-24” or “2027-12-24 to 2027-12-31”."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 40_000)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else days_text(value)

    def clean(self, value: Any) -> frozenset[date]:
        text = super().clean(value)
        found: set[date] = set()
        wrong: list[str] = []
        for line in re.split(r"[\n,;]", text):
            # What stands behind a # is for people.
            said = line.partition("#")[0].strip()
            if said:
                days = _span(said)
                wrong += [said[:40]] if days is None else []
                found.update(days or ())
            if len(found) > MAX_HOLIDAYS:
                raise forms.ValidationError(
                    _now("Give at most %(most)s days.") % {"most": MAX_HOLIDAYS}
                )
        if wrong:
            raise forms.ValidationError(
                [
                    _now("“%(line)s” is no day: write 2027-12-24, or 2027-12-24 to 2027-12-31.")
                    % {"line": line}
                    for line in wrong[:5]
                ]
            )
        return frozenset(found)


def days_text(days: Iterable[date]) -> str:
    """One line for each run of days."""
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return "\n".join(f"{a}" if a == b else f"{a} to {b}" for a, b in runs)


def _span(text: str) -> list[date] | None:
    """None when it is none; a span longer than may be given is cut, and refused as too many."""
    match = SPAN.fullmatch(text)
    if match is None:
        return None
    try:
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[2]) if match[2] else first
    except ValueError:
        return None
    if last < first or not EARLIEST <= first <= last <= LATEST:
        return None
    count = min((last - first).days, MAX_HOLIDAYS)
    return [first + timedelta(days=n) for n in range(count + 1)]
