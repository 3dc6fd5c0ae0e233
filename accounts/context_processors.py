"""What every page needs: who one is here, and how the page should look."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Organization, User

THEMES = ("light", "dark", "auto")
THEME_COOKIE = "wm_theme"
SWITCHER_LENGTH = 8


def tenancy(request: HttpRequest) -> dict[str, Any]:
    """`access` (None outside an organization) and the organizations of the switcher."""
    return {
        "access": getattr(request, "access", None),
        "switcher_organizations": _organizations_of(request),
        "nav_section": _section_of(request),
    }


def appearance(request: HttpRequest) -> dict[str, Any]:
    """The chosen theme, written into the page so that it never flashes the wrong one."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {
        "theme": theme if theme in THEMES else "auto",
        "is_demo": settings.WAYMARK_DEMO,
        "csrf_cookie_name": settings.CSRF_COOKIE_NAME,
    }


# Families of pages without an entry of their own, by the name of their URLs.
PART_OF = {
    "scenarios": "roadmap",
    "pilots": "roadmap",
    "reports": "roadmap",
    "workshops": "assessments",
    "batches": "desk",
    "advisers": "people",
}


def _section_of(request: HttpRequest) -> str:
    """Which entry of the navigation the page belongs to."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.namespace != "accounts":
        # One page of an app above has an entry of its own.
        if match and (match.url_name == "mine" or match.namespace == "work"):
            return "mine"
        namespace = match.namespace if match else ""
        if namespace == "advisers" and match and "requests" in match.route:
            return "desk"
        return PART_OF.get(namespace, namespace)
    if match.url_name == "organization_home":
        return "overview"
    return "people" if "/people/" in match.route else ""


def _organizations_of(request: HttpRequest) -> Any:
    # A lazy queryset: pages that show no switcher pay no query.
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return Organization.objects.none()
    return Organization.objects.filter(memberships__user=user)[:SWITCHER_LENGTH]
