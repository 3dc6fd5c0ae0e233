from typing import Any

from accounts.tenancy import Access
from assessments.models import Answer, Assessment
from guide.model import Question


def evidence_context(
    access: Access, assessment: Assessment, question: Question, row: Answer | None
) -> dict[str, Any]:
    return {}
