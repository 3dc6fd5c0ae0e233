"""The targets that hold for an organization: the guide's proposal, and its own over it."""

from dataclasses import dataclass

from accounts.tenancy import Access
from assessments.domain.answers import AnswerSet, AnswerState
from assessments.domain.targets import TargetSet, proposed, with_own
from assessments.models import TargetProfile
from assessments.queries import KIND_QUESTION
from guide.model import Guide


@dataclass(frozen=True)
class TargetChoice:
    """``own`` is the stored profile; None as long as the proposal holds."""

    proposal: TargetSet
    wanted: TargetSet
    own: TargetProfile | None


def target_choice(access: Access, guide: Guide, answers: AnswerSet) -> TargetChoice:
    """One query."""
    proposal = proposed(guide, kind_of(answers))
    own = access.scope(TargetProfile).select_related("updated_by").filter(guide_id=guide.id).first()
    wanted = with_own(proposal, own.steps, own.challenges) if own else proposal
    return TargetChoice(proposal, wanted, own)


def kind_of(answers: AnswerSet) -> str | None:
    """The kind of organization its profile states."""
    answer = answers.get(KIND_QUESTION)
    if answer is None or answer.state is not AnswerState.ANSWERED:
        return None
    return str(answer.value)
