"""The closed lists of the delivery app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceKind(models.TextChoices):
    """Who sends webhooks, and so how they are signed and what they hold."""

    OWN = "own", _("Waymark's own JSON")
    DEVLAKE = "devlake", _("Apache DevLake fields")
    GITHUB = "github", _("GitHub")
    GITLAB = "gitlab", _("GitLab")
    JENKINS = "jenkins", _("Jenkins")
    AZURE = "azure", _("Azure DevOps")


class EventState(models.TextChoices):
    """What became of something that was sent."""

    WAITING = "waiting", _("Waiting")
    TAKEN = "taken", _("Taken")
    IGNORED = "ignored", _("Not needed")
    REJECTED = "rejected", _("Rejected")


class Origin(models.TextChoices):
    """How a record came here."""

    FORM = "form", _("Entered by hand")
    FILE = "file", _("From a file")
    WEBHOOK = "webhook", _("Sent by a tool")


class DeploymentResult(models.TextChoices):
    SUCCESS = "success", _("Succeeded")
    FAILED = "failed", _("Failed")


class LinkState(models.TextChoices):
    """Whether an incident was caused by the deployment it names: a person says so."""

    NONE = "none", _("No deployment")
    PROPOSED = "proposed", _("To be confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Not caused by it")


class Severity(models.TextChoices):
    CRITICAL = "critical", _("Critical")
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class ChangeKind(models.TextChoices):
    STANDARD = "standard", _("Standard")
    NORMAL = "normal", _("Normal")
    EMERGENCY = "emergency", _("Emergency")
    VENDOR = "vendor", _("Vendor release")
