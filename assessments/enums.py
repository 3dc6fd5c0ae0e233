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
