"""The part "Confirmation" of a question's page: who stands for a high answer without evidence."""

from typing import Any

from accounts.tenancy import Access
from assessments.domain.proof import is_unconfirmed, needs_proof
from assessments.models import Answer, Assessment
from assessments.services.confirmation import is_only_lead, reason_of
from guide.model import Question


def confirmation_context(
    access: Access, assessment: Assessment, question: Question, row: Answer | None
) -> dict[str, Any]:
    guide = assessment.guide
    if row is None or not needs_proof(guide, question, row.to_domain()):
        return {"proof": None}
    answer = row.to_domain()
    is_open = is_unconfirmed(guide, question, answer)
    is_own = row.updated_by_id == access.user.pk
    may = access.can_edit and not assessment.is_submitted
    is_alone = may and is_open and is_own and is_only_lead(access.organization, access.user)
    return {
        "proof": {
            "level": row.value,
            "proof_level": guide.proof_level,
            "is_unconfirmed": is_open,
            "evidence": answer.evidence,
            "confirmed": row if answer.confirmed else None,
            "reason": reason_of(row) if answer.confirmed else "",
            "is_own": is_own,
            "is_alone": is_alone,
            "may_confirm": may and is_open and (not is_own or is_alone),
            "may_withdraw": may and answer.confirmed,
        }
    }
