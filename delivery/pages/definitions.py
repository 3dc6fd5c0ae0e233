"""What each metric means, in one sentence, and where that comes from. Shown beside its figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from delivery.domain import metrics


@dataclass(frozen=True)
class Source:
    author: str
    title: str
    url: str = ""


DORA = Source(
    "DORA",
    "DORA’s software delivery performance metrics",
    "https://dora.dev/guides/dora-metrics/",
)
GUIDE = Source("ELITEX", "DevOps in healthcare", "https://elitex.systems/blog/devops-in-healthcare")
WILSON = Source(
    "E. B. Wilson",
    "Probable Inference, the Law of Succession, and Statistical Inference (1927)",
)
WHEELER = Source("Donald J. Wheeler", "Understanding Variation: The Key to Managing Chaos")


@dataclass(frozen=True)
class Definition:
    """`sentence`: what is counted; `method`: how, where a choice had to be made."""

    title: Any
    # Beside a figure, where the title is too long.
    short: Any
    sentence: Any
    method: Any
    sources: tuple[Source, ...]
    # What the chart shows of a week.
    weekly: Any
    # The unit in which baselines and targets are stated.
    unit: Any


DEFINITIONS: Mapping[str, Definition] = {
    metrics.FREQUENCY: Definition(
        _("Deployment frequency"),
        _("Deployments per four weeks"),
        _(
            "Deployments to production per four weeks, failed ones included, and the median time "
            "between two of them."
        ),
        _(
            "Counted over the days since records begin. How often you deploy is no aim in itself: "
            "it shows whether changes can be small."
        ),
        (DORA,),
        _("Deployments a week"),
        _("per four weeks"),
    ),
    metrics.LEAD_TIME: Definition(
        _("Change lead time"),
        _("Lead time"),
        _("The median time from the first commit in a deployment until it ran in production."),
        _(
            "Only deployments that succeeded and whose first commit is known. The 85th percentile "
            "is by nearest rank: 85 of 100 deployments took no longer."
        ),
        (DORA,),
        _("Median of a week, in hours"),
        _("hours"),
    ),
    metrics.FAIL_RATE: Definition(
        _("Change fail rate"),
        _("Fail rate"),
        _(
            "Failed production deployments divided by all: those that failed themselves, and "
            "those a person confirmed as the cause of an incident."
        ),
        _(
            "A deployment with several incidents counts once. Causes that tools propose do not "
            "count until somebody confirms them. The interval is Wilson’s for 95 %."
        ),
        (DORA, WILSON),
        _("Failed of a week’s deployments, in percent"),
        _("percent"),
    ),
    metrics.RECOVERY: Definition(
        _("Failed deployment recovery time"),
        _("Recovery"),
        _(
            "The median time from the begin of an incident that a deployment caused until users "
            "could work again."
        ),
        _(
            "Once for each failed deployment whose confirmed incidents are all over: from the "
            "begin of the first to the end of the last, counted on the day of the deployment."
        ),
        (DORA,),
        _("Median of a week’s failed deployments, in minutes"),
        _("minutes"),
    ),
    metrics.REWORK: Definition(
        _("Deployment rework rate"),
        _("Rework"),
        _(
            "Production deployments that were unplanned and made only to repair what users "
            "noticed, divided by all."
        ),
        _("Marked when a deployment is recorded. The interval is Wilson’s for 95 %."),
        (DORA, WILSON),
        _("Unplanned repairs of a week’s deployments, in percent"),
        _("percent"),
    ),
    metrics.COVERAGE: Definition(
        _("Automated test coverage"),
        _("Coverage"),
        _("The share of lines that automated tests run, by the latest reading."),
        _(
            "The trend compares it with the last reading at least four weeks before. Lines that "
            "run are not lines that are checked."
        ),
        (GUIDE,),
        _("Last reading of a week, in percent"),
        _("percent"),
    ),
    metrics.FIX_TIME: Definition(
        _("Vulnerability resolution time"),
        _("Time to fix"),
        _(
            "The median time from finding a vulnerability until its fix ran in production, of "
            "those fixed in the window."
        ),
        _(
            "What was dismissed counts nowhere. The 90th percentile is by nearest rank. Open ones "
            "stand beside it with their age today, for a median of fixed ones alone looks best "
            "when the hard ones stay open."
        ),
        (GUIDE,),
        _("Median of a week’s fixes, in days"),
        _("days"),
    ),
    metrics.AUDIT_TRAIL: Definition(
        _("Audit-trail completeness"),
        _("Audit trail"),
        _(
            "Production changes that show a ticket, an approver other than the author, test "
            "evidence, a deployment record and a time, divided by all production changes."
        ),
        _(
            "Without a known author nobody can tell that somebody else approved, so such a change "
            "is not complete. Whether the evidence is good is for people to judge."
        ),
        (GUIDE, WILSON),
        _("Complete changes of a week, in percent"),
        _("percent"),
    ),
}
BY_TICKET = _(
    "The vendor deploys this system, so nobody here sees its commits: the time runs from the "
    "opening of the change ticket."
)
METHOD_OF_LIMITS = _(
    "The natural process limits are the average ± 2.66 times the average moving range of the "
    "weekly values (an XmR chart). A week outside them, or eight in a row on one side of the "
    "average, is a signal worth asking about; the rest is noise, and no single week of it needs "
    "an explanation."
)
