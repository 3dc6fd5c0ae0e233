"""Step 6 of a new round, proposed from measured values (basis: measured).

What step 6 asks and over how long stands with its questions; each proposal says over how many
events it rests. Fewer than `FEW` of them propose nothing, for a figure in an assessment looks more
certain than three deployments are. The questions ask for one figure of all systems: it is that of
the watched systems with records, and the proposal names each with what it shows on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization
from assessments.domain.answers import Answer, AnswerSet, AnswerState, Basis
from assessments.enums import SourceOfSuggestion
from assessments.proposals import Proposal
from delivery.domain import metrics
from delivery.domain.metrics import FEW, FOUR_WEEKS, Metrics
from delivery.models import Incident, System
from delivery.queries import Days, days_since, watched
from guide.model import Guide

# So rare where it goes well that this many are enough to tell of.
SOME = 3
YEAR, QUARTER, NINETY = timedelta(days=365), timedelta(days=91), timedelta(days=90)
SETTLED = timedelta(days=7)
DAYS_A_MONTH = 365.25 / 12
# The guide whose questions these are; another guide's ids mean something else.
GUIDE = "healthcare-devops"


def measured_answers(
    organization: Organization, guide: Guide, last: AnswerSet
) -> Iterable[Proposal]:
    """Proposals for the figures step 6 asks for: five queries."""
    if guide.id != GUIDE:
        return []
    systems = list(watched(organization).select_related("organization"))
    if not systems:
        return []
    now = timezone.now()
    today = now.astimezone(organization.zone).date()
    return _Measured(systems, days_since(systems, today - YEAR, now), today, last, now).proposals()


@dataclass(frozen=True)
class _Part:
    """One system's part in a figure. `value`: what its own records show; None for too few."""

    system: System
    count: int
    value: float | None = None


