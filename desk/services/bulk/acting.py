"""Doing one thing for many clients: a job that goes from client to client.

A client is taken, acted for and noted in one transaction, so a second run does nothing twice. The
person's access is asked for anew each time: an engagement may end in the midst.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.audit import record
from accounts.models import Organization, User
from accounts.tenancy import Access, access_to
from assessments.enums import AssessmentStatus
from assessments.guides import GuideNotOffered, chosen_guide
from assessments.models import Assessment, Assignment
from assessments.notices import REMINDER
from assessments.queries import last_profile
from assessments.services import assessment_create
from assessments.services.rounds import round_continue
from desk.models import BulkItem, BulkRun
from desk.models.run import BulkAction
from desk.services.bulk.late_work import NOBODY, remind_of_work
from desk.services.bulk.planning import open_assignments, refusal
from inbox.telling import notify
from jobs.registry import Effect
from jobs.services import job_request
from jobs.work import Work

log = logging.getLogger(__name__)

JOB_KIND = "desk.bulk"
OUTCOME_LENGTH = 300


class NotDone(Exception):
    """Nothing was done for this client; the message says why."""


@transaction.atomic
def run_request(
    *,
    organization: Organization,
    user: User,
    action: str,
    clients: Sequence[Organization],
    wanted: Mapping[str, str],
) -> BulkRun:
    """Note what is asked for whom, and have the worker do it."""
    run = BulkRun.objects.create(
        organization=organization, action=action, wanted=dict(wanted), asked_by=user
    )
    BulkItem.objects.bulk_create(BulkItem(run=run, client=client) for client in clients)
    run.job = job_request(
        organization=organization, user=user, kind=JOB_KIND, payload={"run": run.pk}
    )
    run.save(update_fields=["job"])
    record(
        organization=organization,
        actor=user,
        verb="clients.acted_for",
        target=run,
        detail={"action": action, "clients": len(clients)},
        name=str(run.get_action_display()),
    )
    return run


@transaction.atomic
def run_again(*, run: BulkRun, user: User) -> BulkRun | None:
    """Ask once more for the clients it was not done for, then or since, as a run of whoever asks
    now; None when there are none. What its job left undone is not done by that job any more.
    """
    locked = BulkRun.objects.select_for_update(of=("self",)).select_related("job").get(pk=run.pk)
    if not locked.is_stopped and locked.items.filter(ended_at=None).exists():
        return None
    undone = locked.items.filter(is_done=False)
    undone.filter(ended_at=None).update(ended_at=timezone.now(), outcome=_("Not begun."))
    # Asked for twice, people would be reminded twice.
    later = BulkItem.objects.filter(
        run__organization=locked.organization_id, run__action=locked.action, run__pk__gt=locked.pk
    ).filter(Q(is_done=True) | Q(ended_at=None))
    undone = undone.exclude(client__in=later.values("client"))
    clients = [item.client for item in undone.select_related("client")]
    if not clients:
        return None
    return run_request(
        organization=locked.organization,
        user=user,
        action=locked.action,
        clients=clients,
        wanted=locked.wanted,
    )


def act(work: Work) -> Effect:
    run = BulkRun.objects.select_related("asked_by").get(pk=work.payload["run"])
    waiting = list(run.items.filter(ended_at=None).select_related("client"))
    for number, item in enumerate(waiting):
        work.progress(100 * number // len(waiting), item.client.name[:80])
        act_for(run, item)
    return lambda: None


def act_for(run: BulkRun, item: BulkItem) -> None:
    """Whatever happens to one client, the others get their turn."""
    with transaction.atomic():
        taken = BulkItem.objects.filter(pk=item.pk, ended_at=None).update(ended_at=timezone.now())
        if not taken:
            return
        try:
            with transaction.atomic():
                is_done, outcome = True, _act(run, item.client)
        except NotDone as reason:
            is_done, outcome = False, str(reason)
        except Exception:
            log.exception("Run %s failed for organization %s", run.pk, item.client_id)
            is_done, outcome = False, _("Something went wrong here; nothing was changed.")
        rows = BulkItem.objects.filter(pk=item.pk)
        rows.update(is_done=is_done, outcome=outcome[:OUTCOME_LENGTH])


def _act(run: BulkRun, client: Organization) -> str:
    access = _access(run.asked_by, client)
    refused = refusal(access, run.action)
    if refused or access is None:
        raise NotDone(refused)
    return ACTIONS[BulkAction(run.action)](run, access)


def _access(user: User | None, client: Organization) -> Access | None:
    if user is None or not user.is_active:
        return None
    try:
        return access_to(user, client.slug)
    except Http404:
        return None


def _remind(run: BulkRun, access: Access) -> str:
    """One notice for each person, however much they were asked; the same run tells them once."""
    client = access.organization
    asked: dict[User, list[Assignment]] = defaultdict(list)
    for one in open_assignments([client]).select_related("assessment", "assignee"):
        asked[one.assignee].append(one)
    told = 0
    for person, parts in asked.items():
        with override(person.language or client.language):
            title = ngettext(
                "Reminder: %(number)s part of “%(name)s” waits for your answers",
                "Reminder: %(number)s parts of “%(name)s” wait for your answers",
                len(parts),
            ) % {"number": len(parts), "name": parts[0].assessment.name}
        told += len(
            notify(
                organization=client,
                people=[person],
                kind=REMINDER,
                title=title,
                path=reverse("assessments:mine", args=[client.slug]),
                actor=run.asked_by,
                key=f"desk.bulk:{run.pk}",
            )
        )
    if not told:
        raise NotDone(_("Nobody there has been asked something that is still open."))
    detail: dict[str, Any] = {"people": told}
    record(
        organization=client,
        actor=run.asked_by,
        verb="assignment.reminded",
        target=client,
        detail=detail,
    )
    return _reminded(told)


def _remind_of_work(run: BulkRun, access: Access) -> str:
    told = remind_of_work(run, access)
    if not told:
        raise NotDone(str(NOBODY))
    return _reminded(told)


def _reminded(people: int) -> str:
    words = ngettext("%(number)s person was reminded.", "%(number)s people were reminded.", people)
    return words % {"number": people}


def _begin_round(run: BulkRun, access: Access) -> str:
    """A draft that offers the answers of the last round, each to be taken over by somebody."""
    client = Organization.objects.select_for_update(no_key=True).get(pk=access.organization.pk)
    rows = Assessment.objects.filter(organization=client)
    draft = rows.filter(status=AssessmentStatus.DRAFT).first()
    if draft is not None:
        raise NotDone(_("“%s” is still being filled in.") % draft.name)
    last = rows.filter(status=AssessmentStatus.SUBMITTED).first()
    if last is None:
        raise NotDone(_("It has not handed in an assessment yet."))
    try:
        guide = chosen_guide(client, last.guide_id)
    except GuideNotOffered:
        raise NotDone(_("Its guide is not offered any more.")) from None
    made = assessment_create(
        organization=client,
        user=run.asked_by,
        name=run.wanted["name"],
        profile=last_profile(client, guide),
        guide=guide,
    )
    offered = round_continue(assessment=made, previous=last, user=run.asked_by)
    return _("“%(name)s” has begun and offers %(number)s answers of “%(last)s”.") % {
        "name": made.name,
        "number": offered,
        "last": last.name,
    }


ACTIONS: dict[str, Callable[[BulkRun, Access], str]] = {
    BulkAction.REMINDERS: _remind,
    BulkAction.WORK: _remind_of_work,
    BulkAction.ROUNDS: _begin_round,
}
