"""What the constraints page shows beside the fields: where each proposal comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.tenancy import Access
from assessments.models import TargetProfile
from guide.model import Guide
from roadmap.constraint_forms.page import ConstraintsPage
from roadmap.domain.constraints.capacity import RoleCapacity
from roadmap.domain.constraints.proposals import Because, Proposals, propose
from roadmap.domain.constraints.public_holidays import known_until
from roadmap.domain.constraints.ready_freezes import READY_FREEZES, ReadyFreeze
from roadmap.domain.constraints.stated import Constraints, constraints_to_json
from roadmap.domain.problem import UnusableProblem
from roadmap.models import Scenario
from roadmap.pages.scenario_diff import Compared, compared_with_scenario
from roadmap.services.scenarios.making import PlanImpossible
from roadmap.services.scenarios.planning import plan_at_once
from roadmap.services.work.tracking import organization_today


@dataclass(frozen=True)
class RoleRow:
    """`needed_by`: initiatives of the plan so far. `proposed`: FTE as reckoned from the profile."""

    title: str
    covered_by: str
    proposed: float
    because: str
    needed_by: int
    fte: forms.BoundField
    rate: forms.BoundField

    @property
    def proposed_text(self) -> str:
        return f"{self.proposed:g}"


@dataclass(frozen=True)
class RoleRows:
    """Roles the plan needs, the most wanted first, and the others."""

    needed: list[RoleRow]
    others: list[RoleRow]

    @property
    def all(self) -> list[RoleRow]:
        return [*self.needed, *self.others]

    @property
    def others_open(self) -> bool:
        """Something is stated of them, or wrong."""
        return any(row.fte.errors or row.fte.value() not in (None, "") for row in self.others)


@dataclass(frozen=True)
class TargetRow:
    title: str
    because: str
    proposed: int
    field: forms.BoundField


def proposals_for(access: Access, scenario: Scenario, start: date | None = None) -> Proposals:
    """One query more than the scenario's own."""
    guide = scenario.snapshot.guide
    own = access.scope(TargetProfile).filter(guide_id=guide.id).only("steps").first()
    return propose(
        guide,
        scenario.snapshot.answer_set(),
        organization_today(access.organization),
        start=start,
        zone=access.organization.time_zone,
        wanted=own.steps if own else None,
    )


def tried(scenario: Scenario, stated: Constraints) -> Compared:
    """What these constraints would change, without keeping anything.

    Raises:
        PlanImpossible: the constraints contradict themselves.
    """
    decisions = scenario.to_decisions()
    try:
        made = plan_at_once(scenario.snapshot, stated, decisions, scenario.schedule.get("starts"))
    except UnusableProblem as error:
        raise PlanImpossible(_("No plan can be made of this: %s.") % error) from error
    unsaved = Scenario(
        organization=scenario.organization,
        snapshot=scenario.snapshot,
        constraints=constraints_to_json(stated),
        decisions=scenario.decisions,
        plan=made.plan,
    )
    return compared_with_scenario(scenario, unsaved)


def role_needs(plan: Mapping[str, Any]) -> Counter[str]:
    """How many initiatives of a plan's document need each role."""
    return Counter(role for item in plan.get("initiatives", ()) for role in item.get("roles", ()))


def deadline_choices(guide: Guide, scenario: Scenario) -> list[tuple[str, str]]:
    """The whole plan, its gates and initiatives; then what the guide knows beside them."""
    gates = [(gate.id, f"{gate.id} {gate.title}") for gate in guide.gates]
    items = [
        (str(item["id"]), f"{item['id']} {item['title']}")
        for item in scenario.plan.get("initiatives", ())
    ]
    known = {id for id, _title in (*gates, *items)}
    outside = _("%(title)s (not in this plan)")
    others = {
        initiative.id: f"{initiative.id} {initiative.title}" for initiative in guide.initiatives
    }
    for deadline in scenario.to_constraints().deadlines:
        others.setdefault(deadline.about, deadline.about)
    rest = [(id, outside % {"title": t}) for id, t in others.items() if id and id not in known]
    return [("", _("The whole plan")), *gates, *items, *rest]


def role_rows(page: ConstraintsPage, proposals: Proposals, needs: Mapping[str, int]) -> RoleRows:
    rows = [
        _role_row(page, capacity, proposals.because[f"role_fte.{role}"], needs.get(role, 0))
        for role, capacity in proposals.roles.items()
    ]
    # The guide's order decides between equals.
    rows.sort(key=lambda row: -row.needed_by)
    return RoleRows([r for r in rows if r.needed_by], [r for r in rows if not r.needed_by])


def _role_row(
    page: ConstraintsPage, capacity: RoleCapacity, because: Because, needed_by: int
) -> RoleRow:
    role = capacity.role
    return RoleRow(
        title=role.title,
        covered_by=role.covered_by,
        proposed=capacity.fte,
        because=said(because),
        needed_by=needed_by,
        fte=page.people[f"fte-{role.id}"],
        rate=page.money[f"rate-{role.id}"],
    )


def target_rows(page: ConstraintsPage, proposals: Proposals, guide: Guide) -> list[TargetRow]:
    return [
        TargetRow(
            title=step.title,
            because=said(proposals.because[f"targets.{step.id}"]),
            proposed=proposals.constraints.targets.get(step.id, 3),
            field=page.limits[f"target-{step.id}"],
        )
        for step in guide.steps
    ]


def said(because: Because) -> str:
    """“From P.04: …”; without an answer behind it, the words alone."""
    text = because.text
    if because.question:
        return _("From %(question)s: %(text)s.") % {"question": because.question, "text": text}
    return f"{text[:1].upper()}{text[1:]}."


def origins(proposals: Proposals) -> dict[str, str]:
    """Sentences by field, for the template."""
    return {
        field: said(because) for field, because in proposals.because.items() if "." not in field
    }


@dataclass(frozen=True)
class ReadyChoice:
    ready: ReadyFreeze
    is_usual: bool
    text: str


def ready_choices(proposals: Proposals) -> list[ReadyChoice]:
    """All ready-made freezes; those usual for this organization first."""
    country = proposals.constraints.country
    found = [
        ReadyChoice(ready, ready.concerns(proposals.kind, country), _ready_text(ready))
        for ready in READY_FREEZES
    ]
    return sorted(found, key=lambda choice: not choice.is_usual)


def _ready_text(ready: ReadyFreeze) -> str:
    days = _("about %(days)s days") % {"days": ready.days}
    when = days if ready.has_dates else _("%(days)s, you give the dates") % {"days": days}
    return f"{ready.title} ({when})"


def holidays_known_until(page: ConstraintsPage, start: date) -> int | None:
    """The last year the list holds, where that is less than the ten years of a plan."""
    country = page.calendar.place_now[0]
    last = known_until(country) if country else 0
    return last if last and last < start.year + 10 else None
