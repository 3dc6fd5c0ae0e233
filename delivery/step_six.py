"""Step 6 of a new round, proposed from measured values (basis: measured).

What step 6 asks and over how long stands with its questions; each proposal says over how many
events it rests. Fewer than `FEW` of them propose nothing, for a figure in an assessment looks more
certain than three deployments are. Figures that cover all systems are those of the systems watched
here, and the proposal names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

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
from delivery.models import System
from delivery.queries import Days, days_since, watched
from guide.model import Guide

YEAR, QUARTER, NINETY = timedelta(days=365), timedelta(days=91), timedelta(days=90)
DAYS_A_MONTH = 365.25 / 12
# The guide whose questions these are; another guide's ids mean something else.
GUIDE = "healthcare-devops"


def measured_answers(
    organization: Organization, guide: Guide, last: AnswerSet
) -> Iterable[Proposal]:
    """Proposals for the figures step 6 asks for: four queries."""
    if guide.id != GUIDE:
        return []
    systems = list(watched(organization))
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
        self._now = now
        # Those the organization deploys itself: step 6 asks for these.
        self._own = [system for system in systems if not system.is_vendor_managed] or list(systems)

    def proposals(self) -> list[Proposal]:
        year, quarter = self._of(YEAR), self._of(QUARTER)
        found = [
            self._frequency(),
            self._number("Q6.02", year, metrics.FAIL_RATE, YEAR),
            self._recovery(year),
            self._coverage(year),
            self._fixes(year),
            self._number("Q6.06", self._of(NINETY), metrics.AUDIT_TRAIL, NINETY),
            self._number("Q6.07", quarter, metrics.LEAD_TIME, QUARTER),
            self._number("Q6.17", year, metrics.REWORK, YEAR),
        ]
        return [proposal for proposal in found if proposal is not None]

    def _of(self, window: timedelta) -> Metrics:
        return self._days.together(self._own, self._today - window, self._today)

    def _number(
        self, question: str, measured: Metrics, metric_id: str, window: timedelta
    ) -> Proposal | None:
        metric = measured[metric_id]
        if metric.value is None or metric.n < FEW:
            return None
        value = round(metric.value, 1)
        return self._proposal(question, value, self._rests_on(metric, measured, self._own))

    def _frequency(self) -> Proposal | None:
        """Of the system deployed most often, as the question asks."""
        first = self._today - QUARTER
        counted = [(self._days.of(s, first, self._today), s) for s in self._own]
        measured, system = max(counted, key=lambda pair: pair[0].figures.deployments)
        done, failed = measured.figures.deployments, measured.figures.failed
        if done < FEW:
            return None
        days = (self._today - (measured.since or first)).days + 1
        value: dict[str, Any] = {"now": round((done - failed) * DAYS_A_MONTH / max(days, 28), 1)}
        baseline = system.baselines.get(metrics.FREQUENCY, {}).get("value")
        value["baseline"] = (
            round(baseline * DAYS_A_MONTH / FOUR_WEEKS, 1)
            if baseline is not None
            else self._told("Q6.01", "baseline")
        )
        rests_on = self._rests_on(measured[metrics.FREQUENCY], measured, [system])
        return self._proposal("Q6.01", _known(value), rests_on)

    def _recovery(self, measured: Metrics) -> Proposal | None:
        metric = measured[metrics.RECOVERY]
        longest = metric.part("longest")
        if metric.value is None or longest is None:
            return None
        # Failures are rare where it goes well: three are a fact, and the worst of them counts.
        if metric.n < 3:
            return None
        value = {"median": round(metric.value, 1), "worst": round(longest.value or 0, 1)}
        return self._proposal("Q6.03", value, self._rests_on(metric, measured, self._own))

    def _coverage(self, measured: Metrics) -> Proposal | None:
        metric = measured[metrics.COVERAGE]
        if metric.value is None:
            return None
        value = {"lines": round(metric.value, 1), "flows": self._told("Q6.04", "flows")}
        return self._proposal("Q6.04", _known(value), self._rests_on(metric, measured, self._own))

    def _fixes(self, measured: Metrics) -> Proposal | None:
        """Findings that are still open count with their age today, as the question asks."""
        value: dict[str, Any] = {}
        counted = 0
        for severity in ("critical", "high"):
            ages = [seconds / metrics.DAY for seconds in measured.figures.fixes.get(severity, [])]
            ages += self._open_ages(severity)
            if len(ages) < 3:
                value[severity] = self._told("Q6.05", severity)
                continue
            counted += len(ages)
            value[severity] = round(sorted(ages)[(len(ages) - 1) // 2], 1)
        if not counted:
            return None
        rests_on = self._words(counted, measured, self._own)
        return self._proposal("Q6.05", _known(value), rests_on)

    def _open_ages(self, severity: str) -> list[float]:
        return [
            metrics.age_of(one, self._now)
            for system in self._own
            for one in self._days.findings.get(system.pk, ())
            if one.severity == severity
        ]

    def _told(self, question: str, field: str) -> Any:
        """What the last round said of a field that is not measured here."""
        last = self._last.get(question)
        value = last.value if last is not None else None
        return value.get(field) if isinstance(value, Mapping) else None

    def _proposal(self, question: str, value: Any, origin: str) -> Proposal:
        answer = Answer(AnswerState.ANSWERED, value, basis=Basis.MEASURED)
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
