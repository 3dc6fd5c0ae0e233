"""Asking for a gate's decision, and what the approvers say to it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from roadmap.domain.tracking.approving import Said, judge, may_replace
from roadmap.enums import DecisionKind, Verdict
from roadmap.models import GateApproval, GateApprover, GateState, Roadmap
from roadmap.services.gates.opening import (
    GateNotReady,
    clean_text,
    decision_add,
    gate_record,
    locked_gate,
    next_round,
)
from roadmap.services.gates.reading import case_of, facts_of, gate_results, named_of
from roadmap.services.gates.telling import settle_asked, tell_asked, tell_decided, tell_said
from roadmap.services.present import hold
from roadmap.services.work.tracking import ProgressInvalid


class GateRoundOver(Exception):
    """The round the person saw is over: the request was withdrawn, or the gate was decided."""


class NotAnApprover(Exception):
    """The person speaks for none of the roles of this gate."""


@transaction.atomic
def gate_ask(*, gate: GateState, user: User | None, note: str = "") -> GateState:
    """Ask whoever speaks for the gate's roles to decide. Asking twice changes nothing.

    Raises:
        GateNotReady: with the items that are not met: approvers are asked about a whole case.
        ProgressInvalid: the note is too long.
    """
    note = clean_text(note, "note")
    locked = locked_gate(gate)
    if locked.is_open or locked.asked_at is not None:
        return locked
    results = gate_results(locked)
    missing = [result for result in results if not result.is_met]
    if missing:
        raise GateNotReady(missing)
    locked.asked_at, locked.asked_by = timezone.now(), user
    locked.save(update_fields=["asked_at", "asked_by"])
    decision_add(locked, user, DecisionKind.ASKED, note, facts_of(locked, results))
    gate_record(locked, user, "gate.asked", **({"note": note} if note else {}))
    tell_asked(locked, user)
    return locked


@transaction.atomic
def gate_withdraw_request(*, gate: GateState, user: User | None, reason: str = "") -> GateState:
    """Take the request back. What was said to it counts no more; the next one asks anew."""
    reason = clean_text(reason, "reason")
    locked = locked_gate(gate)
    if locked.is_open or locked.asked_at is None:
        return locked
    _end_round(locked, user, DecisionKind.WITHDRAWN, reason)
    gate_record(locked, user, "gate.request_withdrawn", **({"reason": reason} if reason else {}))
    return locked


@transaction.atomic
def gate_refuse(*, gate: GateState, user: User | None, reason: str) -> GateState:
    """Decide that the gate stays closed for now, and why. Asking again begins a new round.

    Raises:
        ProgressInvalid: no reason was given, or it is too long.
        GateRoundOver: nobody asks for a decision (any more).
    """
    reason = clean_text(reason, "reason")
    if not reason:
        raise ProgressInvalid({"reason": _("Say why the gate stays closed.")})
    locked = locked_gate(gate)
    if locked.is_open or locked.asked_at is None:
        raise GateRoundOver
    tell_decided(locked, user, DecisionKind.REFUSED, reason)
    _end_round(locked, user, DecisionKind.REFUSED, reason)
    gate_record(locked, user, "gate.refused", reason=reason)
    return locked


@transaction.atomic
def gate_say(
    *,
    gate: GateState,
    user: User,
    verdict: str,
    reason: str = "",
    roles: Sequence[str] | None = None,
    round: int | None = None,
) -> list[GateApproval]:
    """Approve or refuse, for the roles the person speaks for (or for some of them).

    `round`: the one the person saw; None: whichever is under way. Saying the same again changes
    nothing; saying something else replaces what the person said.

    Raises:
        NotAnApprover: the person speaks for none of these roles.
        GateRoundOver: nobody asks for a decision any more, or it is asked anew.
        ProgressInvalid: refused without a reason, or someone else's refusal stands.
    """
    reason = clean_text(reason, "reason")
    locked = locked_gate(gate)
    spoken_for = roles_of(locked, user)
    wanted = [role for role in spoken_for if roles is None or role in roles]
    if not wanted:
        raise NotAnApprover
    if locked.is_open or locked.asked_at is None or round not in (None, locked.round):
        raise GateRoundOver
    if verdict not in Verdict.values:
        raise ProgressInvalid({"verdict": _("Choose whether you approve or refuse.")})
    if verdict == Verdict.REFUSE and not reason:
        message = _("Say what is missing or wrong, so that it can be mended.")
        raise ProgressInvalid({"reason": message})
    before = {a.role_id: a for a in locked.approvals.filter(round=locked.round)}
    _refuse_talking_over(before, wanted, user, verdict)
    said = [_say(locked, user, role, verdict, reason, before.get(role)) for role in wanted]
    _tell_what_was_said(locked, user, verdict, reason)
    return said


def roles_of(gate: GateState, user: User) -> list[str]:
    """The roles of this gate the person speaks for; none for whoever is no member."""
    named = named_of(gate.roadmap)
    return [role.id for role in gate.roles if user.pk in named.get(role.id, frozenset())]


@transaction.atomic
def approver_name(
    *, roadmap: Roadmap, user: User | None, role_id: str, person: User
) -> GateApprover:
    """Let a member speak for a role at all gates of a roadmap. Twice changes nothing.

    Raises:
        ProgressInvalid: no gate asks for that role, or the person is no member.
    """
    hold(roadmap.pk)
    gates = list(roadmap.gates.all())
    titles = {role.id: role.title for gate in gates for role in gate.roles}
    if role_id not in titles:
        raise ProgressInvalid({"role": _("No gate of this roadmap asks for this role.")})
    if not roadmap.organization.memberships.filter(user=person).exists():
        raise ProgressInvalid({"person": _("Choose a member of this organization.")})
    approver, is_new = GateApprover.objects.get_or_create(
        roadmap=roadmap, role_id=role_id, person=person, defaults={"named_by": user}
    )
    if is_new:
        _record_approver(approver, user, "gate.approver_named", titles[role_id])
        for gate in gates:
            is_asked = gate.asked_at is not None and not gate.is_open
            if is_asked and role_id in {role.id for role in gate.roles}:
                gate.roadmap = roadmap
                tell_asked(gate, user, [role_id])
    return approver


@transaction.atomic
def approver_remove(*, approver: GateApprover, user: User | None) -> None:
    """The person no longer speaks for the role; what they approved counts no more."""
    hold(approver.roadmap_id)
    titles = {r.id: r.title for gate in approver.roadmap.gates.all() for r in gate.roles}
    _record_approver(
        approver, user, "gate.approver_removed", titles.get(approver.role_id, approver.role_id)
    )
    approver.delete()


def _end_round(locked: GateState, user: User | None, kind: DecisionKind, reason: str) -> None:
    decision_add(locked, user, kind, reason, facts_of(locked, gate_results(locked)))
    next_round(locked)
    settle_asked(locked)


def _refuse_talking_over(
    before: dict[str, GateApproval], wanted: Sequence[str], user: User, verdict: str
) -> None:
    approves = verdict == Verdict.APPROVE
    for role in wanted:
        word = before.get(role)
        said = word and Said(role, word.person_id, word.verdict == Verdict.APPROVE)
        if word is not None and not may_replace(said, user.pk, approves):
            message = _(
                "%(who)s refused for this role. They can take it back themselves; else the "
                "request is withdrawn and asked again."
            )
            raise ProgressInvalid({"verdict": message % {"who": word.person_name}})


def _say(
    gate: GateState,
    user: User,
    role: str,
    verdict: str,
    reason: str,
    before: GateApproval | None,
) -> GateApproval:
    known = (before.person_id, before.verdict, before.reason) if before else None
    if before is not None and known == (user.pk, verdict, reason):
        return before
    found = before or GateApproval(gate=gate, round=gate.round, role_id=role)
    found.verdict, found.reason, found.said_at = verdict, reason, timezone.now()
    found.person, found.person_name = user, str(user)[:254]
    found.save()
    verb = "gate.approval_given" if verdict == Verdict.APPROVE else "gate.refusal_given"
    title = next(r.title for r in gate.roles if r.id == role)
    gate_record(gate, user, verb, role=title, **({"reason": reason} if reason else {}))
    return found


def _tell_what_was_said(gate: GateState, user: User, verdict: str, reason: str) -> None:
    if verdict == Verdict.REFUSE:
        tell_said(gate, user, refuses=True, reason=reason)
    elif judge(case_of(gate, gate_results(gate))).may_open:
        tell_said(gate, user, refuses=False, reason="")


def _record_approver(approver: GateApprover, user: User | None, verb: str, role: str) -> None:
    record(
        organization=approver.roadmap.organization,
        actor=user,
        verb=verb,
        target=approver.roadmap,
        detail={"role": role, "person": str(approver.person)},
    )
