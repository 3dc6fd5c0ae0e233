"""Made-up records of delivery for the demo: half a year of a small interface team and its vendor.

Drawn from a fixed seed, so that the demo looks the same each time. Nothing in it is anybody's.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta

from accounts.models import Organization, User
from delivery.domain.records import (
    ChangeRecord,
    CoverageRecord,
    DeploymentRecord,
    IncidentRecord,
    Record,
    VulnerabilityRecord,
)
from delivery.enums import LinkState, Origin, SourceKind
from delivery.models import Incident, Source, System
from delivery.services.daily import days_recount
from delivery.services.records import store
from delivery.services.systems import system_create

WEEKS = 30
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWN = "Lab-results interface"
VENDORS = "EHR"
AUTHORS = ("m.reyes", "j.okafor")


def demo_delivery(organization: Organization, user: User, today: date) -> System:
    """Two systems with records, and a source that tools could send to; returns one's own."""
    own = system_create(
        organization=organization,
        user=user,
        name=OWN,
        tier=3,
        baselines={
            "deployment_frequency": {
                "value": 1.0,
                "from": (today - timedelta(weeks=60)).isoformat(),
                "until": (today - timedelta(weeks=34)).isoformat(),
                "note": "Counted from tickets before the interface had a pipeline.",
            }
        },
        targets={"deployment_frequency": 4, "change_fail_rate": 15, "audit_trail": 90},
        fix_limits={"critical": 15, "high": 30},
    )
    vendors = system_create(
        organization=organization, user=user, name=VENDORS, tier=1, is_vendor_managed=True
    )
    start = datetime.combine(today, time(15), tzinfo=UTC) - timedelta(weeks=WEEKS)
    store(own, _Half(start).records(), origin=Origin.WEBHOOK)
    store(vendors, _releases(start), origin=Origin.FILE, user=user)
    # A person looked at all but the newest of the failures.
    known = Incident.objects.filter(system=own, link=LinkState.PROPOSED).order_by("-opened_at")
    for incident in list(known)[1:]:
        incident.link, incident.link_by = LinkState.CONFIRMED, user
        incident.link_at = incident.opened_at + DAY
        incident.save(update_fields=["link", "link_by", "link_at"])
    Source.objects.create(
        organization=organization,
        name="Pipeline of the interface team",
        kind=SourceKind.OWN,
        system=own,
        production=["production"],
        created_by=user,
    )
    while days_recount():
        pass
    return own


class _Half:
    """Half a year in which a team deploys more often, with more of the evidence in place."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._draw = random.Random(20_26)
        self._found: list[Record] = []

    def records(self) -> list[Record]:
        for week in range(WEEKS):
            for number in range(1 if week < 14 else self._draw.choice((1, 1, 2))):
                if week >= 14 or week % 2:
                    self._deploy(week, number)
            if week % 3 == 0:
                self._find(week)
            if week >= 6:
                covered = 3_100 + 95 * week + self._draw.randrange(80)
                at = self._at(week) + 5 * HOUR
                self._found.append(CoverageRecord(f"cov-{week}", at, covered, 9_400, "JaCoCo"))
        return self._found

    def _at(self, week: int, number: int = 0) -> datetime:
        return self._start + timedelta(weeks=week, days=2 * number) + self._draw.random() * 3 * HOUR

    def _deploy(self, week: int, number: int) -> None:
        at, name = self._at(week, number), f"{week:02}{number}"
        waited = self._draw.uniform(20, 200) * (1.0 if week < 14 else 0.35) * HOUR
        fails = self._draw.random() < (0.3 if week < 14 else 0.12)
        version = f"2.{week}.{number}"
        self._found.append(
            DeploymentRecord(f"dep-{name}", at, committed_at=at - waited, version=version)
        )
        shown = self._draw.random() < (0.3 if week < 14 else 0.9)
        author = self._draw.choice(AUTHORS)
        self._found.append(
            ChangeRecord(
                f"chg-{name}",
                at,
                ticket=f"CHG-{4100 + 10 * week + number}",
                opened_at=at - waited - 2 * DAY,
                author=author,
                approver="l.haas" if shown else author,
                approved_at=at - 3 * HOUR,
                test_evidence=f"run {7000 + 10 * week + number}" if shown else "",
                deployment=f"dep-{name}",
            )
        )
        if fails:
            took = self._draw.uniform(0.4, 6.0) * HOUR
            self._found.append(
                IncidentRecord(
                    f"inc-{name}",
                    at + 2 * HOUR,
                    at + 2 * HOUR + took,
                    title="Lab results arrived late",
                    deployment=f"dep-{name}",
                )
            )

    def _find(self, week: int) -> None:
        at = self._at(week)
        severity = self._draw.choice(("critical", "high", "high", "medium"))
        is_fixed = week < WEEKS - 4
        fixed = at + self._draw.uniform(4, 40) * DAY if is_fixed else None
        self._found.append(
            VulnerabilityRecord(
                f"vul-{week}", severity, at, title="Library with a known weakness", fixed_at=fixed
            )
        )


def _releases(start: datetime) -> list[Record]:
    """A release of the vendor each month, timed by its change ticket."""
    found: list[Record] = []
    for month in range(7):
        at = start + timedelta(days=29 * month + 5)
        found.append(
            DeploymentRecord(
                f"rel-{month}",
                at,
                committed_at=at - timedelta(days=16 + 3 * (month % 3)),
                is_by_ticket=True,
                version=f"2026.{month + 1}",
            )
        )
    return found
