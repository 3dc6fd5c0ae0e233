from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from accounts.demo import DEMO_PASSWORD, usable_demo_logins
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
