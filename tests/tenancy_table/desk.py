"""The consultant's desk: desk/urls.py."""

from typing import Any

from accounts.models import Organization
from accounts.tenancy import Can
from desk.models import BulkRun, ClientTemplate, PrivateNote, SavedView
from desk.services.summaries import summary_recount
from tests.factories import make_engagement, make_user
from tests.roadmap.factories import make_roadmap
from tests.tenancy_table.rows import Page, TenantPage

TEMPLATE = {"name": "Clinic", "kind": "hospital", "time_zone": "UTC", "version": "1"}


def adviser(organization: Organization) -> dict[str, Any]:
    Organization.objects.filter(pk=organization.pk).update(advises=True)
    return {}


def client_of(organization: Organization) -> Organization:
    adviser(organization)
    return make_engagement(consultancy=organization).client


def with_client(organization: Organization) -> dict[str, Any]:
    return {"client": client_of(organization).slug}


def with_note(organization: Organization) -> dict[str, Any]:
    client = client_of(organization)
    note = PrivateNote.objects.create(consultancy=organization, client=client, text="Quiet.")
    return {"client": client.slug, "pk": note.pk}


def with_view(organization: Organization) -> dict[str, Any]:
    adviser(organization)
    view = SavedView.objects.create(
        organization=organization, person=make_user(), name="Late", is_shared=True
    )
    return {"pk": view.pk}


def with_template(organization: Organization) -> dict[str, Any]:
    adviser(organization)
    return {"pk": ClientTemplate.objects.create(organization=organization, name="Clinic").pk}


def with_run(organization: Organization) -> dict[str, Any]:
    adviser(organization)
    return {"pk": BulkRun.objects.create(organization=organization, action="reminders").pk}


def with_initiative(organization: Organization) -> dict[str, Any]:
    client = client_of(organization)
    make_roadmap(client, initiatives=2)
    summary_recount(client)
    return {"initiative": "A1"}


PAGES: dict[str, Page] = {
    "desk:clients": TenantPage(Can.VIEW, arguments=adviser),
    "desk:view_save": TenantPage(None, Can.VIEW, adviser, data={"name": "Mine"}),
    "desk:view_default": TenantPage(None, Can.VIEW, adviser),
    # Somebody else's view, which only an owner may take away.
    "desk:view_delete": TenantPage(None, Can.MANAGE, with_view),
    "desk:initiatives": TenantPage(Can.VIEW, arguments=adviser),
    "desk:initiative": TenantPage(Can.VIEW, arguments=with_initiative),
    "desk:peers": TenantPage(Can.VIEW, arguments=adviser),
    "desk:confirm": TenantPage(None, Can.EDIT, adviser, data={"action": "rounds"}),
    "desk:act": TenantPage(None, Can.EDIT, adviser, data={"action": "rounds"}, post_ok=422),
    "desk:run": TenantPage(Can.EDIT, arguments=with_run),
    "desk:runs": TenantPage(Can.EDIT, arguments=adviser),
    "desk:again": TenantPage(None, Can.EDIT, with_run),
    "desk:former": TenantPage(Can.VIEW, arguments=adviser),
    "desk:start": TenantPage(
        Can.EDIT,
        Can.EDIT,
        adviser,
        data={"name": "Elm Clinic", "kind": "hospital", "time_zone": "UTC"},
    ),
    "desk:templates": TenantPage(Can.EDIT, arguments=adviser),
    "desk:template_new": TenantPage(Can.EDIT, Can.EDIT, adviser, data=TEMPLATE),
    "desk:template": TenantPage(Can.EDIT, Can.EDIT, with_template, data=TEMPLATE),
    "desk:template_delete": TenantPage(None, Can.EDIT, with_template),
    "desk:client": TenantPage(Can.VIEW, arguments=with_client),
    "desk:note_add": TenantPage(None, Can.ANSWER, with_client, data={"text": "Ask again."}),
    "desk:note": TenantPage(
        Can.ANSWER, Can.ANSWER, with_note, data={"text": "Changed.", "version": "1"}
    ),
    # Somebody else's note.
    "desk:note_delete": TenantPage(None, Can.EDIT, with_note),
    "desk:plan": TenantPage(None, Can.EDIT, with_client, data={"start_on": "2027-01-04"}),
}
