"""The closed lists of the inbox."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Digest(models.TextChoices):
    """How often a person wants one mail with what is new."""

    OFF = "off", _("No digest")
    DAILY = "daily", _("Every working day")
    WEEKLY = "weekly", _("Once a week")
