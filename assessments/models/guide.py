from django.conf import settings
from django.db import models


class StoredGuide(models.Model):
    """A guide an organization uploaded, frozen in its compiled form.

    `key` is what assessments name as their `guide_id`: the guide's own id and the organization's
    number, so that no two organizations' guides, and no shipped one, can be mistaken.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="stored_guides"
    )
    key = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    content = models.TextField()
    # What looked like a slip when it came: [{"file": …, "line": …, "message": …}, …].
    warnings = models.JSONField(default=list, blank=True)
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Retired guides stay readable for the assessments made with them, and start no new ones.
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title", "-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="one_stored_guide_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"
