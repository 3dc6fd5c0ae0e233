from django.conf import settings
from django.db import models

from assessments.models.assessment import Assessment


class TableUpload(models.Model):
    """The rows of a file between its preview and the word to take them in.

    They wait here rather than in the form, so that nobody can change them on the way, and rather
    than in the session, which every request would read. Only the person who sent them sees them.
    """

    TENANT_PATH = "assessment__organization"

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="table_uploads"
    )
    question_id = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    # {"rows": clean rows, "columns": ids of the columns the file has, "notes": what was left out}
    content = models.JSONField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
