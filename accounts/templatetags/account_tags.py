from typing import Any

from django import template
from django.db import models
from django.template import Context
from django.utils.safestring import SafeString

from accounts.demo import DEMO_PASSWORD, usable_demo_logins
from accounts.history import latest_about, lines_of
from accounts.home import Panel
from accounts.navigation import badge
from accounts.tenancy import Access

register = template.Library()


@register.inclusion_tag("accounts/_demo_logins.html")
def demo_logins() -> dict[str, Any]:
    """The demo logins, on the start page and on allauth's sign-in page."""
    return {"demo_logins": usable_demo_logins(), "demo_password": DEMO_PASSWORD}


@register.simple_tag(takes_context=True)
def home_panel(context: Context, panel: Panel) -> SafeString:
    """One panel of the home page, with its own names and those of the page (`access`)."""
    template = context.template.engine.get_template(panel.template)
    with context.push(**panel.context, panel=panel.context):
        return template.render(context)


@register.simple_tag
def navigation_badge(url_name: str, access: Access) -> int:
    """How much waits behind an entry of the navigation; 0 shows nothing."""
    return badge(url_name, access)


@register.inclusion_tag("accounts/history_here.html")
def history_here(access: Access, target: models.Model) -> dict[str, Any]:
    """The newest entries about one thing, where it is shown: two queries, one when there are none.

    The page answers for who may see it. It links `css/history.css`.
    """
    about = f"{target._meta.label_lower}:{target.pk}"
    entries = latest_about(access.organization, about)
    lines = lines_of(entries, access.organization.slug) if entries else []
    return {"lines": lines, "about": about, "access": access}
