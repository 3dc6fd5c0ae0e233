"""Which part of an assessment a person may see and fill.

Owners, editors and viewers read everything. A contributor sees and fills what is assigned to
them, unless the assessment is open to contributors. Once it is submitted everybody reads it all:
answers that can no longer change need no quiet.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import F, FilteredRelation, Q
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Membership
from accounts.tenancy import Access, Can
from assessments.domain.scope import question_ids_in
from assessments.models import Assessment, Assignment
from guide.model import Question

WHO_TO_ASK_LENGTH = 3


@dataclass(frozen=True)
class Fillable:
    """The questions of an assessment one person may see, and fill while it is a draft."""

    is_everything: bool
    question_ids: frozenset[str]

    def allows(self, question_id: str) -> bool:
        return question_id in self.question_ids


def assessment_for(access: Access, pk: int) -> Assessment:
    """The assessment, 404 when it is not this organization's, with what `fillable` needs to know.

    One query for everybody. A contributor's assignments come along as further rows of it, so that
    a save costs them no more than others.
    """
    if access.allows(Can.READ_ALL):
        found = access.get(Assessment, pk=pk)
        found.organization = access.organization
        return found
    own = Q(assignments__assignee=access.user)
    rows = list(
        access.scope(Assessment)
        .filter(pk=pk)
        .annotate(own=FilteredRelation("assignments", condition=own))
        .annotate(own_scope=F("own__scope"), own_target=F("own__target"))
    )
    if not rows:
        raise Http404("No such assessment.")
    assessment = rows[0]
    assessment.organization = access.organization
    parts = [(row.own_scope, row.own_target) for row in rows if row.own_scope]
    fillable_parts(access, assessment, parts)
    return assessment


def fillable(access: Access, assessment: Assessment) -> Fillable:
    """What this person may see and fill: one query for a contributor, none for others.

    Asked again for the same object it costs nothing; nor after `assessment_for`.
    """
    known: Fillable | None = _remembered(assessment).get(access.user.pk)
    if known is not None:
        return known
    parts: Iterable[tuple[str, str]] = ()
    if not reads_all(access, assessment):
        own = Assignment.objects.filter(assessment=assessment, assignee=access.user)
        parts = own.order_by().values_list("scope", "target")
    return fillable_parts(access, assessment, parts)


def fillable_parts(
    access: Access, assessment: Assessment, parts: Iterable[tuple[str, str]]
) -> Fillable:
    """The same for whoever has read the person's assignments: their (scope, target)."""
    if reads_all(access, assessment):
        found = Fillable(True, frozenset(assessment.guide.questions))
    else:
        found = Fillable(False, question_ids_in(assessment.guide, parts))
    _remembered(assessment)[access.user.pk] = found
    return found


def reads_all(access: Access, assessment: Assessment) -> bool:
    """Whether this person may see every answer of the assessment as it is now."""
    return (
        access.allows(Can.READ_ALL) or assessment.is_submitted or assessment.is_open_to_contributors
    )


def require_overview(access: Access, assessment: Assessment) -> None:
    """Raise PermissionDenied (a 403 that says whom to ask) unless the person reads it all.

    For every page that shows or sums up answers of others: review, score, export, comparison.
    """
    if reads_all(access, assessment):
        return
    raise PermissionDenied(
        _(
            "While “%(name)s” is a draft, contributors see the questions assigned to them and "
            "nothing beyond. You can read the whole of it once it is submitted. To see it "
            "earlier, ask %(people)s: an owner can make you a viewer or an editor, and an editor "
            "can open the assessment to contributors."
        )
        % {"name": assessment.name, "people": who_to_ask(access)}
    )


def question_or_404(access: Access, assessment: Assessment, question_id: str) -> Question:
    """The question; 404 when the guide has none of that id, or it is not this person's to see."""
    question = assessment.guide.questions.get(question_id)
    if question is None or not fillable(access, assessment).allows(question.id):
        raise Http404("No such question for this person.")
    return question


def who_to_ask(access: Access) -> str:
    """The names of a few who may assign questions, as a list in words."""
    deciding = (
        access.scope(Membership)
        .filter(role__in=[Role.EDITOR, Role.OWNER])
        .select_related("user")
        .order_by("role", "pk")[:WHO_TO_ASK_LENGTH]
    )
    names = [str(membership.user) for membership in deciding]
    return _(" or ").join(names) or _("an owner of the organization")


def _remembered(assessment: Assessment) -> dict[int, Fillable]:
    known: dict[int, Fillable] = assessment.__dict__.setdefault("_fillable_by", {})
    return known
