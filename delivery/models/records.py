"""What happened to a system. Each record is known by its own id at its source.

Moments are aware datetimes in UTC; the day something counts for is the organization's.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from delivery.enums import ChangeKind, DeploymentResult, LinkState, Origin, Severity
from delivery.models.system import System


class Record(models.Model):
    """What all records share."""

    TENANT_PATH = "system__organization"

    external_id = models.CharField(_("id at its source"), max_length=200)
    origin = models.CharField(max_length=8, choices=Origin.choices)
    source = models.ForeignKey(
        "delivery.Source", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    # Field → when it was last said (delivery/domain/telling.py).
    told = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.external_id)


def once(name: str) -> list[Any]:
    return [models.UniqueConstraint(fields=["system", "external_id"], name=name)]


class Deployment(Record):
    """One deployment. `committed_at`: the first commit in it, or for vendor-managed systems when
    its change ticket was opened (`is_by_ticket`); none where nobody knows.
    `is_rework`: unplanned, made only to repair what users noticed.
    """

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="deployments")
    deployed_at = models.DateTimeField(_("deployed at"))
    environment = models.CharField(_("environment"), max_length=60, default="production")
    is_production = models.BooleanField(_("production"), default=True)
    result = models.CharField(
        _("result"),
        max_length=8,
        choices=DeploymentResult.choices,
        default=DeploymentResult.SUCCESS,
    )
    committed_at = models.DateTimeField(_("first commit"), null=True, blank=True)
    is_by_ticket = models.BooleanField(default=False)
    is_rework = models.BooleanField(_("unplanned repair"), default=False)
    version = models.CharField(_("version"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        ordering = ["-deployed_at", "-pk"]
        constraints = once("deployment_once_per_system")
        indexes = [
            models.Index(fields=["system", "is_production", "deployed_at"], name="deployed_when")
        ]


class Incident(Record):
    """A failure that users noticed. Only a person confirms that a deployment caused it."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="incidents")
    title = models.CharField(_("title"), max_length=300, blank=True)
    severity = models.CharField(
        _("severity"), max_length=8, choices=Severity.choices, default=Severity.MEDIUM
    )
    opened_at = models.DateTimeField(_("began"))
    resolved_at = models.DateTimeField(_("users could work again"), null=True, blank=True)
    deployment = models.ForeignKey(
        Deployment, null=True, blank=True, on_delete=models.SET_NULL, related_name="incidents"
    )
    # The id its source named as the cause, also while no such deployment is known.
    deployment_external_id = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=10, choices=LinkState.choices, default=LinkState.NONE)
    link_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    link_at = models.DateTimeField(null=True)
    url = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = once("incident_once_per_system")
        indexes = [models.Index(fields=["system", "opened_at"], name="incident_when")]


class Change(Record):
    """A change to production and the evidence it left, for the completeness of the audit trail."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(
        _("kind"), max_length=10, choices=ChangeKind.choices, default=ChangeKind.NORMAL
    )
    ticket = models.CharField(_("ticket"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("ticket opened"), null=True, blank=True)
    deployed_at = models.DateTimeField(_("in production since"))
    author = models.CharField(_("author"), max_length=200, blank=True)
    approver = models.CharField(_("approver"), max_length=200, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    test_evidence = models.CharField(_("test evidence"), max_length=500, blank=True)
    deployment = models.ForeignKey(
        Deployment, null=True, blank=True, on_delete=models.SET_NULL, related_name="changes"
    )
    deployment_external_id = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-deployed_at", "-pk"]
        constraints = once("change_once_per_system")
        indexes = [models.Index(fields=["system", "deployed_at"], name="change_when")]


class Vulnerability(Record):
    """A vulnerability of a system, from its finding to its fix in production."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="vulnerabilities")
    title = models.CharField(_("title"), max_length=300, blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    found_at = models.DateTimeField(_("found"))
    fixed_at = models.DateTimeField(_("fixed in production"), null=True, blank=True)
    # Neither fixed nor to be fixed: a false alarm, or a risk somebody signed for.
    dismissed_at = models.DateTimeField(_("dismissed"), null=True, blank=True)
    dismissed_because = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        ordering = ["-found_at", "-pk"]
        verbose_name_plural = "vulnerabilities"
        constraints = once("vulnerability_once_per_system")
        indexes = [models.Index(fields=["system", "fixed_at", "severity"], name="fixed_when")]


class Coverage(Record):
    """One reading of automated test coverage, in lines."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="coverage")
    measured_at = models.DateTimeField(_("measured at"))
    lines_covered = models.PositiveBigIntegerField(_("lines covered"))
    lines_total = models.PositiveBigIntegerField(_("lines in all"))
    tool = models.CharField(_("tool"), max_length=40, blank=True)

    class Meta:
        ordering = ["-measured_at", "-pk"]
        verbose_name_plural = "coverage readings"
        constraints = once("reading_once_per_system")
        indexes = [models.Index(fields=["system", "measured_at"], name="measured_when")]
