from datetime import timedelta
from typing import Any

from accounts.models import Organization
from accounts.secret_addresses import token_of
from accounts.tenancy import Can
from roadmap.models import StatusLink, StatusMail
from roadmap.services.sharing.links import LINK, MAIL
from roadmap.services.work.tracking import organization_today
from tests.roadmap.factories import make_roadmap
from tests.tenancy_table.rows import OpenPage, Page, TenantPage


def roadmap(organization: Organization) -> dict[str, Any]:
    return {"pk": make_roadmap(organization).pk}


def made_link(organization: Organization) -> StatusLink:
    until = organization_today(organization) + timedelta(days=3)
    return StatusLink.objects.create(
        roadmap=make_roadmap(organization), name="Board", expires_on=until
    )


def link(organization: Organization) -> dict[str, Any]:
    found = made_link(organization)
    return {"pk": found.roadmap_id, "link": found.pk}


def made_mail(organization: Organization) -> StatusMail:
    return StatusMail.objects.create(
        roadmap=make_roadmap(organization), address="board@example.org"
    )


def mail(organization: Organization) -> dict[str, Any]:
    found = made_mail(organization)
    return {"pk": found.roadmap_id, "mail": found.pk}


def shared(organization: Organization) -> dict[str, Any]:
    return {"token": token_of(LINK, made_link(organization).nonce)}


def stop(organization: Organization) -> dict[str, Any]:
    return {"token": token_of(MAIL, made_mail(organization).nonce)}


def new_link(arguments: dict[str, Any]) -> dict[str, Any]:
    until = organization_today(Organization.objects.get(roadmaps=arguments["pk"]))
    return {"link-name": "Board", "link-expires_on": until.isoformat()}


NEW_MAIL = {
    "mail-address": "a@example.org",
    "mail-rhythm": "weekly",
    "mail-weekday": 0,
    "mail-hour": 7,
}

PAGES: dict[str, Page] = {
    "roadmap:status": TenantPage(Can.VIEW, None, roadmap),
    "roadmap:sharing": TenantPage(Can.EDIT, None, roadmap),
    "roadmap:status_link_create": TenantPage(None, Can.EDIT, roadmap, data=new_link),
    "roadmap:status_link_end": TenantPage(None, Can.EDIT, link),
    "roadmap:status_mail_create": TenantPage(None, Can.EDIT, roadmap, data=NEW_MAIL),
    "roadmap:status_mail_end": TenantPage(None, Can.EDIT, mail),
    # A POST without a password to a link without one shows the form for it again.
    "shared:status": OpenPage(get=(200, 200), post=(422, 422), arguments=shared),
    "shared:status_mail_stop": OpenPage(get=(200, 200), post=(200, 200), arguments=stop),
}
