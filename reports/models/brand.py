from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Brand(models.Model):
    """How an organization's documents look. A client's report may wear its consultancy's.

    `logo`: name of a file in the store of logos, checked and redrawn when it was uploaded; its name
    is the SHA-256 of its bytes, so a frozen report finds the one it was made with.
    """

    TENANT_PATH = "organization"

    organization = models.OneToOneField(
        "accounts.Organization", on_delete=models.CASCADE, related_name="brand"
    )
    name = models.CharField(_("name on the cover"), max_length=150, blank=True)
    main = models.CharField(_("main colour"), max_length=7, blank=True)
    accent = models.CharField(_("second colour"), max_length=7, blank=True)
    footer = models.CharField(_("line at the foot of each page"), max_length=200, blank=True)
    legal = models.TextField(_("legal note"), max_length=4000, blank=True)
    logo = models.CharField(max_length=80, blank=True)
    logo_width = models.PositiveIntegerField(null=True)
    logo_height = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name or str(self.organization)
