"""The closed lists of the reports app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.TextChoices):
    """What is written from one plan, each complete in itself."""

    FULL = "full", _("Full roadmap")
    BOARD = "board", _("Board paper")
    CLINICIAN = "clinician", _("Clinician's page")
    AUDITOR = "auditor", _("Auditor's trace")


class Form(models.TextChoices):
    """What kind of file it becomes. The forms after PDF know one document each."""

    PDF = "pdf", _("PDF")
    PPTX = "pptx", _("PowerPoint")
    XLSX = "xlsx", _("Excel")
    DOCX = "docx", _("Word")
    CSV = "csv", _("CSV files")
    JSON = "json", _("JSON")
    MSPDI = "mspdi", _("Microsoft Project (XML)")
    ICS = "ics", _("Calendar (iCalendar)")
    JIRA = "jira", _("Backlog for Jira")
    GITHUB = "github", _("Backlog for GitHub")
    GITLAB = "gitlab", _("Backlog for GitLab")
    AZURE = "azure", _("Backlog for Azure DevOps")


class PageSize(models.TextChoices):
    A4 = "a4", _("A4")
    LETTER = "letter", _("Letter")


class Detail(models.TextChoices):
    """How much is told of each thing."""

    SHORT = "short", _("Short")
    USUAL = "usual", _("Usual")
    EVERYTHING = "everything", _("Everything")


class Audience(models.TextChoices):
    """Whom the words around the figures speak to."""

    LEADERS = "leaders", _("Board and executives")
    TEAMS = "teams", _("IT and delivery teams")
    CLINICIANS = "clinicians", _("Clinicians and their managers")
    AUDITORS = "auditors", _("Auditors and compliance")
