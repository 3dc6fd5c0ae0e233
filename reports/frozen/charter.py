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
class CandidateEntry:
    """The pilot as it stood in the table of candidates on the day it was chosen.

    `stated`: its row in words. `fit`: 0-100, Waymark's own estimate; what spoke for and against it.
    """

    stated: str = ""
    fit: float | None = None
    fit_at_best: float | None = None
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


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
    candidate: CandidateEntry | None = None
