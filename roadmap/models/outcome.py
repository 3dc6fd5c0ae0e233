"""What was decided about a pilot after its numbers were read: scale, extend or stop."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from roadmap.enums import PilotDecision
from roadmap.models.charter import PilotCharter


class PilotOutcome(models.Model):
    """One decision about a pilot, with the numbers it rested on. Added, never changed.

    `numbers`: for each criterion its text, measure, baseline, target, the value found, over how
    many events, and whether it was met, missed or could not be told.
    """

    TENANT_PATH = "charter__organization"

    charter = models.ForeignKey(PilotCharter, on_delete=models.CASCADE, related_name="outcomes")
    decision = models.CharField(max_length=8, choices=PilotDecision.choices)
    proposed = models.CharField(max_length=8, choices=PilotDecision.choices, blank=True)
    reason = models.TextField()
    numbers = models.JSONField(default=list)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decider_name = models.CharField(max_length=254, blank=True)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.decision} {self.charter_id}"

    @property
    def stop_rules(self) -> list[str]:
        """Those that had come true when it was decided."""
        return [row["stop_rule"] for row in self.numbers if "stop_rule" in row]
