"""The plan as Microsoft Project XML (MSPDI), which MS Project and ProjectLibre open.

Source of the format: Microsoft, "Introduction to Project XML Data" and its schema
mspdi_pj12.xsd; the order of elements is that of the schema, which readers insist on.

Phases are summary tasks, initiatives tasks with their predecessors, gates milestones. Every task
is kept from starting earlier than planned, so that the dates stay those of the plan; whoever wants
them to move takes the constraint off. Work is the likely effort, an estimate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

from django.utils import translation
from django.utils.translation import gettext as _

from reports.choices import Choices
from reports.files.forms import Made, Tell
from reports.files.texts import for_xml
from reports.frozen.snapshot import GateEntry, InitiativeEntry, PhaseEntry, ReportSnapshot
from reports.frozen.working_time import CalendarEntry

NAMESPACE = "http://schemas.microsoft.com/project"
HOURS = 8
MORNING, NOON, AFTERNOON, EVENING = "08:00:00", "12:00:00", "13:00:00", "17:00:00"
CALENDAR_UID = "1"
FINISH_TO_START, NOT_EARLIER_THAN, DAYS = "1", "4", "7"


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    with translation.override(snapshot.language):
        return Made(_Project(snapshot).xml())


@dataclass(frozen=True)
class _Task:
    """`uid` also is its place in the list; `level` 1 for phases."""

    uid: int
    number: str
    level: int
    of: PhaseEntry | InitiativeEntry | GateEntry


class _Project:
    def __init__(self, snapshot: ReportSnapshot) -> None:
        self.snapshot = snapshot
        self.calendar = snapshot.calendar or CalendarEntry()
        self.tasks = list(_outline(snapshot))
        self.uids = {task.of.id: task.uid for task in self.tasks}
        self.roles = _roles(snapshot)

    def xml(self) -> bytes:
        root = ElementTree.Element("Project", xmlns=NAMESPACE)
        self._head(root)
        self._calendar(_under(root, "Calendars"))
        tasks = _under(root, "Tasks")
        for task in self.tasks:
            self._task(_under(tasks, "Task"), task)
        self._resources(_under(root, "Resources"))
        self._assignments(_under(root, "Assignments"))
        body = ElementTree.tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{body}\n'.encode()

    def _head(self, root: ElementTree.Element) -> None:
        plan = self.snapshot.plan
        _texts(
            root,
            SaveVersion="14",
            Name=f"{self.snapshot.organization} {self.snapshot.roadmap}".strip(),
            Title=self.snapshot.roadmap or _("Roadmap"),
            Company=self.snapshot.organization,
            CreationDate=_moment(self.snapshot.generated_on, MORNING),
            ScheduleFromStart="1",
            StartDate=_moment(plan.start, MORNING),
            FinishDate=_moment(plan.finish or plan.start, EVENING),
            CalendarUID=CALENDAR_UID,
            DefaultStartTime=MORNING,
            DefaultFinishTime=EVENING,
            MinutesPerDay=str(HOURS * 60),
            MinutesPerWeek=str(HOURS * 60 * len(self.calendar.weekdays)),
            DaysPerMonth="20",
            DurationFormat=DAYS,
            WorkFormat="2",
            NewTasksAreManual="0",
        )

    def _calendar(self, parent: ElementTree.Element) -> None:
        calendar = _under(parent, "Calendar")
        _texts(calendar, UID=CALENDAR_UID, Name=_("Working days"), IsBaseCalendar="1")
        weekdays = _under(calendar, "WeekDays")
        for day in range(7):
            # Here a week begins with Sunday as its first day.
            is_worked = (day - 1) % 7 in self.calendar.weekdays
            weekday = _under(weekdays, "WeekDay")
            _texts(weekday, DayType=str(day + 1), DayWorking="1" if is_worked else "0")
            if is_worked:
                times = _under(weekday, "WorkingTimes")
                for start, end in ((MORNING, NOON), (AFTERNOON, EVENING)):
                    _texts(_under(times, "WorkingTime"), FromTime=start, ToTime=end)
        if self.calendar.holidays:
            exceptions = _under(calendar, "Exceptions")
            for day_off in self.calendar.holidays:
                self._day_off(_under(exceptions, "Exception"), day_off)

    def _day_off(self, parent: ElementTree.Element, day: date) -> None:
        _texts(parent, EnteredByOccurrences="0")
        period = _under(parent, "TimePeriod")
        _texts(period, FromDate=_moment(day, "00:00:00"), ToDate=_moment(day, "23:59:00"))
        _texts(parent, Occurrences="1", Name=_("Public holiday"), Type="1", DayWorking="0")

    def _task(self, parent: ElementTree.Element, task: _Task) -> None:
        of = task.of
        start, finish = _dates(of)
        is_gate, is_phase = isinstance(of, GateEntry), isinstance(of, PhaseEntry)
        hours = 0 if is_gate else HOURS * self.worked_days(start, finish)
        # A milestone stands at the end of its day.
        begin = _moment(start, EVENING if is_gate else MORNING)
        _texts(
            parent,
            UID=str(task.uid),
            ID=str(task.uid),
            Name=f"{of.id} {of.title}"[:512] if not is_phase else of.title[:512],
            Active="1",
            Manual="0",
            Type="1",
            IsNull="0",
            WBS=task.number,
            OutlineNumber=task.number,
            OutlineLevel=str(task.level),
            Priority="500",
            Start=begin,
            Finish=_moment(finish, EVENING),
            Duration=_hours(hours),
            DurationFormat=DAYS,
        )
        if isinstance(of, InitiativeEntry):
            _texts(parent, Work=_hours(of.effort.likely * HOURS), EffortDriven="0", Estimated="1")
        _texts(parent, Milestone="1" if is_gate else "0", Summary="1" if is_phase else "0")
        if isinstance(of, InitiativeEntry):
            _texts(parent, **_reported(of))
        if not is_phase:
            _texts(parent, ConstraintType=NOT_EARLIER_THAN, ConstraintDate=begin)
        _texts(parent, IgnoreResourceCalendar="0", Notes=_notes(of))
        for other in self._before(of):
            link = _under(parent, "PredecessorLink")
            _texts(link, PredecessorUID=str(self.uids[other]), Type=FINISH_TO_START)
            _texts(link, CrossProject="0", LinkLag="0", LagFormat=DAYS)
        if not is_phase:
            self._baseline(_under(parent, "Baseline"), of)

    def _baseline(self, parent: ElementTree.Element, of: InitiativeEntry | GateEntry) -> None:
        """What was agreed first: the dates of the plan, or of the one before it."""
        is_gate = isinstance(of, GateEntry)
        first, last = (of.planned_on, of.planned_on) if is_gate else (of.start, of.finish)
        if not is_gate and of.progress.baseline:
            first, last = of.progress.baseline
        hours = 0 if is_gate else HOURS * self.worked_days(first, last)
        begin = _moment(first, EVENING if is_gate else MORNING)
        _texts(parent, Number="0", Start=begin, Finish=_moment(last, EVENING))
        _texts(parent, Duration=_hours(hours), DurationFormat=DAYS)

    def _before(self, of: PhaseEntry | InitiativeEntry | GateEntry) -> list[str]:
        """What it follows, where that ends in time: other tools would move the dates otherwise."""
        if isinstance(of, InitiativeEntry):
            return [other.id for other in of.predecessors if other.id in self.uids]
        if isinstance(of, GateEntry):
            reviews = (item for item in self.snapshot.initiatives if item.kind == "review")
            return [item.id for item in reviews if item.gate and item.gate.id == of.id]
        return []

    def worked_days(self, start: date, finish: date) -> int:
        days = (start + timedelta(n) for n in range((finish - start).days + 1))
        return sum(1 for day in days if self.calendar.is_worked(day))

    def _resources(self, parent: ElementTree.Element) -> None:
        for uid, (title, fte) in enumerate(self.roles.values(), start=1):
            resource = _under(parent, "Resource")
            _texts(resource, UID=str(uid), ID=str(uid), Name=title, Type="1", IsNull="0")
            _texts(resource, MaxUnits=_number(fte), CalendarUID=CALENDAR_UID)

    def _assignments(self, parent: ElementTree.Element) -> None:
        resources = {role: uid for uid, role in enumerate(self.roles, start=1)}
        uid = 0
        for item in self.snapshot.initiatives:
            start, finish = _dates(item)
            days = self.worked_days(start, finish)
            for role in item.roles:
                uid += 1
                work = item.effort.likely * role.share
                assignment = _under(parent, "Assignment")
                _texts(
                    assignment,
                    UID=str(uid),
                    TaskUID=str(self.uids[item.id]),
                    ResourceUID=str(resources[role.id]),
                    Finish=_moment(finish, EVENING),
                    Start=_moment(start, MORNING),
                    Units=_number(work / days if days else 0),
                    Work=_hours(work * HOURS),
                )


def _outline(snapshot: ReportSnapshot) -> Iterator[_Task]:
    """Phases with their initiatives by start, each gate behind its review."""
    uid = 0
    known = {item.id: item for item in snapshot.initiatives}
    gates = {gate.id: gate for gate in snapshot.gates}
    for place, phase in enumerate(snapshot.phases, start=1):
        uid += 1
        yield _Task(uid, str(place), 1, phase)
        items = sorted((known[i] for i in phase.initiatives), key=lambda i: (i.start, i.rank))
        inside = 0
        for item in items:
            uid, inside = uid + 1, inside + 1
            yield _Task(uid, f"{place}.{inside}", 2, item)
            if item.kind == "review" and item.gate and (gate := gates.pop(item.gate.id, None)):
                uid, inside = uid + 1, inside + 1
                yield _Task(uid, f"{place}.{inside}", 2, gate)
    for place, gate in enumerate(gates.values(), start=len(snapshot.phases) + 1):
        uid += 1
        yield _Task(uid, str(place), 1, gate)


def _roles(snapshot: ReportSnapshot) -> dict[str, tuple[str, float]]:
    """Role → its title and how many people: those who work, also where nobody said how many."""
    found = {one.role: (one.title, one.fte) for one in snapshot.capacity}
    for item in snapshot.initiatives:
        for role in item.roles:
            found.setdefault(role.id, (role.title, 1.0))
    return found


def _dates(of: PhaseEntry | InitiativeEntry | GateEntry) -> tuple[date, date]:
    if isinstance(of, GateEntry):
        return of.planned_on, of.planned_on
    if isinstance(of, PhaseEntry):
        return of.start, of.finish
    done = of.progress
    start = done.started_on or of.start
    finish = done.finished_on if done.status == "done" and done.finished_on else of.finish
    return (min(start, finish), finish) if done.status == "done" else (start, max(start, finish))


def _reported(of: InitiativeEntry) -> dict[str, str]:
    """How far it is, in the order in which Microsoft Project reads it."""
    done, (start, finish) = of.progress, _dates(of)
    is_done = done.status == "done"
    found = {"PercentComplete": "100" if is_done else str(done.percent)}
    if is_done or done.started_on:
        found["ActualStart"] = _moment(start, MORNING)
    if is_done and done.finished_on:
        found["ActualFinish"] = _moment(finish, EVENING)
    return found


def _notes(of: PhaseEntry | InitiativeEntry | GateEntry) -> str:
    if isinstance(of, PhaseEntry):
        return of.text
    if isinstance(of, GateEntry):
        return of.passes_when
    low, high = of.effort.low, of.effort.high
    estimate = _("Estimated effort: %(low)g to %(high)g person-days.") % {"low": low, "high": high}
    return "\n".join([*of.reasons, of.what, estimate]).strip()


def _under(parent: ElementTree.Element, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, name)


def _texts(parent: ElementTree.Element, **texts: Any) -> None:
    for name, text in texts.items():
        _under(parent, name).text = for_xml(text)


def _moment(day: date, clock: str) -> str:
    return f"{day.isoformat()}T{clock}"


def _hours(hours: float) -> str:
    """An ISO 8601 duration in whole minutes, as Project writes them."""
    minutes = round(hours * 60)
    return f"PT{minutes // 60}H{minutes % 60}M0S"


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
