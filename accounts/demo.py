"""The demo logins: made by `load_demo`, told on the start and sign-in pages.

They are known to everybody, so they exist outside production only (settings.WAYMARK_DEMO).
"""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User

DEMO_PASSWORD = "waymark-demo"
DEMO_PEOPLE = (
    ("owner@demo.example", "Olivia Owner", Role.OWNER),
    ("editor@demo.example", "Edgar Editor", Role.EDITOR),
    ("contributor@demo.example", "Carla Contributor", Role.CONTRIBUTOR),
    ("viewer@demo.example", "Victor Viewer", Role.VIEWER),
)
# Owns the demo consultancy, which the demo organizations have let in.
DEMO_CONSULTANT = ("consultant@demo.example", "Connie Consultant")


def usable_demo_logins() -> list[tuple[str, str]]:
    """Address and part of each login that works now: none before `load_demo` has run."""
    if not settings.WAYMARK_DEMO:
        return []
    parts = {email: str(role.label) for email, _who, role in DEMO_PEOPLE}
    parts[DEMO_CONSULTANT[0]] = _("Consultant of seven clients")
    present = set(User.objects.filter(email__in=parts).values_list("email", flat=True))
    return [(email, part) for email, part in parts.items() if email in present]
