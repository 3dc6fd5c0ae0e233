"""Boring makers of roadmaps for tests."""

from datetime import date, timedelta
from functools import cache
from itertools import count

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.answers_file import parse_answers
from assessments.models import Snapshot
from assessments.services import assessment_import, assessment_submit
from guide.registry import current_guide
from roadmap.domain.constraints.stated import Constraints
from roadmap.models import GateState, PlannedInitiative, Roadmap, Scenario
from roadmap.services import approver_name, gate_ask, gate_say, roadmap_create
from roadmap.services.scenarios.making import scenario_create
from tests.factories import make_member, make_organization, make_user
from tests.roadmap.answers import HOSPITAL

MONDAY = date(2027, 1, 4)
numbers = count(1)
PLAN = {
    "phases": [{"id": "PHASE-1", "title": "Assess"}, {"id": "PHASE-2", "title": "Implement"}],
    "capacity": [{"role": "OPS", "title": "IT operations", "fte": 0.5, "origin": "profile"}],
    "excluded": [{"id": "X-1", "title": "Left out", "reason": "The vendor does it."}],
    "find_out": [{"question": "Q3.07", "reason": "Q3.07 is unknown.", "initiatives": ["A3-12"]}],
    "notes": ["Planned for a test."],
}


@cache
def hospital_answers():
    return parse_answers(HOSPITAL, current_guide(), "hospital.yaml").answers


def make_snapshot(organization=None, *, user=None, name="Autumn review") -> Snapshot:
    assessment = assessment_import(
        organization=organization or make_organization(),
        user=user,
        name=name,
        answers=hospital_answers(),
    )
    return assessment_submit(assessment=assessment, user=user)


CANDIDATES = [
    {"name": "Record", "tier": "1", "who": "vendor", "feedback_days": 30, "changes_month": 1},
    {"name": "Lab interface", "tier": "3", "who": "us", "feedback_days": 5, "changes_month": 2},
    {"name": "Server setup", "tier": "4", "who": "us", "feedback_days": 3, "changes_month": 4},
]


def make_pilot_snapshot(organization=None, *, user=None, candidates=CANDIDATES) -> Snapshot:
    """Submitted, with a table of pilot candidates."""
    answers = hospital_answers()
    table = Answer(AnswerState.ANSWERED, value=tuple(candidates))
    assessment = assessment_import(
        organization=organization or make_organization(),
        user=user,
        name="Autumn review",
        answers={**answers, "T3": table},
    )
    return assessment_submit(assessment=assessment, user=user)


def make_scenario(
    organization=None, *, snapshot=None, user=None, name="Trial", start_on=MONDAY, constraints=None
) -> Scenario:
    """Without constraints but the start, unless some are given."""
    snapshot = snapshot or make_snapshot(organization)
    return scenario_create(
        organization=snapshot.organization,
        user=user,
        snapshot=snapshot,
        name=name,
        start_on=start_on,
        constraints=constraints or Constraints(),
    )


def plan_roadmap(organization=None, *, user=None, name="First roadmap", start_on=MONDAY) -> Roadmap:
    """A real plan from the shipped guide."""
    snapshot = make_snapshot(organization, user=user)
    return roadmap_create(
        organization=snapshot.organization,
        user=user or make_user(),
        snapshot=snapshot,
        name=name,
        start_on=start_on,
    )


def make_roadmap(organization=None, *, initiatives=3, name=None) -> Roadmap:
    """A made-up chain of initiatives with one gate: A1 <- A2 <- … and a review at the end."""
    snapshot = make_snapshot(organization)
    roadmap = Roadmap.objects.create(
        organization=snapshot.organization,
        snapshot=snapshot,
        name=name or f"Roadmap {next(numbers)}",
        start_on=MONDAY,
        finish_on=MONDAY + timedelta(days=7 * initiatives),
        plan=PLAN,
        input_hash="0" * 64,
        engine="by hand 1",
    )
    PlannedInitiative.objects.bulk_create(
        make_initiative(roadmap, number, kind="review" if number == initiatives else "action")
        for number in range(1, initiatives + 1)
    )
    worked_on = [f"A{number}" for number in range(1, initiatives)]
    GateState.objects.create(
        roadmap=roadmap,
        gate_id="G1",
        title="Baseline agreed",
        passes_when="Everything is known.",
        blocks="Buying tools.",
        approvers=["Executive sponsor"],
        review=f"A{initiatives}",
        planned_on=MONDAY + timedelta(days=7 * initiatives - 3),
        checklist=[
            checklist_item("G1-1", *worked_on),
            checklist_item("G1-2"),
        ],
    )
    return roadmap


def make_initiative(roadmap, number, *, kind="action") -> PlannedInitiative:
    start = MONDAY + timedelta(days=7 * (number - 1))
    return PlannedInitiative(
        roadmap=roadmap,
        initiative_id=f"A{number}",
        title=f"Do thing {number}",
        kind=kind,
        rank=number,
        phase="PHASE-1" if number % 2 else "PHASE-2",
        step="STEP-1",
        gate="G1",
        start_on=start,
        finish_on=start + timedelta(days=4),
        working_days=5,
        predecessors=[f"A{number - 1}"] if number > 1 else [],
        roles=["OPS"],
        effort={"low": 1, "likely": 2, "high": 4},
        reasons=[{"kind": "answer", "text": "Q1.01 stands at level 1.", "about": "Q1.01"}],
        bound_by={"kind": "start", "what": ""},
        details={
            "what": "Do it well.",
            "done": ["It is done."],
            "elapsed_weeks": None,
            "controls": [],
            "sources": [],
            "roles": [{"id": "OPS", "title": "IT operations", "covered_by": "someone"}],
        },
    )


def approved(gate) -> GateState:
    """Asked for by one member, and approved by another who speaks for every role."""
    roadmap = gate.roadmap
    author, approver = (make_member(roadmap.organization).user for _ in range(2))
    for role in gate.roles:
        approver_name(roadmap=roadmap, user=author, role_id=role.id, person=approver)
    gate_ask(gate=gate, user=author)
    gate_say(gate=gate, user=approver, verdict="approve")
    gate.refresh_from_db()
    return gate


def checklist_item(id, *initiatives, applies=True, state="planned", reason=""):
    return {
        "id": id,
        "text": f"Item {id}",
        "applies": applies,
        "parts": [
            {"initiative": i, "title": f"Do {i}", "state": state, "reason": reason}
            for i in initiatives
        ],
    }
