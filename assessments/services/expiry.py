"""Answers past their date return to whoever gave them, by one e-mail for each expiry."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.enums import Role
from accounts.models import Membership, Organization, User
from accounts.tenancy import Access, Can, role_allows
from assessments.access import fillable
from assessments.enums import AssessmentStatus
from assessments.models import Answer, Assessment, Evidence, ExpiryNotice
from assessments.notices import EXPIRED
from inbox.telling import notify

# In the organization's own time zone, as with reminders of assignments.
MORNING = 7
MAIL = "answers_expired"


@dataclass(frozen=True)
class ExpiredAnswer:
    """An answer of a draft that is, or all evidence of which is, past its date."""

    assessment: Assessment
    row: Answer
    expired_on: date

    @property
    def question_id(self) -> str:
        return self.row.question_id


def expired_answers(assessments: Iterable[Assessment], day: date) -> list[ExpiredAnswer]:
    """The expired answers of these assessments on that day: two queries.

    What a page lists for one person is narrowed by `assessments.waiting`.
    """
    by_pk = {assessment.pk: assessment for assessment in assessments}
    expired = Q(expires_on__lt=day) | Q(evidence_count__gt=0, valid_evidence_count=0)
    rows = list(
        Answer.objects.with_evidence(day)
        .filter(expired, assessment__in=list(by_pk))
        .order_by("assessment_id", "question_id")
    )
    last_days = _last_days(rows)
    found = []
    for row in rows:
        ended = [row.expires_on] if row.is_past_its_date else []
        ended += [last_days.get((row.assessment_id, row.question_id))]
        days = [ended_on for ended_on in ended if ended_on is not None and ended_on < day]
        if days:
            found.append(ExpiredAnswer(by_pk[row.assessment_id], row, max(days)))
    return found


def _last_days(rows: Iterable[Answer]) -> Mapping[tuple[int, str], date | None]:
    """The last day of evidence by answer, where every piece has one."""
    without = {(row.assessment_id, row.question_id) for row in rows if not row.valid_evidence_count}
    grouped = (
        Evidence.objects.filter(assessment__in={pk for pk, _question in without}, removed_at=None)
        .order_by()
        .values("assessment_id", "question_id")
        .annotate(last=Max("expires_on"))
    )
    return {(part["assessment_id"], part["question_id"]): part["last"] for part in grouped}


def expired_answers_tell() -> int:
    """Ask for the e-mails about answers that have expired since; returns how many.

    Twice changes nothing: the notice is written in the transaction that asks for the mail, and it
    is unique. Submitted assessments are left alone, for their answers are final.
    """
    # Two looks beside each other: joined, every answer would meet every piece of evidence.
    dated = [
        Exists(model.objects.filter(assessment=OuterRef("pk"), expires_on__isnull=False))
        for model in (Answer, Evidence)
    ]
    drafts = Assessment.objects.filter(dated[0] | dated[1], status=AssessmentStatus.DRAFT)
    by_organization: dict[Organization, list[Assessment]] = defaultdict(list)
    for draft in drafts.select_related("organization"):
        by_organization[draft.organization].append(draft)
    return sum(_tell(organization, own) for organization, own in by_organization.items())


def _tell(organization: Organization, drafts: list[Assessment]) -> int:
    local = timezone.localtime(timezone=organization.zone)
    if local.hour < MORNING:
        return 0
    people = _people(organization)
    mails: dict[tuple[int, int], list[ExpiredAnswer]] = defaultdict(list)
    for expired in expired_answers(drafts, local.date()):
        recipient = owner_of(expired, people)
        if recipient is not None:
            mails[expired.assessment.pk, recipient.pk].append(expired)
    users = {membership.user_id: membership.user for membership in people}
    return sum(_ask_for_mail(users[pk], expired) for (_, pk), expired in mails.items())


def _people(organization: Organization) -> list[Membership]:
    """Who may answer there, owners first."""
    order = [Role.OWNER, Role.EDITOR, Role.CONTRIBUTOR]
    found = organization.memberships.select_related("user").order_by("pk")
    able = [m for m in found if role_allows(Role(m.role), Can.ANSWER)]
    return sorted(able, key=lambda membership: order.index(Role(membership.role)))


def owner_of(expired: ExpiredAnswer, people: list[Membership]) -> User | None:
    """Whoever gave the answer; when they have left or may not answer it, whoever began the
    assessment, or else an owner.
    """
    able = {m.user_id: m for m in people if _may_fill(m, expired)}
    leading = [m for m in people if role_allows(Role(m.role), Can.EDIT)]
    for pk in (expired.row.updated_by_id, expired.assessment.created_by_id):
        if pk in able:
            return able[pk].user
    return leading[0].user if leading else None


def _may_fill(membership: Membership, expired: ExpiredAnswer) -> bool:
    role = Role(membership.role)
    if role_allows(role, Can.READ_ALL):
        return True
    if membership.user_id != expired.row.updated_by_id:
        return False
    access = Access(expired.assessment.organization, membership.user, role)
    return fillable(access, expired.assessment).allows(expired.question_id)


def _ask_for_mail(recipient: User, expired: list[ExpiredAnswer]) -> bool:
    assessment = expired[0].assessment
    with transaction.atomic():
        new = [
            one.question_id
            for one in expired
            if ExpiryNotice.objects.get_or_create(
                assessment=assessment,
                question_id=one.question_id,
                expired_on=one.expired_on,
                defaults={"recipient": recipient},
            )[1]
        ]
        if new:
            notify(
                organization=assessment.organization,
                people=[recipient],
                kind=EXPIRED,
                title=ngettext(
                    "Past its date: %(number)s answer of yours in “%(assessment)s”",
                    "Past their dates: %(number)s answers of yours in “%(assessment)s”",
                    len(new),
                )
                % {"number": len(new), "assessment": assessment.name},
                path=reverse("assessments:mine", args=[assessment.organization.slug]),
                template=MAIL,
                context={"assessment": assessment.pk, "questions": new},
            )
    return bool(new)
