"""Records drawn from a seed: what a busy organization might have, with its gaps and faults."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from delivery.domain.records import (
    ChangeRecord,
    CoverageRecord,
    DeploymentRecord,
    IncidentRecord,
    Record,
    VulnerabilityRecord,
)

KINDS = ("standard", "normal", "emergency", "vendor")
SEVERITIES = ("critical", "high", "medium", "low")


def drawn_records(chance: Random, number: int, since: datetime, days: int) -> Iterator[Record]:
    """So many deployments and what goes with them, in no order."""

    def moment() -> datetime:
        return since + timedelta(seconds=chance.randrange(days * 86400))

    for one in range(number):
        at = moment()
        yield DeploymentRecord(
            f"d{one}",
            at,
            result="failed" if chance.random() < 0.06 else "success",
            is_production=chance.random() < 0.9,
            committed_at=at - timedelta(hours=chance.lognormvariate(3, 1.5))
            if chance.random() < 0.9
            else None,
            is_by_ticket=chance.random() < 0.1,
            is_rework=chance.random() < 0.05,
        )
        if chance.random() < 0.5:
            yield ChangeRecord(
                f"c{one}",
                at + timedelta(minutes=chance.randrange(-2000, 2000)),
                kind=chance.choice(KINDS),
                ticket="T-1" if chance.random() < 0.9 else "",
                opened_at=at - timedelta(days=chance.randrange(1, 90))
                if chance.random() < 0.7
                else None,
                author=chance.choice(("Ann", "Ben", "")),
                approver=chance.choice(("Ann", "ann ", "Cleo", "Cleo", "")),
                test_evidence="run 7" if chance.random() < 0.9 else "",
                deployment=f"d{chance.randrange(2 * number)}"
                if chance.random() < 0.2
                else f"d{one}",
            )
        if chance.random() < 0.08:
            begin = at + timedelta(minutes=chance.randrange(-30, 600))
            end = begin + timedelta(minutes=chance.lognormvariate(4, 1))
            yield IncidentRecord(
                f"i{one}",
                begin,
                resolved_at=end if chance.random() < 0.9 else None,
                deployment=f"d{one - one % 3}",
            )
        if chance.random() < 0.05:
            found = moment()
            yield VulnerabilityRecord(
                f"v{one}",
                chance.choice(SEVERITIES),
                found,
                fixed_at=found + timedelta(days=chance.lognormvariate(2.5, 1)),
                dismissed_at=found if chance.random() < 0.1 else None,
            )
        if chance.random() < 0.05:
            yield CoverageRecord(f"r{one}", moment(), chance.randrange(500, 800), 1000)
