from typing import Any

from accounts.models import Organization
from accounts.tenancy import Can
from assessments.models import Assessment, Assignment, Comment
from assessments.services import assessment_submit
from tests.assessments.factories import add_file, make_assessment, upload_guide
from tests.factories import make_member
from tests.tenancy_table.rows import Page, TenantPage


def stored_guide(organization: Organization) -> dict[str, Any]:
    return {"pk": upload_guide(organization).pk}


def draft(organization: Organization) -> dict[str, Any]:
    return {"pk": make_assessment(organization=organization).pk}


def submitted(organization: Organization) -> dict[str, Any]:
    assessment = make_assessment(organization=organization)
    assessment_submit(assessment=assessment, user=None)
    return {"pk": assessment.pk}


def step(organization: Organization) -> dict[str, Any]:
    return {**draft(organization), "number": 1}


def with_gate(organization: Organization) -> dict[str, Any]:
    return {**draft(organization), "gate_id": "G3"}


def question(organization: Organization) -> dict[str, Any]:
    return {**draft(organization), "question_id": "Q1.01"}


def piece_of_evidence(organization: Organization) -> dict[str, Any]:
    piece = add_file(make_assessment(organization=organization), b"Minutes of the meeting")
    return {"pk": piece.assessment_id, "evidence_pk": piece.pk}


def from_seat(organization: Organization) -> dict[str, Any]:
    return {**step(organization), "seat": "it"}


def one_from_seat(organization: Organization) -> dict[str, Any]:
    return {**question(organization), "seat": "it"}


def comment(organization: Organization) -> dict[str, Any]:
    """Of someone who has left, where contributors may fill everything."""
    assessment = make_assessment(organization=organization)
    Assessment.objects.filter(pk=assessment.pk).update(is_open_to_contributors=True)
    made = Comment.objects.create(assessment=assessment, question_id="Q1.01", text="Hi")
    return {"pk": assessment.pk, "comment_pk": made.pk}


def new_row(organization: Organization) -> dict[str, Any]:
    return {**draft(organization), "question_id": "T1", "row": "new"}


def table(organization: Organization) -> dict[str, Any]:
    return {**draft(organization), "question_id": "T1"}


def flows(organization: Organization) -> dict[str, Any]:
    return {**draft(organization), "question_id": "T5"}


def file_of_table(organization: Organization) -> dict[str, Any]:
    return {**table(organization), "file": "template.csv"}


def upload_gone(organization: Organization) -> dict[str, Any]:
    """A file that was withdrawn: its page leads to the table. Files are their sender's alone."""
    return {**table(organization), "upload_id": 1}


ANSWER = {"Q1.01-value": "2", "Q1.01-version": "0"}


def assignment(organization: Organization) -> dict[str, Any]:
    """Of somebody who is not among those who ask."""
    assessment = make_assessment(organization=organization)
    made = Assignment.objects.create(
        assessment=assessment,
        scope="step",
        target="STEP-1",
        assignee=make_member(organization, "contributor").user,
    )
    return {"pk": assessment.pk, "assignment_pk": made.pk}


def same_person(arguments: dict[str, Any]) -> dict[str, Any]:
    return {"to": Assignment.objects.get(pk=arguments["assignment_pk"]).assignee_id}


