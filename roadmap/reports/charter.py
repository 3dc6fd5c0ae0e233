"""The pilot charter as a report prints it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from roadmap.domain.pilot.charter import AREA_TITLES, Criterion, TeamMember, missing

if TYPE_CHECKING:
    from roadmap.models import PilotCharter


@dataclass(frozen=True)
class CriterionLine:
    metric: str
    area: str
    text: str = ""
    baseline: str = ""
    target: str = ""
    by: date | None = None


@dataclass(frozen=True)
class TeamLine:
    role: str
    name: str = ""
    hours: str = ""


@dataclass(frozen=True)
class CharterEntry:
    """`missing`: what gate G2 will still ask for, in sentences."""

    name: str
    why: str = ""
    scope: str = ""
    outside: str = ""
    criteria: tuple[CriterionLine, ...] = ()
    stop_rules: tuple[str, ...] = ()
    team: tuple[TeamLine, ...] = ()
    rollback: str = ""
    missing: tuple[str, ...] = ()


def charter_entry(charter: PilotCharter) -> CharterEntry:
    """Freeze a charter as it stands."""
    from roadmap.services.charters import charter_content

    content = charter_content(charter)
    return CharterEntry(
        name=content.name,
        why=content.why,
        scope=content.scope,
        outside=content.outside,
        criteria=tuple(_criterion(criterion) for criterion in content.criteria),
        stop_rules=content.stop_rules,
        team=tuple(_member(member) for member in content.team),
        rollback=content.rollback,
        missing=missing(content),
    )


def _criterion(criterion: Criterion) -> CriterionLine:
    return CriterionLine(
        metric=criterion.title,
        area=AREA_TITLES[criterion.area],
        text=criterion.text,
        baseline=criterion.baseline,
        target=criterion.target,
        by=date.fromisoformat(criterion.by) if criterion.by else None,
    )


def _member(member: TeamMember) -> TeamLine:
    return TeamLine(member.role, member.name, member.hours)
