from typing import Any

from accounts.models import Organization
from accounts.tenancy import Can
from assessments.services import assessment_submit
from tests.assessments.factories import add_file, make_assessment
from tests.tenancy_table.rows import Page, TenantPage


def draft(organization: Organization) -> dict[str, Any]:
    return {"pk": make_assessment(organization=organization).pk}


def submitted(organization: Organization) -> dict[str, Any]:
    assessment = make_assessment(organization=organization)
    assessment_submit(assessment=assessment, user=None)
    return {"pk": assessment.pk}


def step(organization: Organization) -> dict[str, Any]:
    return {**draft(organization), "number": 1}


def question(organization: Organization) -> dict[str, Any]:
    return {**draft(organization), "question_id": "Q1.01"}


def piece_of_evidence(organization: Organization) -> dict[str, Any]:
    piece = add_file(make_assessment(organization=organization), b"Minutes of the meeting")
    return {"pk": piece.assessment_id, "evidence_pk": piece.pk}


def new_row(organization: Organization) -> dict[str, Any]:
    return {**draft(organization), "question_id": "T1", "row": "new"}


ANSWER = {"Q1.01-value": "2", "Q1.01-version": "0"}

PAGES: dict[str, Page] = {
    "assessments:list": TenantPage(Can.VIEW),
    "assessments:create": TenantPage(Can.EDIT, Can.EDIT, data={"name": "Autumn"}),
    # A POST without a file is refused with the reason.
    "assessments:import": TenantPage(Can.EDIT, Can.EDIT, post_ok=422),
    "assessments:detail": TenantPage(Can.VIEW, None, draft),
    "assessments:export": TenantPage(Can.READ_ALL, None, draft),
    "assessments:profile": TenantPage(Can.VIEW, None, draft),
    "assessments:step": TenantPage(Can.VIEW, None, step),
    # GET leads to the question on its page.
    "assessments:answer": TenantPage(
        Can.ANSWER, Can.ANSWER, question, data=ANSWER, get_ok=302, unassigned=404
    ),
    "assessments:row": TenantPage(
        Can.ANSWER, Can.ANSWER, new_row, data={"T1-row-name": "EHR"}, unassigned=404
    ),
    "assessments:question": TenantPage(Can.VIEW, None, question, unassigned=404),
    "assessments:quick_start": TenantPage(Can.EDIT, Can.EDIT, get_ok=405),
    "assessments:quick": TenantPage(Can.READ_ALL, None, draft),
    "assessments:quick_result": TenantPage(Can.READ_ALL, None, draft),
    # Evidence: a link, and a file that lies in the store.
    # GET leads back to the question's page, where one lands after signing in again.
    "assessments:evidence_add": TenantPage(
        Can.ANSWER,
        Can.ANSWER,
        question,
        data={"url": "https://example.org/policy"},
        get_ok=302,
        unassigned=404,
    ),
    "assessments:evidence_file": TenantPage(Can.VIEW, None, piece_of_evidence, unassigned=404),
    "assessments:evidence_remove": TenantPage(
        Can.ANSWER, Can.ANSWER, piece_of_evidence, unassigned=404
    ),
    "assessments:benchmark": TenantPage(Can.READ_ALL, None, draft),
    "assessments:review": TenantPage(Can.READ_ALL, None, draft),
    "assessments:submit": TenantPage(Can.EDIT, Can.EDIT, draft),
    "assessments:submitted": TenantPage(Can.VIEW, None, submitted),
    "assessments:scorecard": TenantPage(Can.READ_ALL, None, draft),
}