PAGES: dict[str, Page] = {
    "assessments:guides": TenantPage(Can.VIEW),
    # A POST without a file is refused with the reason.
    "assessments:guide_upload": TenantPage(Can.EDIT, Can.EDIT, post_ok=422),
    "assessments:guide_shipped": TenantPage(Can.VIEW),
    "assessments:guide": TenantPage(Can.VIEW, None, stored_guide),
    "assessments:guide_retire": TenantPage(None, Can.EDIT, stored_guide),
    # Without two versions there is nothing to compare.
    "assessments:guide_changes": TenantPage(Can.VIEW, get_ok=404),
    "assessments:move": TenantPage(Can.READ_ALL, Can.EDIT, draft),
    "assessments:parked": TenantPage(Can.READ_ALL, None, draft),
    "assessments:guide_starter": TenantPage(Can.VIEW),
    "assessments:guide_format": TenantPage(Can.VIEW),
    "assessments:guide_schema": TenantPage(Can.VIEW),
    "assessments:mine": TenantPage(Can.ANSWER),
    "assessments:assignments": TenantPage(Can.READ_ALL, None, draft),
    # A POST without parts and people is refused with the reasons.
    "assessments:assign": TenantPage(Can.EDIT, Can.EDIT, draft, post_ok=422),
    "assessments:assignment": TenantPage(Can.EDIT, Can.EDIT, assignment, data=same_person),
    "assessments:assignment_withdraw": TenantPage(None, Can.EDIT, assignment),
    "assessments:assignment_send": TenantPage(None, Can.EDIT, assignment),
    # Whoever it is assigned to says so, and nobody else.
    "assessments:assignment_done": TenantPage(None, Can.ANSWER, assignment, post_ok=404),
    "assessments:contributors": TenantPage(None, Can.EDIT, draft, data={"open": "yes"}),
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
    "assessments:quick_start": TenantPage(None, Can.EDIT),
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
    "assessments:compare": TenantPage(Can.READ_ALL, None, draft),
    "assessments:suggestion": TenantPage(
        None, Can.ANSWER, question, data={"act": "dismiss"}, unassigned=404
    ),
    "assessments:proposals": TenantPage(None, Can.EDIT, draft),
    "assessments:suggestions": TenantPage(None, Can.ANSWER, step),
    "assessments:coverage": TenantPage(Can.READ_ALL, None, draft),
    "assessments:coverage_gate": TenantPage(Can.READ_ALL, None, with_gate),
    "assessments:reading": TenantPage(Can.VIEW, None, draft),
    "assessments:benchmark": TenantPage(Can.READ_ALL, None, draft),
    "assessments:table": TenantPage(Can.VIEW, None, table, unassigned=404),
    "assessments:table_download": TenantPage(Can.VIEW, None, file_of_table, unassigned=404),
    # A POST without a file is refused with the reason.
    "assessments:table_upload": TenantPage(
        Can.ANSWER, Can.ANSWER, table, post_ok=422, unassigned=404
    ),
    "assessments:table_preview": TenantPage(
        Can.ANSWER, Can.ANSWER, upload_gone, get_ok=302, unassigned=404
    ),
    "assessments:table_diagram": TenantPage(Can.VIEW, None, flows, unassigned=404),
    # A POST without a reason is refused with what is missing.
    "assessments:confirm": TenantPage(Can.EDIT, Can.EDIT, question, get_ok=302, post_ok=422),
    "assessments:unconfirmed": TenantPage(Can.READ_ALL, Can.EDIT, draft, post_ok=422),
    "assessments:contradictions": TenantPage(Can.READ_ALL, None, draft),
    "assessments:review": TenantPage(Can.READ_ALL, None, draft),
    "assessments:submit": TenantPage(Can.EDIT, Can.EDIT, draft),
    "assessments:submitted": TenantPage(Can.VIEW, None, submitted),
    "assessments:targets": TenantPage(Can.READ_ALL, Can.EDIT, draft, data={"version": "0"}),
    "assessments:scorecard": TenantPage(Can.READ_ALL, None, draft),
    "assessments:seats": TenantPage(Can.ANSWER, None, draft),
    "assessments:seat_step": TenantPage(Can.ANSWER, None, from_seat),
    "assessments:seat_answer": TenantPage(
        Can.ANSWER, Can.ANSWER, one_from_seat, data={"seat-Q1.01-value": "2"}, unassigned=404
    ),
    # A POST that names nobody who agreed is refused with the reason.
    "assessments:settle": TenantPage(Can.EDIT, Can.EDIT, question, post_ok=422),
    "assessments:divergence": TenantPage(Can.READ_ALL, None, draft),
    "assessments:agenda": TenantPage(Can.READ_ALL, None, draft),
    # GET leads to the comments of the question.
    "assessments:comment_add": TenantPage(
        Can.ANSWER, Can.ANSWER, question, data={"text": "Hi"}, get_ok=302, unassigned=404
    ),
    # Someone else's comment is changed by nobody and withdrawn by owners.
    "assessments:comment_edit": TenantPage(
        Can.ANSWER, Can.ANSWER, comment, data={"text": ""}, get_ok=403, post_ok=403
    ),
    "assessments:comment_withdraw": TenantPage(Can.MANAGE, Can.MANAGE, comment),
}
