from django.conf import settings
from django.db import models

from assessments.models.assessment import Assessment


class Comment(models.Model):
    """A remark on one question of one assessment; mentioned people are told by e-mail."""

    TENANT_PATH = "assessment__organization"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="comments")
    question_id = models.CharField(max_length=40)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="comments"
    )
    text = models.TextField()
    mentions = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="mentioned_in", blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    # A withdrawn comment keeps its place and loses its text.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["assessment", "question_id"])]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.text[:40]}"
