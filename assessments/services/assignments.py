"""Asking people to fill a part of an assessment, and what becomes of it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import Role
from accounts.models import Membership, User
from accounts.tenancy import Can, role_allows
from assessments.domain.scope import NoSuchPart, questions_in
from assessments.models import Assessment, Assignment
from assessments.notices import ASSIGNMENT
from assessments.services.answers import AssessmentClosed
from inbox.telling import notify
from jobs.models import Job

Part = tuple[str, str]
MESSAGE_LIMIT = 2000


class AssignmentInvalid(ValueError):
    """It can't be assigned so; `errors` say why, by field: parts, people, due_on or message."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__("; ".join(text for texts in errors.values() for text in texts))


@transaction.atomic
def assign(
    *,
    assessment: Assessment,
    by: User,
    parts: Sequence[Part],
    people: Sequence[User],
    due_on: date | None,
    message: str = "",
    site: str,
) -> list[Assignment]:
    """Ask each of the people to fill each of the parts, and mail each of them once.

    What someone has already is renewed: date, message, and open again.

    Raises:
        AssignmentInvalid: with what to do, by field.
        AssessmentClosed: the assessment is submitted.
    """
    _require_draft(assessment)
    message = message.strip()
    _check(assessment, parts, people, due_on, message)
    made = []
    for person in people:
        own = [
            _store(assessment, by, part, person, due_on, message, site)
            for part in dict.fromkeys(parts)
        ]
        _mail(own, by)
        made += own
    _note(
        by,
        "assignment.made",
        assessment,
        parts=_names(parts),
        people=[str(person) for person in people],
        due_on=due_on and due_on.isoformat(),
    )
    return made


@transaction.atomic
def assignment_change(
    *, assignment: Assignment, by: User, to: User, due_on: date | None, site: str
) -> Assignment:
    """Give an assignment another date, or to someone else, who is then mailed."""
    assessment = assignment.assessment
    _require_draft(assessment)
    part = (assignment.scope, assignment.target)
    if to == assignment.assignee and due_on == assignment.due_on:
        return assignment
    _check(assessment, [part], [to], due_on, assignment.message)
    before = assignment.assignee
    renewed = _store(assessment, by, part, to, due_on, assignment.message, site)
    if to != before:
        assignment.delete()
    _mail([renewed], by)
    _note(
        by,
        "assignment.changed" if to == before else "assignment.reassigned",
        assessment,
        parts=_names([part]),
        people=[str(before), str(to)],
        due_on=due_on and due_on.isoformat(),
    )
    return renewed


@transaction.atomic
def assignment_withdraw(*, assignment: Assignment, by: User) -> None:
    """Take an assignment back; the answers stay, and the person no longer sees its questions."""
    _require_draft(assignment.assessment)
    part = (assignment.scope, assignment.target)
    _note(
        by,
        "assignment.withdrawn",
        assignment.assessment,
        parts=_names([part]),
        people=[str(assignment.assignee)],
    )
    assignment.delete()


@transaction.atomic
def assignment_done(*, assignment: Assignment, is_done: bool) -> None:
    """The assignee says that it is done, or that it is not after all."""
    _require_draft(assignment.assessment)
    assignment.done_at = timezone.now() if is_done else None
    # Withdrawn or given to someone else meanwhile: then there is nothing to note.
    if Assignment.objects.filter(pk=assignment.pk).update(done_at=assignment.done_at):
        _note(
            assignment.assignee,
            "assignment.done" if is_done else "assignment.taken_up_again",
            assignment.assessment,
            parts=_names([(assignment.scope, assignment.target)]),
        )


@transaction.atomic
def assignment_send_again(*, assignment: Assignment, by: User, site: str) -> Job | None:
    """None: the person wants no mails of this kind, and sees it in the inbox."""
    _require_draft(assignment.assessment)
    _check_people(assignment.assessment, [assignment.assignee])
    Assignment.objects.filter(pk=assignment.pk).update(site=site)
    return _mail([assignment], by, asked_for_now=True)


@transaction.atomic
def assessment_open(*, assessment: Assessment, by: User, is_open: bool) -> None:
    """Let contributors see and fill everything, or only what is assigned to them."""
    _require_draft(assessment)
    if assessment.is_open_to_contributors == is_open:
        return
    assessment.is_open_to_contributors = is_open
    assessment.save(update_fields=["is_open_to_contributors"])
    verb = "assessment.opened_to_contributors" if is_open else "assessment.closed_to_contributors"
    record(organization=assessment.organization, actor=by, verb=verb, target=assessment)


