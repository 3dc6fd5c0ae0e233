from django.db import models
from django.utils.translation import gettext_lazy as _


class AssessmentStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")


class StateOfAnswer(models.TextChoices):
    """The stored spelling of `domain.answers.AnswerState`, with words for people."""

    ANSWERED = "answered", _("Answered")
    UNKNOWN = "unknown", _("We don't know")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    UNANSWERED = "unanswered", _("Not answered yet")


class BasisOfAnswer(models.TextChoices):
    """The stored spelling of `domain.answers.Basis`, with words for people."""

    OPINION = "opinion", _("Our own judgement")
    INTERVIEW = "interview", _("People we asked")
    DOCUMENT = "document", _("A document we saw")
    MEASURED = "measured", _("Measured by a tool")


class ScopeOfAssignment(models.TextChoices):
    """How much one assignment covers."""

    STEP = "step", _("Step")
    SECTION = "section", _("Section")
    QUESTION = "question", _("Question")


class KindOfEvidence(models.TextChoices):
    FILE = "file", _("File")
    LINK = "link", _("Link")


class SourceOfSuggestion(models.TextChoices):
    """Where an offered answer comes from."""

    LAST_ROUND = "last_round", _("The last round")
    MIGRATION = "migration", _("An earlier version of the guide")
    FILE = "file", _("An answers file")
    FINISHED_WORK = "finished_work", _("Finished work")
    MEASURED = "measured", _("Measured values")
