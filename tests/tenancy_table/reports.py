"""Reports, their builder, templates and batches: reports/urls.py, look_urls.py, batch_urls.py."""

from typing import Any

from django.utils import timezone

from accounts.models import Organization
from accounts.tenancy import Can
from jobs.models import Job
from reports.models import Batch, Report, ReportTemplate
from reports.services.previews import PREVIEW_JOB
from tests.roadmap.factories import make_roadmap, plan_roadmap
from tests.tenancy_table.rows import Page, TenantPage

CHOSEN = {"kind": "full", "audience": "leaders", "detail": "usual", "page_size": "a4"}


def planned(organization: Organization) -> dict[str, Any]:
    return {"pk": plan_roadmap(organization).pk}


def report(organization: Organization) -> dict[str, Any]:
    roadmap = make_roadmap(organization)
    made = Report.objects.create(
        organization=organization,
        roadmap=roadmap,
        snapshot={"organization": "x", "generated_on": "2026-11-23", "language": "en"},
        input_hash="a" * 64,
    )
    return {"pk": roadmap.pk, "report_pk": made.pk}


def drawn(organization: Organization) -> dict[str, Any]:
    """Somebody else's pages: they are for whoever asked for them."""
    roadmap = make_roadmap(organization)
    job = Job.objects.create(
        organization=organization, kind=PREVIEW_JOB, payload={"roadmap": roadmap.pk}
    )
    return {"pk": roadmap.pk, "job": job.pk}


def drawn_page(organization: Organization) -> dict[str, Any]:
    return drawn(organization) | {"number": 1}


def template(organization: Organization) -> dict[str, Any]:
    return {"pk": ReportTemplate.objects.create(organization=organization, name="Board").pk}


def batch(organization: Organization) -> dict[str, Any]:
    made = Batch.objects.create(
        organization=organization, name="Autumn", finished_at=timezone.now()
    )
    return {"pk": made.pk}


PAGES: dict[str, Page] = {
    "reports:list": TenantPage(Can.VIEW, Can.EDIT, planned),
    "reports:new": TenantPage(Can.EDIT, Can.EDIT, planned, data=CHOSEN),
    "reports:preview": TenantPage(None, Can.EDIT, planned, data=CHOSEN),
    "reports:previewed": TenantPage(Can.EDIT, None, drawn, get_ok=404),
    "reports:preview_page": TenantPage(Can.EDIT, None, drawn_page, get_ok=404),
    "reports:report": TenantPage(Can.VIEW, None, report),
    "reports:report_again": TenantPage(None, Can.EDIT, report),
    "reports:report_cancel": TenantPage(None, Can.EDIT, report),
    # The report waits for its job: there is no file yet.
    "reports:report_download": TenantPage(Can.VIEW, None, report, get_ok=404),
    "look:templates": TenantPage(Can.EDIT),
    "look:template_rename": TenantPage(None, Can.EDIT, template, data={"name": "B", "version": 0}),
    "look:template_start": TenantPage(None, Can.EDIT, template),
    "look:template_delete": TenantPage(None, Can.EDIT, template),
    "batches:list": TenantPage(Can.EDIT),
    "batches:detail": TenantPage(Can.EDIT, None, batch),
    "batches:cancel": TenantPage(None, Can.EDIT, batch),
    "batches:retry": TenantPage(None, Can.EDIT, batch),
    "batches:zip": TenantPage(None, Can.EDIT, batch),
    "batches:download": TenantPage(Can.EDIT, None, batch, get_ok=404),
}
