"""The metrics counted anew from the records themselves, slowly and by other means.

Shares nothing with delivery/domain: no days, no merging, its own formulas. Used by the tests and
by benchmarks/metrics.py.
"""

import statistics
from itertools import pairwise
from math import sqrt

from delivery.models import System


def in_window(at, first, last, zone):
    return at is not None and first <= at.astimezone(zone).date() <= last


def nearest_rank(values, percent):
    """The first value in order that at least so many percent of all values do not pass."""
    ordered = sorted(values)
    for place, value in enumerate(ordered, start=1):
        if 100 * place >= percent * len(ordered):
            return value
    return None


def wilson_by_roots(hits, of):
    """The shares p whose distance from the observed one is 1.96 of their standard errors."""
    if not of:
        return None
    z2, share = statistics.NormalDist().inv_cdf(0.975) ** 2, hits / of
    a, b, c = 1 + z2 / of, -(2 * share + z2 / of), share * share
    root = sqrt(max(0.0, b * b - 4 * a * c))
    return max(0.0, (-b - root) / (2 * a)) * 100, min(1.0, (-b + root) / (2 * a)) * 100


def middle(values, unit):
    return statistics.median(values) / unit if values else None


def recount(system: System, first, last, zone) -> dict:
    """Every figure of a window that does not depend on what is open today."""
    deployments = sorted(
        (
            row
            for row in system.deployments.filter(is_production=True).prefetch_related(
                "incidents", "changes"
            )
            if in_window(row.deployed_at, first, last, zone)
        ),
        key=lambda row: row.deployed_at,
    )
    causes = {
        row.pk: [one for one in row.incidents.all() if one.link == "confirmed"]
        for row in deployments
    }
    failed = [row for row in deployments if row.result == "failed" or causes[row.pk]]
    begins = {row.pk: beginning(row, system) for row in deployments}
    leads = [
        int((row.deployed_at - begins[row.pk]).total_seconds())
        for row in deployments
        if row.result == "success" and begins[row.pk] and begins[row.pk] <= row.deployed_at
    ]
    moments = [int(row.deployed_at.timestamp()) for row in deployments]
    recoveries = []
    for row in failed:
        ends = [one.resolved_at for one in causes[row.pk]]
        if ends and None not in ends:
            begin = min(one.opened_at for one in causes[row.pk])
            if max(ends) >= begin:
                recoveries.append(int((max(ends) - begin).total_seconds()))
    fixes = {}
    for row in system.vulnerabilities.filter(dismissed_at=None):
        if in_window(row.fixed_at, first, last, zone) and row.fixed_at >= row.found_at:
            seconds = int((row.fixed_at - row.found_at).total_seconds())
            fixes.setdefault(row.severity, []).append(seconds)
    changes = [row for row in system.changes.all() if in_window(row.deployed_at, first, last, zone)]
    complete = [row for row in changes if is_complete(row)]
    readings = sorted(
        (row.measured_at, row.pk, row.lines_covered / row.lines_total)
        for row in system.coverage.all()
        if in_window(row.measured_at, first, last, zone)
    )
    everything = [seconds for values in fixes.values() for seconds in values]
    return {
        "deployments": len(deployments),
        "days_between": middle([b - a for a, b in pairwise(moments)], 86400),
        "lead_median": middle(leads, 3600),
        "lead_p85": nearest_rank(leads, 85) / 3600 if leads else None,
        "failed": len(failed),
        "fail_rate": 100 * len(failed) / len(deployments) if deployments else None,
        "fail_interval": wilson_by_roots(len(failed), len(deployments)),
        "recovery": middle(recoveries, 60),
        "rework": sum(row.is_rework for row in deployments),
        "coverage": readings[-1][2] * 100 if readings else None,
        "fix": middle(everything, 86400),
        "fix_by_severity": {
            severity: (middle(values, 86400), nearest_rank(values, 90) / 86400)
            for severity, values in sorted(fixes.items())
        },
        "audit": 100 * len(complete) / len(changes) if changes else None,
        "audit_by_kind": {
            kind: sum(row.kind == kind for row in complete)
            for kind in sorted({row.kind for row in changes})
        },
        "unrecorded": sum(not row.changes.all() for row in deployments),
    }


def beginning(row, system):
    """The first commit; for what a vendor deploys else the opening of its first ticket."""
    opened = [change.opened_at for change in row.changes.all() if change.opened_at]
    if row.committed_at is None and system.is_vendor_managed and opened:
        return min(opened)
    return row.committed_at


def is_complete(row):
    author, approver = row.author.strip().lower(), row.approver.strip().lower()
    is_approved = author != "" and approver != "" and author != approver
    return bool(row.ticket and is_approved and row.test_evidence and row.deployment_id)


def as_recounted(metrics) -> dict:
    """The same figures, out of `Metrics`."""
    fix, audit = metrics["fix_time"], metrics["audit_trail"]
    severities = sorted(metrics.figures.fixes)
    return {
        "deployments": metrics["deployment_frequency"].n,
        "days_between": metrics["deployment_frequency"].part("days_between").value,
        "lead_median": metrics["lead_time"].value,
        "lead_p85": metrics["lead_time"].part("p85").value,
        "failed": metrics.figures.failed,
        "fail_rate": metrics["change_fail_rate"].value,
        "fail_interval": metrics["change_fail_rate"].interval,
        "recovery": metrics["recovery_time"].value,
        "rework": metrics.figures.rework,
        "coverage": metrics["coverage"].value,
        "fix": fix.value,
        "fix_by_severity": {
            name: (fix.part(name).value, fix.part(f"{name}_p90").value) for name in severities
        },
        "audit": audit.value,
        "audit_by_kind": {
            kind: done for kind, (done, _all) in sorted(metrics.figures.changes.items())
        },
        "unrecorded": metrics.figures.unrecorded,
    }


def differences(one: dict, other: dict) -> list[str]:
    return [
        f"{name}: {one[name]} and {other[name]}"
        for name in one
        if not _same(one[name], other[name])
    ]


def _same(one, other) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return one == other