def people_to_ask(assessment: Assessment) -> list[Membership]:
    """Everyone of the organization, whoever may answer first, each with the person."""
    members = Membership.objects.filter(organization=assessment.organization_id)
    found = list(members.select_related("user").order_by("user__name", "user__email"))
    return sorted(found, key=lambda member: not role_allows(Role(member.role), Can.ANSWER))


def _require_draft(assessment: Assessment) -> None:
    if assessment.is_submitted:
        raise AssessmentClosed


def _check(
    assessment: Assessment,
    parts: Sequence[Part],
    people: Sequence[User],
    due_on: date | None,
    message: str,
) -> None:
    errors: dict[str, list[str]] = {}
    if not parts:
        errors["parts"] = [_("Choose at least one step, section or question.")]
    for scope, target in parts:
        try:
            questions_in(assessment.guide, scope, target)
        except NoSuchPart:
            errors["parts"] = [
                _("A part that was chosen is not in this assessment’s guide. Choose again.")
            ]
    if not people:
        errors["people"] = [_("Choose at least one person.")]
    if due_on is not None and due_on < timezone.localdate(timezone=assessment.organization.zone):
        errors["due_on"] = [_("This day is past. Choose today or a later day.")]
    if len(message) > MESSAGE_LIMIT:
        errors["message"] = [
            _("The message has %(length)s characters and %(limit)s fit. Shorten it.")
            % {"length": f"{len(message):,}", "limit": f"{MESSAGE_LIMIT:,}"}
        ]
    try:
        _check_people(assessment, people)
    except AssignmentInvalid as invalid:
        errors |= invalid.errors
    if errors:
        raise AssignmentInvalid(errors)


def _check_people(assessment: Assessment, people: Iterable[User]) -> None:
    """Refuse who left and who only reads, with what to do about it."""
    asked = list(people)
    members = Membership.objects.filter(organization=assessment.organization_id, user__in=asked)
    roles = {member.user_id: Role(member.role) for member in members}
    texts = []
    for person in asked:
        if person.pk not in roles:
            text = _(
                "%s no longer belongs to the organization. Invite them again, or choose somebody "
                "else."
            )
        elif not role_allows(roles[person.pk], Can.ANSWER):
            text = _(
                "%s is a viewer and can’t answer. Ask an owner to make them a contributor, or "
                "choose somebody else."
            )
        else:
            continue
        texts.append(text % person)
    if texts:
        raise AssignmentInvalid({"people": texts})


def _store(
    assessment: Assessment,
    by: User,
    part: Part,
    person: User,
    due_on: date | None,
    message: str,
    site: str,
) -> Assignment:
    scope, target = part
    stored, _is_new = Assignment.objects.update_or_create(
        assessment=assessment,
        scope=scope,
        target=target,
        assignee=person,
        defaults={
            "due_on": due_on,
            "message": message,
            "assigned_by": by,
            "site": site,
            "mail": None,
            "sent_at": None,
            "reminded_at": None,
            "overdue_told_at": None,
            "done_at": None,
        },
    )
    return stored


def _mail(
    assignments: Collection[Assignment], by: User, *, asked_for_now: bool = False
) -> Job | None:
    """One notice, and one mail if they want it, for all that one person was just asked."""
    first = next(iter(assignments))
    organization = first.assessment.organization
    told = notify(
        organization=organization,
        people=[first.assignee],
        kind=ASSIGNMENT,
        title=_("%(who)s asks you to answer questions in “%(assessment)s”")
        % {"who": by, "assessment": first.assessment.name},
        path=f"{reverse('assessments:mine', args=[organization.slug])}?assignment={first.pk}",
        actor=by,
        template="assignment",
        context={"assignments": [assignment.pk for assignment in assignments]},
        asked_for_now=asked_for_now,
    )
    job = told[0].mail if told else None
    Assignment.objects.filter(pk__in=[assignment.pk for assignment in assignments]).update(
        mail=job, sent_at=None
    )
    return job


def _names(parts: Iterable[Part]) -> list[str]:
    return [f"{scope} {target}" for scope, target in parts]


def _note(by: User, verb: str, assessment: Assessment, **detail: object) -> None:
    record(
        organization=assessment.organization,
        actor=by,
        verb=verb,
        target=assessment,
        detail=detail,
    )
