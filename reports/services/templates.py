"""Choices kept under a name, for the reports of an organization or of a consultancy's clients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organization, User
from accounts.tenancy import Access
from reports.choices import Choices
from reports.models import ReportTemplate

MOST = 100


class TemplateInvalid(ValueError):
    """The message says what to do."""


class TemplateChanged(Exception):
    """Somebody saved it meanwhile."""


def without_plan(choices: Choices) -> Choices:
    """What belongs to one plan says nothing about the next."""
    return replace(choices, comments=(), scenarios=(), since=None, unit="")


def templates_for(access: Access) -> QuerySet[ReportTemplate]:
    """Those of the organization and, for people of its consultancy, the consultancy's."""
    owners = [access.organization.pk]
    if access.engagement is not None:
        owners.append(access.engagement.consultancy_id)
    return ReportTemplate.objects.filter(organization__in=owners).select_related("organization")


def start_among(found: Iterable[ReportTemplate], organization: Organization) -> Choices:
    """What a new report begins with: the organization's own start, else its consultancy's."""
    starts = [one for one in found if one.is_start]
    starts.sort(key=lambda one: one.organization_id != organization.pk)
    return starts[0].chosen if starts else Choices()


@transaction.atomic
def template_save(
    *,
    organization: Organization,
    user: User,
    name: str,
    choices: Choices,
    is_start: bool = False,
) -> ReportTemplate:
    """Keep choices under a new name. Raises `TemplateInvalid`."""
    name = " ".join(name.split())
    if not name:
        raise TemplateInvalid(_("Give the template a name."))
    # Locked, so that of two at the same time each sees the other's.
    Organization.objects.select_for_update().only("pk").get(pk=organization.pk)
    rows = ReportTemplate.objects.filter(organization=organization)
    if rows.filter(name__iexact=name).exists():
        raise TemplateInvalid(_("There is a template of this name. Choose another one."))
    if rows.count() >= MOST:
        raise TemplateInvalid(_("There are %s templates already. Delete one first.") % MOST)
    made = ReportTemplate.objects.create(
        organization=organization,
        name=name,
        choices=without_plan(choices).to_json(),
        changed_by=user,
        is_start=is_start,
    )
    record(organization=organization, actor=user, verb="template.saved", target=made, name=name)
    return made


@transaction.atomic
def template_rename(*, template: ReportTemplate, user: User, name: str, version: int) -> None:
    """Raises `TemplateInvalid`, and `TemplateChanged` where the version is not the newest."""
    name = " ".join(name.split())
    if not name:
        raise TemplateInvalid(_("Give the template a name."))
    rows = ReportTemplate.objects.filter(pk=template.pk, version=version)
    try:
        with transaction.atomic():
            is_saved = rows.update(name=name, version=version + 1, changed_by=user)
    except IntegrityError:
        raise TemplateInvalid(_("There is a template of this name. Choose another one.")) from None
    if not is_saved:
        raise TemplateChanged
    record(
        organization=template.organization,
        actor=user,
        verb="template.renamed",
        target=template,
        name=name,
    )


@transaction.atomic
def template_start(*, template: ReportTemplate, user: User, is_start: bool) -> None:
    """New reports of the organization begin with this one, in place of another; or no longer."""
    organization = template.organization
    Organization.objects.select_for_update().only("pk").get(pk=organization.pk)
    rows = ReportTemplate.objects.filter(organization=organization)
    rows.filter(is_start=True).update(is_start=False)
    if is_start:
        rows.filter(pk=template.pk).update(is_start=True)
    verb = "template.started_with" if is_start else "template.no_start"
    record(organization=organization, actor=user, verb=verb, target=template, name=template.name)


@transaction.atomic
def template_delete(*, template: ReportTemplate, user: User) -> None:
    """Reports made with it stay as they are."""
    record(
        organization=template.organization,
        actor=user,
        verb="template.deleted",
        target=template,
        name=template.name,
    )
    template.delete()
