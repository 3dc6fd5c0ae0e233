from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.enums import KindOfEvidence
from assessments.models.assessment import Assessment


class Evidence(models.Model):
    """A file or link that shows an answer. Files lie outside the web root."""

    TENANT_PATH = "assessment__organization"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="evidence")
    question_id = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=KindOfEvidence.choices)
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    # Of a file: its name in the store, and what its content was found to be.
    stored_name = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name_plural = "evidence"
        indexes = [models.Index(fields=["assessment", "question_id"])]

    def __str__(self) -> str:
        return self.title

    def is_valid_on(self, day: date) -> bool:
        return self.removed_at is None and (self.expires_on is None or self.expires_on >= day)
