"""The demo logins: made by `load_demo`, told on the start and sign-in pages.

They are known to everybody, so they exist outside production only (settings.WAYMARK_DEMO).
"""

from django.conf import settings

from accounts.enums import Role
from accounts.models import User

DEMO_PASSWORD = "waymark-demo"
DEMO_PEOPLE = (
    ("owner@demo.example", "Olivia Owner", Role.OWNER),
    ("editor@demo.example", "Edgar Editor", Role.EDITOR),
    ("contributor@demo.example", "Carla Contributor", Role.CONTRIBUTOR),
    ("viewer@demo.example", "Victor Viewer", Role.VIEWER),
)


def usable_demo_logins() -> list[tuple[str, Role]]:
    """Address and role of each login that works now: none before `load_demo` has run."""
    if not settings.WAYMARK_DEMO:
        return []
    emails = [email for email, _name, _role in DEMO_PEOPLE]
    present = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    return [(email, role) for email, _name, role in DEMO_PEOPLE if email in present]
