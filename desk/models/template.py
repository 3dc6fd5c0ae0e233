from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganizationKind


class ClientTemplate(models.Model):
    """What a new client begins with. It is copied: later changes touch no client."""

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="client_templates"
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(
        _("kind of client"), max_length=24, choices=OrganizationKind.choices, default="hospital"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    guide_id = models.CharField(max_length=80, blank=True)
    # Question id → {"state", "value", …}, as answers of a snapshot are kept.
    profile = models.JSONField(default=dict)
    # Of `roadmap.domain.constraints.stated`; empty for none.
    constraints = models.JSONField(default=dict)
    report_template = models.ForeignKey(
        "reports.ReportTemplate", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # [{"email", "role"}]: who is invited into the client.
    people = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="client_template_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ClientStart(models.Model):
    """What a client was started with, as the template said it that day."""

    TENANT_PATH = "consultancy"

    consultancy = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="client_starts"
    )
    client = models.OneToOneField(
        "accounts.Organization", on_delete=models.CASCADE, related_name="desk_start"
    )
    template_name = models.CharField(max_length=120, blank=True)
    constraints = models.JSONField(default=dict)
    report_choices = models.JSONField(default=dict)
    report_name = models.CharField(max_length=150, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.client} from {self.template_name}"
