from typing import Any

from django import template

from accounts.demo import DEMO_PASSWORD, usable_demo_logins

register = template.Library()


@register.inclusion_tag("accounts/_demo_logins.html")
def demo_logins() -> dict[str, Any]:
    """The demo logins, on the start page and on allauth's sign-in page."""
    return {"demo_logins": usable_demo_logins(), "demo_password": DEMO_PASSWORD}
