from typing import Any

from accounts.models import Organization
from accounts.secret_addresses import token_of
from accounts.tenancy import Can
from inbox.mailing import PURPOSE
from inbox.models import NoticeSettings
from roadmap.models import CalendarFeed
from roadmap.services.sharing.feeds import PURPOSE as CALENDAR
from tests.factories import make_member
from tests.tenancy_table.rows import OpenPage, Page, TenantPage


def token(organization: Organization) -> dict[str, Any]:
    person = make_member(organization).user
    wishes = NoticeSettings.objects.create(organization=organization, person=person)
    return {"token": token_of(PURPOSE, wishes.nonce)}


def token_and_kind(organization: Organization) -> dict[str, Any]:
    return {**token(organization), "kind": "digest"}


def no_one_s(organization: Organization) -> dict[str, Any]:
    """A notice that nobody who asks here owns: their own are in tests/inbox/test_pages.py."""
    return {"pk": 0}


WISHES = {"digest": "weekly", "digest_weekday": 0, "digest_at": "07:00"}


def calendar(organization: Organization) -> dict[str, Any]:
    person = make_member(organization).user
    feed = CalendarFeed.objects.create(organization=organization, person=person)
    return {"token": token_of(CALENDAR, feed.nonce)}


PAGES: dict[str, Page] = {
    "inbox:list": TenantPage(Can.VIEW),
    "inbox:read_all": TenantPage(None, Can.VIEW),
    "inbox:settings": TenantPage(Can.VIEW, Can.VIEW, data=WISHES),
    # A notice is one person's own: to everybody else it does not exist, whatever their role.
    "inbox:open": TenantPage(Can.VIEW, None, no_one_s, get_ok=404),
    "inbox:read": TenantPage(None, Can.VIEW, no_one_s, post_ok=404),
    "mail:stop": OpenPage(get=(200, 200), post=(200, 200), arguments=token),
    "mail:stop_kind": OpenPage(get=(200, 200), post=(200, 200), arguments=token_and_kind),
    "work:calendar": TenantPage(Can.VIEW, Can.VIEW, data={"scope": "mine", "do": "make"}),
    "shared:calendar": OpenPage(get=(200, 200), arguments=calendar),
}
