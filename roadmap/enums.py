"""The closed lists of the roadmap app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InitiativeStatus(models.TextChoices):
    """How far an initiative is; the values are those of `roadmap.domain.progress.Status`."""

    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class EntryKind(models.TextChoices):
    """What was reported on an initiative."""

    STATUS = "status", _("Status")
    PROGRESS = "progress", _("Progress")
    BLOCKED = "blocked", _("Blocked")
    UNBLOCKED = "unblocked", _("No longer blocked")
    OWNER = "owner", _("Owner")
    PROOF = "proof", _("Evidence")
    OVERRIDE = "override", _("Started before its gate")


class KindOfProof(models.TextChoices):
    FILE = "file", _("File")
    LINK = "link", _("Link")


class Verdict(models.TextChoices):
    """What an approver says to opening a gate."""

    APPROVE = "approve", _("Approves")
    REFUSE = "refuse", _("Refuses")


class DecisionKind(models.TextChoices):
    """What became of a gate."""

    ASKED = "asked", _("Decision asked for")
    WITHDRAWN = "withdrawn", _("Request withdrawn")
    OPENED = "opened", _("Opened")
    REFUSED = "refused", _("Refused")
    CLOSED = "closed", _("Closed again")


class ForecastCause(models.TextChoices):
    """Why a forecast was made."""

    NIGHT = "night", _("Made at night")
    CHANGE = "change", _("After a change")
    ASKED = "asked", _("Asked for")


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")


class FeedScope(models.TextChoices):
    """What a calendar feed holds."""

    MINE = "mine", _("My work")
    ALL = "all", _("The whole roadmap")


class PilotDecision(models.TextChoices):
    SCALE = "scale", _("Scale")
    EXTEND = "extend", _("Extend")
    STOP = "stop", _("Stop")
