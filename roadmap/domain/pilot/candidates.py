"""How well each candidate fits as a pilot: computed from the candidates table, with reasons.

The rules are the guide's: tier 1, deployment by the vendor alone and device software of safety
class C rule a candidate out; a low tier, feedback within two weeks and at least one change a month
speak for it. The weights between them are Waymark's own estimates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assessments.domain.answers import AnswerSet, AnswerState
from assessments.domain.values import interpolate
from guide.model import Guide

CANDIDATES = "T3"
REQUIRED_COLUMNS = frozenset({"name", "tier", "who", "feedback_days", "changes_month"})
FEEDBACK = ((14.0, 1.0), (90.0, 0.0))
CHANGES = ((0.0, 0.0), (1.0, 1.0))
INTERFACES = ((2.0, 1.0), (20.0, 0.0))
# At least three were compared: what the guide asks for before a choice.
FEW_CANDIDATES = 3
GOOD, POOR = 0.75, 0.34

Row = Mapping[str, Any]


class Exclusion(StrEnum):
    TIER_1 = "tier_1"
    VENDOR_ONLY = "vendor_only"
    CLASS_C = "class_c"


EXCLUDED_BECAUSE = {
    Exclusion.TIER_1: (
        "Tier 1: care stops within minutes without it. No pilot may be tried on such a system."
    ),
    Exclusion.VENDOR_ONLY: (
        "Only the vendor deploys it, so you could not learn to deliver on it. An interface, a "
        "report or the configuration around it may make a pilot."
    ),
    Exclusion.CLASS_C: (
        "Device software of safety class C: a failure could kill or seriously injure. It comes "
        "last, by the device track."
    ),
}


@dataclass(frozen=True)
class Voice:
    """What one column says of a candidate. `value` in [0, 1], None where it is not known."""

    column: str
    weight: int
    value: float | None
    text: str


@dataclass(frozen=True)
class Candidate:
    """`fit`: 0-100 of what is known, where what is not known counts nothing; `fit_at_best`: if
    all that is not known turned out well. `rank` is None for those excluded.
    """

    position: int
    name: str
    row: Row
    excluded: tuple[Exclusion, ...]
    voices: tuple[Voice, ...]
    fit: float
    fit_at_best: float
    favoured: bool
    rank: int | None = None

    @property
    def speaks_for(self) -> tuple[Voice, ...]:
        return tuple(v for v in self.voices if v.value is not None and v.value >= GOOD)

    @property
    def speaks_against(self) -> tuple[Voice, ...]:
        return tuple(v for v in self.voices if v.value is not None and v.value <= POOR)

    @property
    def unknown(self) -> tuple[Voice, ...]:
        return tuple(v for v in self.voices if v.value is None)

    @property
    def cautions(self) -> tuple[str, ...]:
        return tuple(_cautions(self.row))

    @property
    def is_undecided(self) -> bool:
        """Whether something that could still rule it out is not known."""
        return not self.row.get("tier") or not self.row.get("who")


@dataclass(frozen=True)
class Picking:
    """All candidates, best first, then those excluded in the order of the table."""

    ranked: tuple[Candidate, ...]
    excluded: tuple[Candidate, ...]

    @property
    def is_few(self) -> bool:
        return len(self.ranked) + len(self.excluded) < FEW_CANDIDATES


def has_candidates_table(guide: Guide) -> bool:
    """Whether the guide asks for candidates in the form these rules read."""
    question = guide.questions.get(CANDIDATES)
    if question is None or question.kind != "table":
        return False
    return {column.id for column in question.columns} >= REQUIRED_COLUMNS


def pick(guide: Guide, answers: AnswerSet) -> Picking | None:
    """Rank the candidates; None when the guide does not ask for any.

    Equal fits keep the order of the table, so that the ranking never changes by accident.
    """
    if not has_candidates_table(guide):
        return None
    answer = answers.get(CANDIDATES)
    rows = answer.value if answer and answer.state is AnswerState.ANSWERED else ()
    judged = [judge(row, position) for position, row in enumerate(rows or ())]
    fit = sorted((c for c in judged if not c.excluded), key=lambda c: (-c.fit, c.position))
    return Picking(
        ranked=tuple(_numbered(candidate, rank) for rank, candidate in enumerate(fit, start=1)),
        excluded=tuple(candidate for candidate in judged if candidate.excluded),
    )


def judge(row: Row, position: int = 0) -> Candidate:
    """One candidate by the rules; `row` is a row of the candidates table."""
    voices = tuple(_voices(row))
    total = sum(voice.weight for voice in voices)
    known = sum(voice.weight * (voice.value or 0.0) for voice in voices)
    open_weight = sum(voice.weight for voice in voices if voice.value is None)
    return Candidate(
        position=position,
        name=str(row.get("name") or "").strip() or f"Candidate {position + 1}",
        row=row,
        excluded=tuple(_exclusions(row)),
        voices=voices,
        fit=round(100 * known / total, 1),
        fit_at_best=round(100 * (known + open_weight) / total, 1),
        favoured=row.get("favoured") == "Y",
    )


def _numbered(candidate: Candidate, rank: int) -> Candidate:
    return Candidate(**{**vars(candidate), "rank": rank})


def _exclusions(row: Row) -> Iterable[Exclusion]:
    if row.get("tier") == "1":
        yield Exclusion.TIER_1
    if row.get("who") == "vendor":
        yield Exclusion.VENDOR_ONLY
    if row.get("safety_class") == "C":
        yield Exclusion.CLASS_C


def _cautions(row: Row) -> Iterable[str]:
    if row.get("tier") == "2":
        yield (
            "Tier 2: care suffers within a shift. Begin with a tier 3 or 4 system if there is "
            "one; otherwise rehearse the manual procedure with the users first."
        )
    if row.get("phi") == "part2":
        yield "It holds records of substance use treatment, which have rules of their own."
    if row.get("device") == "Y":
        yield "A medical device is linked to it: clinical engineering belongs to the team."
    if row.get("vendor_consent") == "Y":
        yield "The vendor must agree first: ask before you choose."


def _choice(column: str, weight: int, row: Row, words: Mapping[str, tuple[float, str]]) -> Voice:
    known = words.get(str(row.get(column)))
    return Voice(column, weight, *(known or (None, "")))


def _number(
    column: str,
    weight: int,
    row: Row,
    points: tuple[tuple[float, float], ...],
    say: Callable[[float], str],
) -> Voice:
    raw = row.get(column)
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        return Voice(column, weight, None, "")
    return Voice(column, weight, interpolate(points, float(raw)), say(raw))


def _voices(row: Row) -> Iterable[Voice]:
    yield _choice("tier", 4, row, TIERS)
    yield _choice("who", 3, row, WHO)
    yield _number("feedback_days", 3, row, FEEDBACK, _feedback)
    yield _number("changes_month", 2, row, CHANGES, _changes)
    yield _choice("rollback", 2, row, ROLLBACK)
    yield _choice("phi", 1, row, PATIENT_DATA)
    yield _number("interfaces", 1, row, INTERFACES, lambda n: f"interfaces: {n:g}")
    yield _choice("vendor_consent", 1, row, CONSENT)
    champion = str(row.get("champion") or "").strip()
    # An empty field is no proof that there is nobody.
    yield Voice(
        "champion", 1, 1.0 if champion else None, "a clinical champion is named" if champion else ""
    )


def _feedback(days: float) -> str:
    return f"users’ reaction after {days:g} days"


def _changes(changes: float) -> str:
    if changes < 1:
        return f"{changes:g} changes a month: little to learn from"
    return f"{changes:g} changes a month"


TIERS = {
    "1": (0.0, "tier 1: care stops within minutes"),
    "2": (0.33, "tier 2: care suffers within a shift"),
    "3": (0.85, "tier 3: administration stops within a day"),
    "4": (1.0, "tier 4: nobody’s care depends on it"),
}
WHO = {
    "us": (1.0, "you deploy it yourselves"),
    "both": (0.5, "you and the vendor deploy it"),
    "vendor": (0.0, "only the vendor deploys it"),
}
ROLLBACK = {
    "Y": (1.0, "it can be rolled back"),
    "partial": (0.5, "it can partly be rolled back"),
    "N": (0.0, "it cannot be rolled back today"),
}
PATIENT_DATA = {
    "none": (1.0, "no patient data"),
    "limited": (0.7, "limited patient data"),
    "full": (0.3, "full patient records"),
    "card": (0.3, "card data"),
    "part2": (0.0, "records of substance use treatment"),
    "genetic": (0.0, "genetic data"),
}
CONSENT = {
    "N": (1.0, "no vendor has to agree"),
    "Y": (0.0, "the vendor has to agree"),
}
