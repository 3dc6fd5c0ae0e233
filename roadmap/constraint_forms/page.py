"""The whole of the constraints page: its sections, made from constraints or from what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import Truncator

from guide.model import Guide
from roadmap.constraint_forms.calendar import CalendarForm, calendar_initial
from roadmap.constraint_forms.people import (
    LimitsForm,
    MoneyForm,
    OutsideForm,
    PeopleForm,
    limits_initial,
    money_initial,
    outside_initial,
    people_initial,
)
from roadmap.constraint_forms.rows import (
    Choices,
    DeadlineSet,
    FreezeSet,
    RowForm,
    RowSet,
    StaffingSet,
    deadlines_initial,
    freezes_initial,
    not_before,
    staffing_initial,
)
from roadmap.domain.constraints.stated import Constraints

CALENDAR, PEOPLE, MONEY = "calendar", "people", "money"
FREEZES, DEADLINES, LIMITS = "freezes", "deadlines", "limits"
STAFFING, OUTSIDE = "staffing", "outside"
# As they stand on the page; the others are parts of these.
PART_OF = {STAFFING: PEOPLE, OUTSIDE: DEADLINES}
SECTIONS = (CALENDAR, PEOPLE, MONEY, FREEZES, DEADLINES, LIMITS)
FORMS = {
    CALENDAR: CalendarForm,
    PEOPLE: PeopleForm,
    MONEY: MoneyForm,
    OUTSIDE: OutsideForm,
    LIMITS: LimitsForm,
}
ROW_SETS = {STAFFING: StaffingSet, FREEZES: FreezeSet, DEADLINES: DeadlineSet}


@dataclass(frozen=True)
class Fault:
    """A line of the error summary; `field` is the id of what to mend, empty for none."""

    text: str
    field: str = ""


class ConstraintsPage:
    """`typed` is what was sent. Sections in `afresh` ignore it and show `constraints` again.

    With `is_quiet` nothing is judged yet: a row was added or a country chosen.
    """

    def __init__(
        self,
        guide: Guide,
        constraints: Constraints,
        start: date,
        about: Choices,
        typed: QueryDict | None = None,
        *,
        afresh: Iterable[str] = (),
        is_quiet: bool = False,
    ) -> None:
        self.guide, self.about, self.is_quiet = guide, about, is_quiet
        self._typed, self._afresh = typed, frozenset(afresh)
        self._initial = _initial(constraints, start)
        self.calendar = self._form(CALENDAR)
        self.people = self._form(PEOPLE, guide=guide)
        self.money = self._form(MONEY, guide=guide)
        self.outside = self._form(OUTSIDE)
        self.limits = self._form(LIMITS, guide=guide)
        roles = [(role.id, role.title) for role in guide.roles]
        self.staffing = self._rows(STAFFING, roles=roles)
        self.freezes = self._rows(FREEZES, roles=roles)
        self.deadlines = self._rows(DEADLINES, about=about)

    def _data(self, section: str) -> QueryDict | None:
        return None if PART_OF.get(section, section) in self._afresh else self._typed

    def _form(self, section: str, **more: Any) -> Any:
        data = self._data(section)
        initial = None if data else self._initial[section]
        form = FORMS[section](data, prefix=section, initial=initial, **more)
        if self.is_quiet:
            # What is asked for is a row or a list, not a verdict.
            form._errors = forms.utils.ErrorDict()
        return form

    def _rows(self, section: str, **more: Any) -> Any:
        data = self._data(section)
        initial = None if data else self._initial[section]
        rows = ROW_SETS[section](data, prefix=section, initial=initial, form_kwargs=more)
        if self.is_quiet:
            rows._errors, rows._non_form_errors = [], forms.utils.ErrorList()
            for form in rows.forms:
                form._errors = forms.utils.ErrorDict()
        return rows

    @property
    def rates_open(self) -> bool:
        """A rate of a role is wrong, so it must be seen."""
        return any(name.startswith("rate-") for name in self.money.errors)

    @property
    def parts(self) -> tuple[forms.Form, ...]:
        return self.calendar, self.people, self.money, self.outside, self.limits

    @property
    def row_sets(self) -> tuple[RowSet, ...]:
        return self.staffing, self.freezes, self.deadlines

    def is_valid(self) -> bool:
        for form in self.parts:
            form.is_valid()
        for rows in self.row_sets:
            rows.is_valid()
        start = self.calendar.cleaned_data.get("start")
        if start and self.deadlines.is_valid():
            not_before(self.deadlines, start)
        return not self.faults

    @cached_property
    def errors(self) -> bool:
        """For the title of the page."""
        return not self.is_quiet and self._typed is not None and bool(self.faults)

    @property
    def faults(self) -> list[Fault]:
        found = [fault for form in self._in_page_order() for fault in _faults_of(form)]
        for name, rows in zip(ROW_SETS, self.row_sets, strict=True):
            found += [Fault(str(error), name) for error in rows.non_form_errors()]
        return found

    def _in_page_order(self) -> Iterable[forms.Form]:
        yield self.calendar
        yield self.people
        yield from self.staffing.forms
        yield self.money
        yield from self.freezes.forms
        yield from self.deadlines.forms
        yield self.outside
        yield self.limits

    def constraints(self) -> Constraints:
        """What was typed, after `is_valid`."""
        freezes = [form.freeze() for form in self.freezes.kept_forms]
        deadlines = [form.deadline() for form in self.deadlines.kept_forms]
        return Constraints(
            **self.calendar.part(),
            **self.people.part(),
            **self.money.part(),
            **self.outside.part(),
            **self.limits.part(),
            staffing=tuple(form.people() for form in self.staffing.kept_forms),
            freezes=tuple(sorted(freezes, key=lambda f: (f.start, f.finish, f.reason))),
            deadlines=tuple(sorted(deadlines, key=lambda d: (d.by, d.about))),
        )


def with_rows(typed: QueryDict, section: str, rows: Iterable[Mapping[str, Any]]) -> QueryDict:
    """What was typed, and further rows at the end of a section."""
    data = typed.copy()
    total = f"{section}-TOTAL_FORMS"
    count = int(data.get(total) or 0) if str(data.get(total) or "0").isdecimal() else 0
    for row in rows:
        for key, value in row.items():
            name = f"{section}-{count}-{key}"
            if isinstance(value, list):
                data.setlist(name, [str(item) for item in value])
            elif value is not None:
                data[name] = f"{value:.12g}" if isinstance(value, float) else str(value)
        count += 1
    data[total] = str(count)
    return data


def without_row(typed: QueryDict, row: str) -> QueryDict:
    """What was typed, with the row `section-number` marked as removed."""
    data = typed.copy()
    data[f"{row}-DELETE"] = "on"
    return data


def _initial(constraints: Constraints, start: date) -> dict[str, Any]:
    return {
        CALENDAR: calendar_initial(constraints, start),
        PEOPLE: people_initial(constraints),
        MONEY: money_initial(constraints),
        OUTSIDE: outside_initial(constraints),
        LIMITS: limits_initial(constraints),
        STAFFING: staffing_initial(constraints),
        FREEZES: freezes_initial(constraints.freezes),
        DEADLINES: deadlines_initial(constraints.deadlines),
    }


def _faults_of(form: forms.Form) -> Iterable[Fault]:
    if getattr(form, "is_removed", False):
        return
    # A row says which one it is.
    row = f"{Truncator(form.title).chars(60)}, " if isinstance(form, RowForm) else ""
    for field in form:
        for error in field.errors:
            name = field.auto_id
            if isinstance(field.field.widget, forms.CheckboxSelectMultiple):
                name = f"{name}_0"
            yield Fault(f"{row}{field.label}: {error}", name)
    for error in form.non_field_errors():
        yield Fault(str(error))
