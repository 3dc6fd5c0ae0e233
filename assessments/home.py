"""The assessment's place on the organization's home page."""

from accounts.home import Panel
from accounts.tenancy import Access
from assessments.models import Assessment, Snapshot
from assessments.progress import assessment_progress
from assessments.queries import answer_set


def panel(access: Access) -> Panel:
    """The newest assessment: how far it is, or the score it gave. At most three queries."""
    assessment = access.scope(Assessment).first()
    context: dict = {"assessment": assessment, "overall": None, "progress": None}
    if assessment is not None and assessment.is_submitted:
        card = (
            access.scope(Snapshot).filter(assessment=assessment).values_list("scorecard", flat=True)
        )
        stored = card.first()
        context["overall"] = stored["overall"]["score"] if stored else None
    elif assessment is not None:
        context["progress"] = assessment_progress(assessment.guide, answer_set(assessment))
    return Panel(template="assessments/_home_panel.html", context=context)
