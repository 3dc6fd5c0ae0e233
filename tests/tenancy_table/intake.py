from typing import Any

from accounts.models import Organization
from accounts.secret_addresses import token_of
from accounts.tenancy import Can
from delivery.intake.door import ADDRESS
from delivery.models import RecordUpload
from delivery.services.records import store
from tests.delivery.factories import deployment
from tests.delivery.intake_factories import make_source, make_system
from tests.tenancy_table.rows import OpenPage, Page, TenantPage


def source(organization: Organization) -> dict[str, Any]:
    return {"pk": make_source(organization).pk}


def upload(organization: Organization) -> dict[str, Any]:
    system = make_system(organization)
    content = {"cells": [["Id", "Deployed at"], ["a", "2026-11-01"]], "system": system.pk}
    made = RecordUpload.objects.create(
        organization=organization, kind="deployment", file_name="a.csv", content=content
    )
    return {"pk": made.pk}


def new_record(organization: Organization) -> dict[str, Any]:
    return {"pk": make_system(organization).pk, "kind": "deployment"}


def record(organization: Organization) -> dict[str, Any]:
    stored = store(make_system(organization), [deployment()], origin="form")
    return {"kind": "deployment", "pk": stored.rows[0].pk}


def door(organization: Organization) -> dict[str, Any]:
    return {"token": token_of(ADDRESS, make_source(organization).nonce)}


def door_with_key(organization: Organization) -> dict[str, Any]:
    return {**door(organization), "key": "INC-1"}


# Who sends there has no account: the signature decides, and this one has none.
UNSIGNED = {"post": (401, 401)}
DEPLOYMENT = {"deployed_at": "2026-11-01T10:00", "result": "success", "is_production": "on"}
PAGES: dict[str, Page] = {
    "delivery:sources": TenantPage(Can.VIEW),
    "delivery:source_create": TenantPage(
        Can.EDIT, Can.EDIT, data={"name": "Pipeline", "kind": "own"}
    ),
    "delivery:source": TenantPage(Can.VIEW, None, source),
    "delivery:source_edit": TenantPage(Can.EDIT, Can.EDIT, source, data={"name": "Pipeline"}),
    "delivery:source_renew": TenantPage(None, Can.EDIT, source),
    "delivery:source_end": TenantPage(Can.EDIT, Can.EDIT, source),
    "delivery:source_rework": TenantPage(None, Can.EDIT, source),
    "delivery:import": TenantPage(Can.TRACK, Can.TRACK, post_ok=422),
    "delivery:import_coverage": TenantPage(None, Can.TRACK, post_ok=422),
    "delivery:import_template": TenantPage(Can.TRACK, None),
    "delivery:import_preview": TenantPage(Can.TRACK, Can.TRACK, upload),
    "delivery:record_create": TenantPage(Can.TRACK, Can.TRACK, new_record, data=DEPLOYMENT),
    "hooks:hook": OpenPage(arguments=door, **UNSIGNED),
    "hooks:deployments": OpenPage(arguments=door, **UNSIGNED),
    "hooks:issues": OpenPage(arguments=door, **UNSIGNED),
    "hooks:close": OpenPage(arguments=door, **UNSIGNED),
    "hooks:close_key": OpenPage(arguments=door_with_key, **UNSIGNED),
    "delivery:record_remove": TenantPage(Can.TRACK, Can.TRACK, record),
    "delivery:record_edit": TenantPage(Can.TRACK, Can.TRACK, record, data=DEPLOYMENT),
}
