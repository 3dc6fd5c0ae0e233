from django.db import models


class PeerRelease(models.Model):
    """Peer bands as they were published for the people of a consultancy, for one month.

    Written once. `members`: [[organization, snapshot, {line: rounded number}], …], which nobody is
    ever shown: it decides whether a later band may be published (assessments/domain/peers.py).
    `bands`: line → [low, median, high].
    """

    TENANT_PATH = "consultancy"

    # A consultancy that goes leaves its releases behind: others are still held against them.
    consultancy = models.ForeignKey(
        "accounts.Organization",
        null=True,
        on_delete=models.SET_NULL,
        related_name="peer_releases",
    )
    guide_id = models.CharField(max_length=80)
    # The first of the month it was published in.
    period = models.DateField()
    published_on = models.DateField()
    members = models.JSONField()
    bands = models.JSONField()

    class Meta:
        ordering = ["-period", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultancy", "guide_id", "period"], name="one_peer_release_a_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.guide_id} {self.period}"
