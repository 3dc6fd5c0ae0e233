"""Choosing a pilot and agreeing its charter."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from accounts.audit import record
from accounts.models import User
from assessments.models import Snapshot
from delivery.models import System
from roadmap.domain.pilot.candidates import Candidate, pick
from roadmap.domain.pilot.charter import Charter, Criterion, TeamMember, charter_to_json, propose
from roadmap.models import PilotCharter, Roadmap


class StaleCharter(Exception):
    """Someone saved another text since this was opened; `current` is theirs."""

    def __init__(self, current: PilotCharter) -> None:
        self.current = current
        super().__init__(f"charter {current.pk} is at version {current.version}")


class NoSuchCandidate(ValueError):
    """The candidate is not in the table, or the rules exclude it."""


def charter_start(*, snapshot: Snapshot, user: User | None, position: int) -> PilotCharter:
    """Choose a candidate by its place in the table; the charter begins with what is known.

    Choosing another one later keeps what was written and changes only the candidate.

    Raises:
        NoSuchCandidate: it is not there or is excluded.
    """
    guide, answers = snapshot.guide, snapshot.answer_set()
    picking = pick(guide, answers)
    ranked = picking.ranked if picking else ()
    candidate = next((c for c in ranked if c.position == position), None)
    if candidate is None:
        raise NoSuchCandidate(str(position))
    with transaction.atomic():
        charter = _get_or_start(snapshot, user, propose(guide, answers, candidate))
        charter.name = candidate.name[:200]
        charter.candidate, charter.fit = _row(candidate), _fit(candidate)
        charter.version += 1
        charter.changed_by = user
        charter.save()
        record(
            organization=charter.organization,
            actor=user,
            verb="pilot.chosen",
            target=charter,
            detail={"snapshot": snapshot.pk, "candidate": candidate.name, "fit": candidate.fit},
        )
    return charter


def charter_save(
    *,
    charter: PilotCharter,
    user: User | None,
    version: int,
    content: Charter,
    system: System | None = None,
) -> PilotCharter:
    """Save the text, given the `version` the person saw. `system`: whose values it is checked
    against.

    Raises:
        StaleCharter: another text was saved in the meantime.
    """
    with transaction.atomic():
        current = PilotCharter.objects.select_for_update().get(pk=charter.pk)
        if current.version != version:
            raise StaleCharter(current)
        current.why, current.scope = content.why, content.scope
        current.outside, current.rollback = content.outside, content.rollback
        lists = charter_to_json(content)
        current.criteria, current.team = lists["criteria"], lists["team"]
        current.stop_rules = lists["stop_rules"]
        current.system = system
        current.version += 1
        current.changed_by = user
        current.save()
        record(
            organization=current.organization,
            actor=user,
            verb="pilot.charter_saved",
            target=current,
            detail={"version": current.version},
        )
    return current


def charter_content(charter: PilotCharter) -> Charter:
    """What is stored, as the pure part knows it."""
    return Charter(
        name=charter.name,
        why=charter.why,
        scope=charter.scope,
        outside=charter.outside,
        criteria=tuple(Criterion(**criterion) for criterion in charter.criteria),
        stop_rules=tuple(charter.stop_rules),
        team=tuple(TeamMember(**member) for member in charter.team),
        rollback=charter.rollback,
    )


def charter_of(roadmap: Roadmap) -> PilotCharter | None:
    """The newest charter agreed before the roadmap was planned; a pilot goes on when the
    organization assesses itself again.
    """
    charters = PilotCharter.objects.filter(organization=roadmap.organization_id)
    agreed = charters.filter(snapshot__created_at__lte=roadmap.snapshot.created_at)
    return agreed.order_by("-snapshot__created_at", "-snapshot_id").first()


def _get_or_start(snapshot: Snapshot, user: User | None, draft: Charter) -> PilotCharter:
    found = PilotCharter.objects.select_for_update().filter(snapshot=snapshot).first()
    if found is not None:
        return found
    started = PilotCharter(
        organization=snapshot.organization,
        snapshot=snapshot,
        name=draft.name,
        why=draft.why,
        scope=draft.scope,
        changed_by=user,
        **charter_to_json(draft),
    )
    try:
        with transaction.atomic():
            started.save()
    except IntegrityError:  # two people chose at the same moment: the first one began it
        return PilotCharter.objects.select_for_update().get(snapshot=snapshot)
    return started


def _row(candidate: Candidate) -> dict[str, Any]:
    return {**candidate.row, "position": candidate.position}


def _fit(candidate: Candidate) -> dict[str, Any]:
    return {
        "fit": candidate.fit,
        "fit_at_best": candidate.fit_at_best,
        "rank": candidate.rank,
        "speaks_for": [voice.text for voice in candidate.speaks_for],
        "speaks_against": [voice.text for voice in candidate.speaks_against],
        "cautions": list(candidate.cautions),
    }
