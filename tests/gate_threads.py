"""Approving, deciding and reporting on one roadmap from four threads: for test_gate_threads.py."""

import json
import threading
from collections import Counter
from datetime import date

from django.db import connection

from accounts.models import User
from roadmap.enums import DecisionKind
from roadmap.models import GateApproval, GateDecision, GateState, PlannedInitiative
from roadmap.services import (
    GateNotApproved,
    GateNotReady,
    GateRoundOver,
    approver_name,
    gate_ask,
    gate_close,
    gate_confirm_item,
    gate_open,
    gate_say,
    initiative_update,
)
from roadmap.services.work.refusals import StaleInitiative
from tests.factories import make_member, make_organization
from tests.roadmap.factories import make_roadmap

ROUNDS = 4
# The others go on until the rounds are over; so often at most.
MOST = 200
LONG_AGO = date(2026, 1, 5)
ROLES = [{"id": "SP", "title": "Sponsor"}, {"id": "CO", "title": "Compliance"}]
# What the rules answer to whoever comes at the wrong moment; a deadlock is none of these.
REFUSALS = (GateNotApproved, GateNotReady, GateRoundOver, StaleInitiative)


def play() -> None:
    """Prints what was answered to the threads, and what is stored afterwards."""
    gate, ann, ben = _prepare()
    start, said = threading.Barrier(4), [Counter[str]() for _ in range(4)]
    failures: list[str] = []
    parts = (_deciding, _approving, _reporting, _reporting)
    decided = threading.Event()

    def run(number: int) -> None:
        try:
            start.wait(10)
            for _round in range(ROUNDS if number == 0 else MOST):
                if decided.is_set():
                    break
                parts[number](gate.pk, ann, ben, said[number])
        except Exception as failure:
            failures.append(f"{type(failure).__name__}: {failure}")
        finally:
            if number == 0:
                decided.set()
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    print(json.dumps(_found(gate.pk, sum(said, Counter()), failures, threads)))


def _prepare() -> tuple[GateState, User, User]:
    organization = make_organization()
    ann, ben = (make_member(organization).user for _ in range(2))
    roadmap = make_roadmap(organization)
    roadmap.initiatives.exclude(kind="review").update(
        status="done", finished_on=LONG_AGO, updated_by=ann
    )
    gate = roadmap.gates.get()
    gate.approver_roles = ROLES
    gate.save()
    gate_confirm_item(gate=gate, user=ann, item_id="G1-2", note="Minutes")
    approver_name(roadmap=roadmap, user=ann, role_id="SP", person=ann)
    approver_name(roadmap=roadmap, user=ann, role_id="CO", person=ben)
    return gate, ann, ben


def _approving(pk: int, ann: User, ben: User, said: Counter[str]) -> None:
    gate_ask(gate=GateState.objects.get(pk=pk), user=ann)
    for person in (ann, ben):
        try:
            gate_say(gate=GateState.objects.get(pk=pk), user=person, verdict="approve")
            said["approved"] += 1
        except REFUSALS:
            said["refused"] += 1


def _deciding(pk: int, ann: User, ben: User, said: Counter[str]) -> None:
    """Opened and closed again in each round: both write the review that others report on."""
    gate = GateState.objects.get(pk=pk)
    try:
        gate_ask(gate=gate, user=ann)
        for person in (ann, ben):
            gate_say(gate=gate, user=person, verdict="approve")
        gate_open(gate=gate, user=ann, reason="Agreed")
        said["opened"] += 1
    except REFUSALS:
        said["refused"] += 1
    gate_close(gate=gate, user=ann, reason="The proof did not hold")
    said["closed"] += 1


def _reporting(pk: int, ann: User, _ben: User, said: Counter[str]) -> None:
    """On the very review that opening and closing write."""
    gate = GateState.objects.get(pk=pk)
    rows = PlannedInitiative.objects.filter(roadmap=gate.roadmap_id).select_related(
        "roadmap__organization"
    )
    row = rows.get(initiative_id=gate.review)
    try:
        initiative_update(
            initiative=row,
            user=ann,
            version=row.version,
            status=row.status,
            finished_on=row.finished_on,
            note=f"{row.note[-50:]}.",
        )
        said["reported"] += 1
    except REFUSALS:
        said["stale"] += 1


def _found(
    pk: int, said: Counter[str], failures: list[str], threads: list[threading.Thread]
) -> dict[str, object]:
    gate = GateState.objects.get(pk=pk)
    kinds = Counter(GateDecision.objects.filter(gate=gate).values_list("kind", flat=True))
    last = GateDecision.objects.filter(gate=gate).order_by("pk").last()
    review = PlannedInitiative.objects.get(roadmap=gate.roadmap_id, initiative_id=gate.review)
    return {
        "said": said,
        "failures": failures,
        "hanging": sum(thread.is_alive() for thread in threads),
        "decisions": kinds,
        "rounds": gate.round,
        "is_open": gate.is_open,
        "was_opened_last": bool(last and last.kind == DecisionKind.OPENED),
        "review_is_done": review.is_done,
        "approvals": GateApproval.objects.filter(gate=gate, round__gt=gate.round).count(),
    }
