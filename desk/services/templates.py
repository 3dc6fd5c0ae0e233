"""Templates for new clients, and starting a client from one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.engagements import client_start
from accounts.models import Engagement, Organization, User
from accounts.services import invitation_create
from accounts.tenancy import Access
from assessments.domain import answers as domain
from assessments.models.snapshot import answers_to_json, domain_answers_from_json
from assessments.queries import KIND_QUESTION
from assessments.services import assessment_create
from desk.models import ClientStart, ClientTemplate
from desk.services.summaries import summary_recount
from guide.registry import current_guide
from reports.services.templates import template_save as report_template_save
from roadmap.domain.constraints.stated import (
    Constraints,
    Freeze,
    constraints_from_json,
    constraints_to_json,
)
from roadmap.models import Scenario

MOST_PEOPLE = 20
Person = Mapping[str, str]


class StaleTemplate(Exception):
    """Somebody changed the template in the meantime."""


@transaction.atomic
def template_save(
    *,
    organization: Organization,
    user: User,
    template: ClientTemplate | None,
    version: int,
    profile: domain.AnswerSet,
    **values: Any,
) -> ClientTemplate:
    """Store a new one or change one. Clients started from it keep what they began with.

    Raises:
        StaleTemplate: another version is stored than the one that was shown.
    """
    if template is None:
        template = ClientTemplate(organization=organization, version=0)
    else:
        template = ClientTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
        if template.version != version:
            raise StaleTemplate
    for name, value in values.items():
        setattr(template, name, value)
    template.guide_id = current_guide().id
    said = {
        id: answer
        for id, answer in profile.items()
        if answer.state is not domain.AnswerState.UNANSWERED
    }
    template.profile = answers_to_json(said)
    template.version += 1
    template.changed_by = user
    template.save()
    verb = "client_template.made" if template.version == 1 else "client_template.changed"
    record(organization=organization, actor=user, verb=verb, target=template)
    return template


@transaction.atomic
def template_delete(*, template: ClientTemplate, user: User) -> None:
    record(
        organization=template.organization,
        actor=user,
        verb="client_template.deleted",
        target=template,
    )
    template.delete()


def constraints_worth_sharing(client: Organization) -> dict[str, Any]:
    """The calendar and limits of a client's newest plan, for a template.

    People, money, targets and every reason somebody wrote are the client's own and stay there.
    """
    newest = Scenario.objects.filter(organization=client).values_list("constraints", flat=True)
    stored = newest.first()
    if not stored:
        return {}
    own = constraints_from_json(stored)
    shared = Constraints(
        holidays=own.holidays,
        country=own.country,
        subdivision=own.subdivision,
        working_weekdays=own.working_weekdays,
        wip_limit=own.wip_limit,
        freezes=tuple(
            Freeze(one.start, one.finish, kind=one.kind, capacity=one.capacity)
            for one in own.freezes
        ),
    )
    return constraints_to_json(shared)


@transaction.atomic
def start_client(
    *,
    consultancy: Organization,
    user: User,
    name: str,
    kind: str,
    time_zone: str,
    template: ClientTemplate | None,
    people: Sequence[Person] = (),
    site: str,
) -> Engagement:
    """A new client of the consultancy, with a draft assessment that holds what the template knows.

    Raises:
        accounts.services.TooManyInvitations
    """
    made = client_start(
        consultancy=consultancy, user=user, name=name, kind=kind, time_zone=time_zone
    )
    assessment_create(
        organization=made.client,
        user=user,
        name=_("First assessment"),
        profile=_profile(template, kind),
    )
    report = template.report_template if template else None
    if report:
        report_template_save(
            organization=made.client,
            user=user,
            name=report.name,
            choices=report.chosen,
            is_start=True,
        )
    ClientStart.objects.create(
        consultancy=consultancy,
        client=made.client,
        template_name=template.name if template else "",
        constraints=template.constraints if template else {},
        report_choices=report.choices if report else {},
        report_name=report.name if report else "",
        started_by=user,
    )
    for person in people:
        invitation_create(
            organization=made.client,
            user=user,
            email=person["email"],
            role=person["role"],
            site=site,
        )
    # The worker would do it soon; the page that follows is looked at before that.
    summary_recount(made.client)
    return made


def _profile(template: ClientTemplate | None, kind: str) -> dict[str, domain.Answer]:
    """The template's answers that today's guide still asks; the kind is the client's own."""
    guide = current_guide()
    known = {question.id: question for question in guide.profile_questions}
    found = {}
    stored = domain_answers_from_json(template.profile if template else {})
    for question_id, answer in stored.items():
        if question_id not in known:
            continue
        if answer.state is domain.AnswerState.ANSWERED:
            try:
                value = domain.clean_value(known[question_id], answer.value)
            except domain.AnswerError:
                continue
            answer = domain.Answer(answer.state, value)
        found[question_id] = answer
    question = known.get(KIND_QUESTION)
    if question is not None and any(option.id == kind for option in question.options):
        found[KIND_QUESTION] = domain.Answer(domain.AnswerState.ANSWERED, kind)
    return found


def start_of(access: Access, client: Organization) -> ClientStart | None:
    return access.scope(ClientStart).filter(client=client).first()


def constraints_of(start: ClientStart, start_on: date) -> Constraints:
    """What the template said about the calendar, for a plan that begins on that day."""
    return replace(constraints_from_json(start.constraints), start=start_on)
