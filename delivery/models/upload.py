"""A file of records between its preview and its import."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class RecordUpload(models.Model):
    """The rows of a file as they were read, waiting for a person's word. `kind`: which records."""

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=16)
    file_name = models.CharField(max_length=200)
    content = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
