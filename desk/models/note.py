"""What a consultancy writes down about a client, for itself alone.

Nothing outside this app reads these tables: no page, export, hand-over or answer of the API of the
client (tests/desk/test_notes_stay_private.py).
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

TEXT_LIMIT = 10_000


class NoteAbout(models.TextChoices):
    WHOLE = "whole", _("the client")
    STEP = "step", _("a step")
    INITIATIVE = "initiative", _("an initiative")


class PrivateNote(models.Model):
    """`about_id`: of the step in the guide or of the initiative; empty for the whole client."""

    TENANT_PATH = "consultancy"

    consultancy = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="private_notes"
    )
    client = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    about = models.CharField(
        _("about"), max_length=12, choices=NoteAbout.choices, default=NoteAbout.WHOLE
    )
    about_id = models.CharField(max_length=40, blank=True)
    text = models.TextField(_("note"), max_length=TEXT_LIMIT)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [models.Index(fields=["consultancy", "client"], name="notes_by_client")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class NoteVersion(models.Model):
    """A note as it was before somebody changed it."""

    TENANT_PATH = "note__consultancy"

    note = models.ForeignKey(PrivateNote, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    text = models.TextField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["note", "version"], name="note_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.note} as of version {self.version}"
