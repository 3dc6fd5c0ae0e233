from typing import Any

from accounts.models import Organization
from accounts.tenancy import Can
from roadmap.models import WorkComment, WorkEvidence
from tests.roadmap.factories import make_roadmap
from tests.tenancy_table.rows import Page, TenantPage

LINK = {"url": "https://intranet.example/minutes"}


def initiative(organization: Organization) -> dict[str, Any]:
    return {"pk": make_roadmap(organization).initiatives.get(initiative_id="A1").pk}


def gate(organization: Organization) -> dict[str, Any]:
    return {"pk": make_roadmap(organization).gates.get().pk}


def about(organization: Organization) -> dict[str, Any]:
    roadmap = make_roadmap(organization)
    return {"roadmap": roadmap, "initiative": roadmap.initiatives.get(initiative_id="A1")}


def comment(organization: Organization) -> dict[str, Any]:
    """Nobody's any more: only owners may withdraw it, and nobody may change it."""
    return {"pk": WorkComment.objects.create(**about(organization), text="Seen").pk}


def piece(organization: Organization) -> dict[str, Any]:
    made = WorkEvidence.objects.create(**about(organization), kind="link", title="Minutes", **LINK)
    return {"pk": made.pk}


PAGES: dict[str, Page] = {
    "work:mine": TenantPage(),
    "work:initiative_comment": TenantPage(
        get=None, post=Can.TRACK, arguments=initiative, data={"text": "Looks well"}
    ),
    "work:gate_comment": TenantPage(
        get=None, post=Can.TRACK, arguments=gate, data={"text": "Looks well"}
    ),
    "work:comment_edit": TenantPage(
        get=Can.TRACK,
        post=Can.TRACK,
        arguments=comment,
        data={"text": "Other"},
        get_ok=403,
        post_ok=403,
    ),
    "work:comment_withdraw": TenantPage(get=Can.MANAGE, post=Can.MANAGE, arguments=comment),
    "work:evidence_add": TenantPage(get=None, post=Can.TRACK, arguments=initiative, data=LINK),
    "work:evidence_file": TenantPage(arguments=piece, get_ok=404),
    "work:evidence_remove": TenantPage(get=Can.EDIT, post=Can.EDIT, arguments=piece),
}
