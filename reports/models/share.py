from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.secret_addresses import new_nonce


class ShareLink(models.Model):
    """A report, or the plan as it stands, for whoever holds the address until it ends.

    `report`: that file; without one `roadmap` is shown live, to read only.
    """

    TENANT_PATH = "organization"

    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="share_links"
    )
    roadmap = models.ForeignKey("roadmap.Roadmap", on_delete=models.CASCADE, related_name="+")
    report = models.ForeignKey(
        "reports.Report", null=True, on_delete=models.CASCADE, related_name="share_links"
    )
    name = models.CharField(_("for whom"), max_length=150)
    nonce = models.CharField(max_length=32, default=new_nonce, unique=True, editable=False)
    password = models.CharField(max_length=128, blank=True)
    expires_on = models.DateField(_("ends after"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Through which whoever made it was let in; it ends with it, whoever has left meanwhile.
    engagement = models.ForeignKey(
        "accounts.Engagement", null=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    views = models.PositiveIntegerField(default=0)
    last_viewed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name
