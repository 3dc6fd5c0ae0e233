"""The pilot charter: what it proposes, what it still lacks, and what step 6 says of its criteria.

Proposals are a beginning for the people who agree the charter, never values made up for them:
no baseline, target or name is filled in that the answers do not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.domain.answers import AnswerSet, AnswerState
from guide.model import Guide
from roadmap.domain.pilot.candidates import Candidate

MEASURES = "T8"
LIMITS = "Q2.12"
# What each metric speaks of; gate G2 asks for a target in each of the first four areas.
AREAS = ("speed", "stability", "security", "compliance", "users")
AREA_TITLES = {
    "speed": "Speed",
    "stability": "Stability",
    "security": "Security",
    "compliance": "Compliance",
    "users": "Clinic and users",
}
METRICS = {
    "DF": ("Deployment frequency", "speed"),
    "LT": ("Lead time for changes", "speed"),
    "CFR": ("Change failure rate", "stability"),
    "MTTR": ("Time to recovery", "stability"),
    "COV": ("Automated test coverage", "stability"),
    "SVRT": ("Vulnerability resolution time", "security"),
    "ATC": ("Audit trail completeness", "compliance"),
    "OWN": ("A measure of your own", "users"),
}
PROPOSED = ("DF", "CFR", "SVRT", "ATC", "OWN")
REQUIRED_AREAS = AREAS[:4]


@dataclass(frozen=True)
class Criterion:
    """`by`: ISO date or empty. Baseline and target are in the words of those who measure; `aim`
    is the target as a number in the unit of the metric, where it is to be checked by machine.
    """

    metric: str
    text: str = ""
    baseline: str = ""
    target: str = ""
    by: str = ""
    aim: float | None = None

    @property
    def title(self) -> str:
        return METRICS[self.metric][0]

    @property
    def area(self) -> str:
        return METRICS[self.metric][1]

    @property
    def is_whole(self) -> bool:
        return bool(self.baseline and self.target and self.by)


@dataclass(frozen=True)
class TeamMember:
    """`role` of the pilot; `name` and `hours` a week as agreed."""

    role: str
    name: str = ""
    hours: str = ""


@dataclass(frozen=True)
class Charter:
    name: str
    why: str = ""
    scope: str = ""
    outside: str = ""
    criteria: tuple[Criterion, ...] = ()
    stop_rules: tuple[str, ...] = ()
    team: tuple[TeamMember, ...] = ()
    rollback: str = ""


@dataclass(frozen=True)
class Checked:
    """A criterion beside what step 6 records: rows of the measures table for its metric."""

    criterion: Criterion
    rows: tuple[Mapping[str, Any], ...] = field(default=())


def propose(guide: Guide, answers: AnswerSet, candidate: Candidate) -> Charter:
    """A first draft for a candidate, from the answers."""
    return Charter(
        name=candidate.name,
        why=_sentence(voice.text for voice in candidate.speaks_for),
        scope=_scope(answers),
        criteria=tuple(_proposed(metric, answers) for metric in PROPOSED),
        stop_rules=STOP_RULES,
        team=tuple(_team(guide, candidate)),
    )


def missing(charter: Charter) -> tuple[str, ...]:
    """What the charter should say before gate G2, and does not yet."""
    return tuple(_missing(charter))


def check_criteria(criteria: Sequence[Criterion], answers: AnswerSet) -> tuple[Checked, ...]:
    """Each criterion with what the measures table of these answers says of its metric.

    The table holds words, so nothing is judged here: a person reads both side by side.
    """
    rows = _measures(answers)
    return tuple(
        Checked(c, tuple(row for row in rows if _metric_of(row) == c.metric)) for c in criteria
    )


def charter_to_json(charter: Charter) -> dict[str, Any]:
    """The lists of a charter as plain data, as they are stored and printed."""
    return {
        "criteria": [vars(criterion) for criterion in charter.criteria],
        "stop_rules": list(charter.stop_rules),
        "team": [vars(member) for member in charter.team],
    }


STOPPER = "Clinical or end-user product owner, who may stop a release"
OTHERS = (
    "Lead of the pilot",
    "Development",
    "Operations",
    "Integration",
    "Security",
    "Compliance and privacy",
    "Clinical engineering",
)
MAY_STOP = "stop"
# The gate that approves the pilot in the guides of this product.
PILOT_GATE = "G2"
STOP_RULES = (
    "A patient was harmed or nearly harmed by a change of the pilot.",
    "Patient data was exposed by the pilot or its pipeline.",
    "A failed change could not be taken back within the time agreed in the rollback plan.",
    "More changes failed in four weeks than in the same time before the pilot began.",
)


def _scope(answers: AnswerSet) -> str:
    limits = answers.get(LIMITS)
    if limits is None or limits.state is not AnswerState.ANSWERED or not limits.value:
        return ""
    parts = []
    if days := limits.value.get("person_days"):
        parts.append(f"{days:g} person-days")
    if weeks := limits.value.get("weeks"):
        parts.append(f"{weeks:g} weeks")
    return f"At most {' and '.join(parts)}." if parts else ""


def _proposed(metric: str, answers: AnswerSet) -> Criterion:
    """With the baseline and target that the measures table states, where it states them."""
    row: Mapping[str, Any] = next(
        (row for row in _measures(answers) if _metric_of(row) == metric), {}
    )
    baseline = row.get("baseline") or row.get("now")
    return Criterion(metric, baseline=_text(baseline), target=_text(row.get("target")))


def _team(guide: Guide, candidate: Candidate) -> Iterable[TeamMember]:
    champion = str(candidate.row.get("champion") or "").strip()
    yield TeamMember(STOPPER, champion)
    for role in OTHERS[:-1]:
        yield TeamMember(role)
    if candidate.row.get("device") == "Y":
        yield TeamMember(OTHERS[-1])


def _missing(charter: Charter) -> Iterable[str]:
    if not charter.scope:
        yield "Say what belongs to the pilot."
    if not charter.outside:
        yield "Say what stays out of it."
    whole = {criterion.area for criterion in charter.criteria if criterion.is_whole}
    absent = [AREA_TITLES[area].lower() for area in REQUIRED_AREAS if area not in whole]
    if absent:
        yield f"Give a target with baseline and date for: {', '.join(absent)}."
    if not charter.stop_rules:
        yield "Write at least one rule for stopping."
    place = place_of_stopper([member.role for member in charter.team])
    if place is None or not charter.team[place].name:
        yield "Name the clinician or user who may stop a release."
    if not any(member.name for n, member in enumerate(charter.team) if n != place):
        yield "Name the team."
    if not charter.rollback:
        yield "Describe the way back, and how users carry on meanwhile."


def says_stop(role: str) -> bool:
    """Whether a role, in words that people may have changed, is to stop a release."""
    return MAY_STOP in role.casefold() and "non-stop" not in role.casefold()


def place_of_stopper(roles: Sequence[str]) -> int | None:
    """Which row of the team may stop a release: the one whose role says so, else the first, which
    was proposed as such and may have been named anew. Rows can be taken out: where the first is
    one of the others, nobody may.
    """
    for place, role in enumerate(roles):
        if says_stop(role):
            return place
    return 0 if roles and roles[0] not in OTHERS else None


def _measures(answers: AnswerSet) -> tuple[Mapping[str, Any], ...]:
    answer = answers.get(MEASURES)
    if answer is None or answer.state is not AnswerState.ANSWERED:
        return ()
    return tuple(answer.value or ())


def _metric_of(row: Mapping[str, Any]) -> str:
    """The metric a row speaks of: its code or its title as written there, else one's own."""
    said = str(row.get("metric") or "").strip().casefold()
    for code, (title, _) in METRICS.items():
        if said in (code.casefold(), title.casefold()):
            return code
    return "OWN"


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _sentence(parts: Iterable[str]) -> str:
    found = "; ".join(parts)
    return f"{found[0].upper()}{found[1:]}." if found else ""
