"""Freeze windows as they are usual in health care: ready to pick, some with usual dates.

Lengths, dates and shares are Waymark's own estimates unless `source` names something else. What
has no usual date (an upgrade, a survey) gets none: a date we invented would look like a fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from roadmap.domain.constraints.stated import LATEST, Freeze, FreezeKind

HOSPITALS = frozenset({"hospital", "academic_centre"})
PROVIDERS = HOSPITALS | {"clinic_group", "telehealth", "lab", "pharmacy"}
# People who care for patients beside the programme.
CLINICAL_ROLES = ("CMO", "CE", "TR")
# Where influenza usually peaks between December and February; nothing is proposed elsewhere.
# fmt: off
NORTHERN = frozenset((
    "AT", "BE", "BG", "CA", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU",
    "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    "US",
))
# fmt: on
FLU = (
    "Wards and practices are full, so clinical colleagues have less time for the programme. Move "
    "it to the months that are full with you."
)
ESTIMATE = "estimate of ours"
# So many occurrences of a yearly window are proposed: as far as most plans reach.
OCCURRENCES = 3

MonthDay = tuple[int, int]


@dataclass(frozen=True)
class ReadyFreeze:
    """`days`: usual length in calendar days. `first` and `last`: month and day of each year, where
    the window has usual dates. `kinds` and `countries`: whom it is proposed to, empty for all;
    one without dates is proposed to nobody and may be picked by everybody.
    """

    id: str
    title: str
    kind: FreezeKind
    days: int
    why: str
    source: str = ESTIMATE
    capacity: float = 0.5
    roles: tuple[str, ...] = ()
    first: MonthDay | None = None
    last: MonthDay | None = None
    kinds: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    @property
    def has_dates(self) -> bool:
        return self.first is not None

    def concerns(self, kind: str, country: str) -> bool:
        """Whether it is usual for this kind of organization (P.01) in this country."""
        in_kind = not self.kinds or kind in self.kinds
        return self.has_dates and in_kind and (not self.countries or country in self.countries)

    def beginning_in(self, year: int, known_roles: Iterable[str]) -> Freeze | None:
        """Its window of a year; it may reach into the next one."""
        if self.first is None or self.last is None:
            return None
        start = date(year, *self.first)
        finish_year = year if self.last >= self.first else year + 1
        if finish_year > LATEST.year:
            return None
        known = set(known_roles)
        return Freeze(
            start=start,
            finish=date(finish_year, *self.last),
            reason=self.title,
            kind=self.kind,
            capacity=self.capacity,
            roles=tuple(role for role in self.roles if role in known),
        )

    def next_ones(
        self, start: date, known_roles: Iterable[str], count: int = OCCURRENCES
    ) -> tuple[Freeze, ...]:
        """Those that are not over when a plan starts."""
        years = range(start.year - 1, start.year + count + 1)
        found = [self.beginning_in(year, known_roles) for year in years]
        return tuple(f for f in found if f and f.finish >= start)[:count]


READY_FREEZES = (
    ReadyFreeze(
        id="year-end",
        title="Year end",
        kind=FreezeKind.GO_LIVE,
        days=15,
        first=(12, 20),
        last=(1, 3),
        why="Few people are there to notice and mend a bad change, and vendors answer late.",
    ),
    ReadyFreeze(
        id="flu-season",
        title="Flu season",
        kind=FreezeKind.REDUCED_STAFF,
        days=90,
        capacity=0.7,
        roles=CLINICAL_ROLES,
        first=(12, 1),
        last=(2, 28),
        kinds=PROVIDERS,
        countries=NORTHERN,
        why=FLU,
        source="the usual months in the north; 70 % is an estimate of ours",
    ),
    ReadyFreeze(
        id="flu-season-south",
        title="Flu season (southern)",
        kind=FreezeKind.REDUCED_STAFF,
        days=92,
        capacity=0.7,
        roles=CLINICAL_ROLES,
        first=(6, 1),
        last=(8, 31),
        kinds=PROVIDERS,
        countries=frozenset({"AR", "AU", "CL", "NZ", "UY", "ZA"}),
        why=FLU,
        source="the usual months in the south; 70 % is an estimate of ours",
    ),
    ReadyFreeze(
        id="open-enrolment",
        title="Open enrolment",
        kind=FreezeKind.GO_LIVE,
        days=76,
        first=(11, 1),
        last=(1, 15),
        kinds=frozenset({"payer"}),
        countries=frozenset({"US"}),
        why=(
            "Members choose plans and systems of enrolment carry their highest load. Marketplace "
            "enrolment begins on November 1; from benefit year 2027 on it has to end by December "
            "31, and the first weeks of January go to cards and files. States may differ, and "
            "Medicare has dates of its own: correct these to yours."
        ),
        source="45 CFR 155.410; the weeks of January are an estimate of ours",
    ),
    ReadyFreeze(
        id="resident-turnover",
        title="Resident turnover",
        kind=FreezeKind.GO_LIVE,
        days=31,
        first=(7, 1),
        last=(7, 31),
        kinds=frozenset({"academic_centre"}),
        countries=frozenset({"US"}),
        why=(
            "New residents begin in July and learn the systems as they are. A change in these "
            "weeks would meet people who do not know the old way yet."
        ),
    ),
    ReadyFreeze(
        id="ehr-upgrade",
        title="EHR upgrade",
        kind=FreezeKind.GO_LIVE,
        days=21,
        why=(
            "One large change at a time: two causes for one failure are hard to tell apart. Take "
            "the week before the upgrade and the two weeks after it."
        ),
    ),
    ReadyFreeze(
        id="go-live",
        title="Go-live of another system",
        kind=FreezeKind.GO_LIVE,
        days=28,
        why="Support and users are taken by the new system for about a month.",
    ),
    ReadyFreeze(
        id="accreditation",
        title="Accreditation survey",
        kind=FreezeKind.REDUCED_STAFF,
        days=14,
        capacity=0.5,
        roles=("CMO", "CO", "QA", "TR"),
        why=(
            "Quality, compliance and clinical leads prepare the survey and guide the surveyors. "
            "Many surveys are not announced: then take the month in which it is expected."
        ),
    ),
    ReadyFreeze(
        id="summer",
        title="Summer holidays",
        kind=FreezeKind.REDUCED_STAFF,
        days=42,
        capacity=0.7,
        why="Many are away at the same time; give the weeks in which that is so with you.",
    ),
    ReadyFreeze(
        id="audit",
        title="Audit or inspection",
        kind=FreezeKind.REDUCED_STAFF,
        days=14,
        capacity=0.6,
        roles=("CO", "SEC", "QA", "OPS"),
        why="Those who answer the auditors are taken out of everything else.",
    ),
)


def ready_freeze(id: str) -> ReadyFreeze | None:
    return next((ready for ready in READY_FREEZES if ready.id == id), None)


def usual_freezes(kind: str, country: str) -> tuple[ReadyFreeze, ...]:
    """Those with dates that are proposed to this kind of organization."""
    return tuple(ready for ready in READY_FREEZES if ready.concerns(kind, country))
