"""What a token may be used for. The person's own role and the engagement say the rest."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    CLIENTS_READ = "clients:read", _("See which organizations it reaches")
    CLIENTS_WRITE = "clients:write", _("Start clients")
    ANSWERS_READ = "answers:read", _("Read assessments and answers")
    ANSWERS_WRITE = "answers:write", _("Start assessments, save answers, submit")
    SCORES_READ = "scores:read", _("Read scores")
    PLANS_READ = "plans:read", _("Read plans, roadmaps and gates")
    PLANS_WRITE = "plans:write", _("Make plans, search for better ones, adopt one")
    PROGRESS_WRITE = "progress:write", _("Report progress")
    METRICS_READ = "metrics:read", _("Read delivery metrics")
    METRICS_WRITE = "metrics:write", _("Send records of deliveries")
    REPORTS_READ = "reports:read", _("Read and download reports")
    REPORTS_WRITE = "reports:write", _("Make reports")
