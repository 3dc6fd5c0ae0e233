"""The pilot charter as a report prints it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
