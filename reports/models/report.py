from typing import Any

from django.conf import settings
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from jobs.enums import OPEN_STATES, JobState
from reports.choices import Choices
from reports.enums import Document, Form
from reports.files.forms import form_of
from reports.frozen.snapshot import ReportSnapshot, from_json


class Report(models.Model):
    """A report that was asked for: its frozen input, the job that makes it, and its file.

    `file` is set in the transaction that ends the job. A file that no report names does not
    exist for anyone, whatever lies in the folder.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="reports"
    )
    roadmap = models.ForeignKey("roadmap.Roadmap", on_delete=models.CASCADE, related_name="reports")
    job = models.ForeignKey(
        "jobs.Job", on_delete=models.SET_NULL, null=True, related_name="reports"
    )
    document = models.CharField(
        max_length=10, choices=Document.choices, default=Document.FULL, db_default=Document.FULL
    )
    form = models.CharField(
        max_length=6, choices=Form.choices, default=Form.PDF, db_default=Form.PDF
    )
    # Of `reports.choices.Choices`.
    choices = models.JSONField(default=dict)
    batch = models.ForeignKey(
        "reports.Batch", on_delete=models.SET_NULL, null=True, related_name="reports"
    )
    snapshot = models.JSONField()
    input_hash = models.CharField(max_length=64, db_index=True)

    file = models.CharField(max_length=200, blank=True)
    pages = models.PositiveIntegerField(null=True)
    size = models.PositiveIntegerField(null=True, help_text=_("bytes"))
    seconds = models.FloatField(null=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    # Until then the file is kept; made again from the frozen input when asked for later.
    kept_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            # Two clicks on "Create PDF" make one report, also when they come at the same time.
            models.UniqueConstraint(
                fields=["roadmap", "input_hash"], name="report_once_per_roadmap_and_input"
            ),
        )

    def __str__(self) -> str:
        return f"Report {self.pk} of roadmap {self.roadmap_id}"

    @property
    def is_ready(self) -> bool:
        return bool(self.file)

    @property
    def is_expired(self) -> bool:
        """Made once; its file was not kept for ever."""
        return not self.file and self.finished_at is not None

    @property
    def is_open(self) -> bool:
        """Whether it waits or is being made."""
        return not self.file and self.job is not None and self.job.state in OPEN_STATES

    @property
    def has_failed(self) -> bool:
        """Nobody makes it any more; the job of a batch ends well where it only said why not."""
        if self.is_ready or self.is_expired:
            return False
        return self.job is None or self.job.state not in OPEN_STATES

    @property
    def is_given_up(self) -> bool:
        """By a person, not for a fault."""
        return self.has_failed and self.job is not None and self.job.state == JobState.CANCELLED

    @property
    def frozen(self) -> ReportSnapshot:
        data: dict[str, Any] = self.snapshot
        return from_json(data)

    @property
    def chosen(self) -> Choices:
        return Choices.from_json(self.choices)

    @property
    def download_name(self) -> str:
        """What the browser saves it as: readable, and plain ASCII for every system."""
        name = slugify(self.snapshot["organization"])[:60] or "report"
        kind = "roadmap" if self.document == Document.FULL else slugify(self.get_document_display())
        extension = form_of(self.form).extension
        return f"{name}-{kind}-{self.snapshot['generated_on']}.{extension}"
