"""A scorecard as plain JSON and back, so that a snapshot can keep what was shown."""

from dataclasses import asdict, fields
from typing import Any

from assessments.domain.scoring import (
    Contribution,
    Exposure,
    HighRisk,
    Readiness,
    Scorecard,
    StepReadiness,
)


def scorecard_to_json(scorecard: Scorecard) -> dict[str, Any]:
    return asdict(scorecard)


def scorecard_from_json(stored: dict[str, Any]) -> Scorecard:
    """The inverse of `scorecard_to_json`; keys a later version added are passed over."""
    return Scorecard(
        overall=Readiness(**_known(Readiness, stored["overall"])),
        steps=tuple(_step(part) for part in stored["steps"]),
        exposures=tuple(_exposure(part) for part in stored["exposures"]),
        high_risks=tuple(HighRisk(**_known(HighRisk, part)) for part in stored["high_risks"]),
    )


def _step(part: dict[str, Any]) -> StepReadiness:
    known = _known(StepReadiness, part)
    known["capped_by"] = tuple(known["capped_by"])
    known["contributions"] = _contributions(known["contributions"])
    return StepReadiness(**known)


def _exposure(part: dict[str, Any]) -> Exposure:
    known = _known(Exposure, part)
    known["contributions"] = _contributions(known["contributions"])
    return Exposure(**known)


def _contributions(parts: list[dict[str, Any]]) -> tuple[Contribution, ...]:
    return tuple(Contribution(**_known(Contribution, part)) for part in parts)


def _known(kind: type, part: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {key: value for key, value in part.items() if key in names}
