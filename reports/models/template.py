from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.choices import Choices


class ReportTemplate(models.Model):
    """Choices under a name. A consultancy's templates serve the reports of all its clients."""

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="report_templates"
    )
    name = models.CharField(_("name"), max_length=150)
    # Of `reports.choices.Choices`, without what belongs to one plan.
    choices = models.JSONField(default=dict)
    # What a new report of the organization begins with.
    is_start = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="report_template_name_once"
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(is_start=True),
                name="report_template_one_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def chosen(self) -> Choices:
        return Choices.from_json(self.choices)
