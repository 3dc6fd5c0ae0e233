"""Step 6 of a new round, proposed from measured values (basis: measured).

What step 6 asks and over how long stands with its questions; each proposal says over how many
events it rests. Fewer than `FEW` of them propose nothing, for a figure in an assessment looks more
certain than three deployments are. Figures that cover all systems are those of the systems watched
here, and the proposal names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Organization
from assessments.domain.answers import Answer, AnswerSet, AnswerState, Basis
from assessments.enums import SourceOfSuggestion
from assessments.proposals import Proposal
from delivery.domain import metrics
from delivery.domain.metrics import FEW, FOUR_WEEKS, Metric, Metrics
from delivery.models import Incident, System
from delivery.queries import Days, days_since, watched
from guide.model import Guide

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
            year, quarter = self._of(YEAR), self._of(QUARTER)
            found += [
                self._frequency(),
                self._number("Q6.02", year, metrics.FAIL_RATE),
                self._coverage(year),
                self._audit_trail(self._of(NINETY)),
                self._number("Q6.07", quarter, metrics.LEAD_TIME),
                self._number("Q6.17", year, metrics.REWORK),
            ]
        return [proposal for proposal in found if proposal is not None]

    def _of(self, window: timedelta) -> Metrics:
        return self._days.together(self._own, self._first(window), self._today)

    def _first(self, window: timedelta) -> date:
        """The first of as many days, today being the last."""
        return self._today - window + timedelta(days=1)

    def _number(self, question: str, measured: Metrics, metric_id: str) -> Proposal | None:
        metric = measured[metric_id]
        if metric.value is None or metric.n < FEW:
            return None
        value = round(metric.value, 1)
        return self._proposal(question, value, self._rests_on(metric, measured, self._own))

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
        rests_on = self._rests_on(measured[metrics.FREQUENCY], measured, [system])
        note = _("Left out: deployments that failed, or whose incident a person confirmed.")
        return self._proposal("Q6.01", _known(value), rests_on, note)

    def _audit_trail(self, measured: Metrics) -> Proposal | None:
        """Of all deployments: one without any record of a change left no evidence either."""
        metric = measured[metrics.AUDIT_TRAIL]
        hits, count = metric.part("hits"), metric.n + measured.figures.unrecorded
        if hits is None or hits.value is None or count < FEW:
            return None
        value = round(100 * hits.value / count, 1)
        return self._proposal("Q6.06", value, self._words(count, measured, self._own))

    def _recovery(self) -> Proposal | None:
        """Of every failure users noticed, whatever caused it, as the question asks."""
        first = datetime.combine(self._first(YEAR), time(), tzinfo=self._zone)
        over = Incident.objects.filter(
            system__in=self._systems, opened_at__gte=first, resolved_at__gte=F("opened_at")
        )
        took = [
            (resolved - opened) / timedelta(minutes=1)
            for opened, resolved in over.order_by().values_list("opened_at", "resolved_at")
        ]
        # Failures are rare where it goes well: three are a fact, and the worst of them counts.
        if len(took) < 3:
            return None
        value = {"median": round(median(took), 1), "worst": round(max(took), 1)}
        origin = self._words(len(took), self._all(YEAR), self._systems)
        return self._proposal("Q6.03", value, origin)

    def _all(self, window: timedelta) -> Metrics:
        return self._days.together(self._systems, self._first(window), self._today)

    def _coverage(self, measured: Metrics) -> Proposal | None:
        metric = measured[metrics.COVERAGE]
        if metric.value is None:
            return None
        value = {"lines": round(metric.value, 1), "flows": self._told("Q6.04", "flows")}
        return self._proposal("Q6.04", _known(value), self._rests_on(metric, measured, self._own))

    def _fixes(self) -> Proposal | None:
        """Findings that are still open count with their age today, as the question asks."""
        measured = self._all(YEAR)
        value: dict[str, Any] = {}
        counted = 0
        for severity in ("critical", "high"):
            ages = [seconds / metrics.DAY for seconds in measured.figures.fixes.get(severity, [])]
            ages += self._open_ages(severity)
            if len(ages) < 3:
                value[severity] = self._told("Q6.05", severity)
                continue
            counted += len(ages)
            value[severity] = round(median(ages), 1)
        if not counted:
            return None
        rests_on = self._words(counted, measured, self._systems)
        return self._proposal("Q6.05", _known(value), rests_on)

    def _open_ages(self, severity: str) -> list[float]:
        return [
            metrics.age_of(one, self._now)
            for system in self._systems
            for one in self._days.findings.get(system.pk, ())
            if one.severity == severity
        ]

    def _told(self, question: str, field: str) -> Any:
        """What the last round said of a field that is not measured here."""
        last = self._last.get(question)
        value = last.value if last is not None else None
        return value.get(field) if isinstance(value, Mapping) else None

    def _proposal(self, question: str, value: Any, origin: str, note: str = "") -> Proposal:
        answer = Answer(AnswerState.ANSWERED, value, note=note, basis=Basis.MEASURED)
        return Proposal(question, answer, SourceOfSuggestion.MEASURED, origin)

    def _rests_on(self, metric: Metric, measured: Metrics, systems: Sequence[System]) -> str:
        return self._words(metric.n, measured, systems)

    def _words(self, count: int, measured: Metrics, systems: Sequence[System]) -> str:
        names = Truncator(", ".join(system.name for system in systems)).chars(90)
        return _("Measured from %(first)s to %(last)s over %(count)s records of %(systems)s") % {
            "first": date_format(measured.since or measured.first),
            "last": date_format(measured.last),
            "count": count,
            "systems": names,
        }


def _known(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in value.items() if part is not None}