class _Measured:
    def __init__(
        self,
        systems: Sequence[System],
        days: Days,
        today: date,
        last: AnswerSet,
        now: datetime,
    ) -> None:
        self._systems, self._days, self._today, self._last = systems, days, today, last
        self._now, self._zone = now, systems[0].organization.zone
        # Of what the vendor deploys step 6 asks for no deployments, only for failures and fixes.
        self._own = [system for system in systems if not system.is_vendor_managed]

    def proposals(self) -> list[Proposal]:
        found = [self._recovery(), self._fixes()]
        if self._own:
            found += [
                self._frequency(),
                self._number("Q6.02", YEAR, metrics.FAIL_RATE),
                self._coverage(),
                self._audit_trail(),
                self._number("Q6.07", QUARTER, metrics.LEAD_TIME),
                self._number("Q6.17", YEAR, metrics.REWORK),
            ]
        return [proposal for proposal in found if proposal is not None]

    def _of(self, window: timedelta) -> Metrics:
        return self._days.together(self._own, self._first(window), self._today)

    def _first(self, window: timedelta) -> date:
        """The first of as many days, today being the last."""
        return self._today - window + timedelta(days=1)

    def _parts(
        self,
        window: timedelta,
        systems: Sequence[System],
        read: Callable[[Metrics], tuple[int, float | None]],
    ) -> list[_Part]:
        """Those of the systems that have records at all, the most first."""
        found = []
        for system in systems:
            count, value = read(self._days.of(system, self._first(window), self._today))
            if count:
                found.append(_Part(system, count, value if count >= FEW else None))
        return sorted(found, key=lambda part: -part.count)

    def _number(self, question: str, window: timedelta, metric_id: str) -> Proposal | None:
        measured = self._of(window)
        metric = measured[metric_id]
        if metric.value is None or metric.n < FEW:
            return None

        def read(of_one: Metrics) -> tuple[int, float | None]:
            return of_one[metric_id].n, of_one[metric_id].value

        parts = self._parts(window, self._own, read)
        origin = self._words(metric.n, measured, parts)
        return self._proposal(question, round(metric.value, 1), origin, _apart(parts))

    def _frequency(self) -> Proposal | None:
        """Of the system deployed most often, as the question asks; without the newest week, of
        which nobody can know yet whether a failure follows.
        """
        last = self._today - SETTLED
        first = self._first(QUARTER) - SETTLED
        counted = [(self._days.of(s, first, last), s) for s in self._own]
        measured, system = max(counted, key=lambda pair: pair[0].figures.deployments)
        done, failed = measured.figures.deployments, measured.figures.failed
        if done < FEW:
            return None
        days = (last - (measured.since or first)).days + 1
        value: dict[str, Any] = {"now": round((done - failed) * DAYS_A_MONTH / max(days, 28), 1)}
        baseline = system.baselines.get(metrics.FREQUENCY, {}).get("value")
        value["baseline"] = (
            round(baseline * DAYS_A_MONTH / FOUR_WEEKS, 1)
            if baseline is not None
            else self._told("Q6.01", "baseline")
        )
        count = measured[metrics.FREQUENCY].n
        rests_on = self._words(count, measured, [_Part(system, count)])
        note = _("Left out: deployments that failed, or whose incident a person confirmed.")
        return self._proposal("Q6.01", _known(value), rests_on, note)

    def _audit_trail(self) -> Proposal | None:
        measured = self._of(NINETY)
        count, value = _complete(measured)
        if value is None or count < FEW:
            return None
        parts = self._parts(NINETY, self._own, _complete)
        origin = self._words(count, measured, parts)
        return self._proposal("Q6.06", round(value, 1), origin, _apart(parts))

    def _recovery(self) -> Proposal | None:
        """Of every failure users noticed, whatever caused it, as the question asks."""
        first = datetime.combine(self._first(YEAR), time(), tzinfo=self._zone)
        over = Incident.objects.filter(
            system__in=self._systems, opened_at__gte=first, resolved_at__gte=F("opened_at")
        )
        by_system: dict[int, list[float]] = {}
        rows = over.order_by().values_list("system", "opened_at", "resolved_at")
        for system, opened, resolved in rows:
            minutes = (resolved - opened) / timedelta(minutes=1)
            by_system.setdefault(system, []).append(minutes)
        took = [minutes for found in by_system.values() for minutes in found]
        # Failures are rare where it goes well: three are a fact, and the worst of them counts.
        if len(took) < SOME:
            return None
        parts = [
            _Part(system, len(found), median(found) if len(found) >= SOME else None)
            for system in self._systems
            if (found := by_system.get(system.pk))
        ]
        value = {"median": round(median(took), 1), "worst": round(max(took), 1)}
        origin = self._words(len(took), self._all(YEAR), parts)
        return self._proposal("Q6.03", value, origin, _apart(parts))

    def _all(self, window: timedelta) -> Metrics:
        return self._days.together(self._systems, self._first(window), self._today)

    def _coverage(self) -> Proposal | None:
        measured = self._of(YEAR)
        metric = measured[metrics.COVERAGE]
        if metric.value is None:
            return None
        value = {"lines": round(metric.value, 1), "flows": self._told("Q6.04", "flows")}
        parts = [
            _Part(system, one.n, one.value)
            for system in self._own
            if (one := self._days.of(system, self._first(YEAR), self._today)[metrics.COVERAGE]).n
        ]
        names = Truncator(", ".join(part.system.name for part in parts)).chars(110)
        origin = _("Measured: the last readings up to %(last)s of %(systems)s") % {
            "last": date_format(measured.last),
            "systems": names,
        }
        return self._proposal("Q6.04", _known(value), origin, _apart(parts))

    def _fixes(self) -> Proposal | None:
        """Findings that are still open count with their age today, as the question asks."""
        value: dict[str, Any] = {}
        counts = dict.fromkeys((system.pk for system in self._systems), 0)
        for severity in ("critical", "high"):
            ages = {system.pk: self._ages(system, severity) for system in self._systems}
            together = [age for found in ages.values() for age in found]
            if len(together) < SOME:
                value[severity] = self._told("Q6.05", severity)
                continue
            value[severity] = round(median(together), 1)
            counts = {system: count + len(ages[system]) for system, count in counts.items()}
        parts = [_Part(s, counts[s.pk]) for s in self._systems if counts[s.pk]]
        if not parts:
            return None
        origin = self._words(sum(counts.values()), self._all(YEAR), parts)
        return self._proposal("Q6.05", _known(value), origin)

    def _ages(self, system: System, severity: str) -> list[float]:
        """In days: of what was fixed the time that took, of what is open its age."""
        measured = self._days.of(system, self._first(YEAR), self._today)
        fixed = [seconds / metrics.DAY for seconds in measured.figures.fixes.get(severity, [])]
        open_ones = self._days.findings.get(system.pk, ())
        return fixed + [
            metrics.age_of(one, self._now) for one in open_ones if one.severity == severity
        ]

    def _told(self, question: str, field: str) -> Any:
        """What the last round said of a field that is not measured here."""
        last = self._last.get(question)
        value = last.value if last is not None else None
        return value.get(field) if isinstance(value, Mapping) else None

    def _proposal(self, question: str, value: Any, origin: str, note: str = "") -> Proposal:
        answer = Answer(AnswerState.ANSWERED, value, note=note, basis=Basis.MEASURED)
        return Proposal(question, answer, SourceOfSuggestion.MEASURED, origin)

    def _words(self, count: int, measured: Metrics, parts: Sequence[_Part]) -> str:
        names = ", ".join(
            part.system.name if len(parts) == 1 else f"{part.system.name} ({part.count})"
            for part in parts
        )
        words = ngettext(
            "Measured from %(first)s to %(last)s over %(count)s record of %(systems)s",
            "Measured from %(first)s to %(last)s over %(count)s records of %(systems)s",
            count,
        )
        return words % {
            "first": date_format(measured.since or measured.first),
            "last": date_format(measured.last),
            "count": count,
            "systems": Truncator(names).chars(110),
        }


def _complete(measured: Metrics) -> tuple[int, float | None]:
    """How many deployments, and what part left its evidence, in percent: of all of them, for one
    without any record of a change left none either.
    """
    metric = measured[metrics.AUDIT_TRAIL]
    hits, count = metric.part("hits"), metric.n + measured.figures.unrecorded
    if hits is None or hits.value is None or not count:
        return count, None
    return count, 100 * hits.value / count


def _apart(parts: Sequence[_Part]) -> str:
    """What each system shows on its own, where one figure is asked of several."""
    if len(parts) < 2:
        return ""
    told = ", ".join(
        f"{part.system.name}: {_('too few records to say')}"
        if part.value is None
        else f"{part.system.name}: {round(part.value, 1):g}"
        for part in parts
    )
    words = _("The question asks for one figure of systems that may differ. On their own: %s.")
    return words % Truncator(told).chars(400)


def _known(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in value.items() if part is not None}
