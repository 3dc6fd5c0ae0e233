"""Waymark's own JSON: one record, or several under “records”."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from delivery.domain.payloads.reading import (
    Context,
    Ignored,
    Malformed,
    Said,
    address,
    moment,
    needed,
    needed_moment,
    severity,
    text,
)
from delivery.domain.records import (
    ChangeRecord,
    CoverageRecord,
    DeploymentRecord,
    IncidentRecord,
    Record,
    VulnerabilityRecord,
)

MOST_RECORDS = 500
_ALL = frozenset({"kind", "system", "id", "told_at"})
_RESULTS = {
    "success": "success",
    "succeeded": "success",
    "failed": "failed",
    "failure": "failed",
}
_FLAGS = frozenset({"production", "rework"})
_KINDS_OF_CHANGE = ("standard", "normal", "emergency", "vendor")


def read(payload: Mapping[str, Any], context: Context) -> list[Said]:
    if "records" not in payload:
        return [_said(payload, context, "")]
    records = payload["records"]
    _refuse_unknown(payload, frozenset({"records", "system", "kind"}))
    _refuse_shapes({name: value for name, value in payload.items() if name != "records"})
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise Malformed("“records” has to be a list of objects.")
    if len(records) > MOST_RECORDS:
        raise Malformed(f"“records” holds more than {MOST_RECORDS}: send them in parts.")
    if not records:
        raise Ignored("“records” is empty.")
    found = []
    for number, each in enumerate(records, 1):
        try:
            found.append(
                _said({"kind": payload.get("kind"), **each}, context, text(payload, "system"))
            )
        except Malformed as problem:
            raise Malformed(f"Record {number}: {problem}") from None
    return found


def _said(payload: Mapping[str, Any], context: Context, system: str) -> Said:
    kind = needed(payload, "kind")
    if kind == "ping":
        raise Ignored("A test: the source can reach Waymark, and its signature is right.")
    if kind not in _READERS:
        raise Malformed(f"“kind” has to be one of: {', '.join(_READERS)}.")
    reader, fields = _READERS[kind]
    _refuse_unknown(payload, _ALL | fields)
    record = reader(payload, context)
    _refuse_shapes(payload)
    return Said(text(payload, "system") or system, record)


def _refuse_unknown(payload: Mapping[str, Any], known: frozenset[str]) -> None:
    for name in payload:
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.7)
            perhaps = f" Did you mean “{near[0]}”?" if near else ""
            raise Malformed(f"There is no field “{name[:60]}”.{perhaps}")


def _refuse_shapes(payload: Mapping[str, Any]) -> None:
    """What is no text would be passed over as not said: `"result": false` would be a success."""
    for name, value in payload.items():
        is_good = (
            value is None
            or (isinstance(value, (str, int)) and not isinstance(value, bool))
            or (isinstance(value, bool) and name in _FLAGS)
            or (isinstance(value, float) and name.endswith("_at"))
        )
        if not is_good:
            raise Malformed(f"“{name}” has to be a text.")


def _clears(payload: Mapping[str, Any], *names: str) -> frozenset[str]:
    """Fields said to be empty."""
    return frozenset(name for name in names if name in payload and payload[name] is None)


def _word(payload: Mapping[str, Any], name: str, words: Mapping[str, str]) -> str:
    found = text(payload, name)
    if found and found.casefold() not in words:
        raise Malformed(f"“{name}” has to be one of: {', '.join(words)}.")
    return words.get(found.casefold(), "")


def _flag(payload: Mapping[str, Any], name: str) -> bool | None:
    value = payload.get(name)
    if value is not None and not isinstance(value, bool):
        raise Malformed(f"“{name}” has to be true or false.")
    return value


def _deployment(payload: Mapping[str, Any], context: Context) -> Record:
    environment = text(payload, "environment", 60)
    is_production = _flag(payload, "production")
    if is_production is None and environment:
        is_production = context.is_production(environment)
    committed_at = moment(payload, "committed_at")
    ticket_at = moment(payload, "ticket_opened_at")
    return DeploymentRecord(
        external_id=needed(payload, "id"),
        deployed_at=needed_moment(payload, "deployed_at"),
        result=_word(payload, "result", _RESULTS),
        environment=environment,
        is_production=is_production,
        committed_at=committed_at or ticket_at,
        is_by_ticket=committed_at is None and ticket_at is not None,
        is_rework=_flag(payload, "rework"),
        version=text(payload, "version", 200),
        url=address(payload, "url"),
        told_at=moment(payload, "told_at"),
    )


def _incident(payload: Mapping[str, Any], _context: Context) -> Record:
    return IncidentRecord(
        external_id=needed(payload, "id"),
        opened_at=needed_moment(payload, "opened_at"),
        resolved_at=moment(payload, "resolved_at"),
        title=text(payload, "title"),
        severity=_severity(payload),
        deployment=text(payload, "deployment", 200),
        url=address(payload, "url"),
        told_at=moment(payload, "told_at"),
        clears=_clears(payload, "resolved_at"),
    )


def _severity(payload: Mapping[str, Any]) -> str:
    said = text(payload, "severity")
    if said and not severity(said):
        raise Malformed("“severity” has to be critical, high, medium or low.")
    return severity(said)


def _change(payload: Mapping[str, Any], _context: Context) -> Record:
    return ChangeRecord(
        external_id=needed(payload, "id"),
        deployed_at=needed_moment(payload, "deployed_at"),
        kind=_word(payload, "change_kind", {kind: kind for kind in _KINDS_OF_CHANGE}),
        ticket=text(payload, "ticket", 200),
        opened_at=moment(payload, "opened_at"),
        author=text(payload, "author", 200),
        approver=text(payload, "approver", 200),
        approved_at=moment(payload, "approved_at"),
        test_evidence=text(payload, "test_evidence", 500),
        deployment=text(payload, "deployment", 200),
        told_at=moment(payload, "told_at"),
    )


def _vulnerability(payload: Mapping[str, Any], _context: Context) -> Record:
    needed(payload, "severity")
    return VulnerabilityRecord(
        external_id=needed(payload, "id"),
        severity=_severity(payload),
        found_at=needed_moment(payload, "found_at"),
        title=text(payload, "title"),
        fixed_at=moment(payload, "fixed_at"),
        dismissed_at=moment(payload, "dismissed_at"),
        dismissed_because=text(payload, "dismissed_because"),
        told_at=moment(payload, "told_at"),
        clears=_clears(payload, "fixed_at", "dismissed_at"),
    )


def _count(payload: Mapping[str, Any], name: str) -> int:
    value = payload.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**12:
        raise Malformed(f"“{name}” has to be a whole number from 0.")
    return value


def _coverage(payload: Mapping[str, Any], _context: Context) -> Record:
    covered, total = _count(payload, "lines_covered"), _count(payload, "lines_total")
    if total == 0 or covered > total:
        raise Malformed("“lines_total” has to be above 0 and not below “lines_covered”.")
    return CoverageRecord(
        external_id=needed(payload, "id"),
        measured_at=needed_moment(payload, "measured_at"),
        lines_covered=covered,
        lines_total=total,
        tool=text(payload, "tool", 40),
        told_at=moment(payload, "told_at"),
    )


Reader = Callable[[Mapping[str, Any], Context], Record]
_DEPLOYMENT = {"deployed_at", "result", "environment", "production", "committed_at", "rework"}
_INCIDENT = {"opened_at", "resolved_at", "title", "severity", "deployment", "url"}
_CHANGE = {"deployed_at", "change_kind", "ticket", "opened_at", "author", "approver", "deployment"}
_VULNERABILITY = {"severity", "found_at", "title", "fixed_at", "dismissed_at", "dismissed_because"}
_COVERAGE = {"measured_at", "lines_covered", "lines_total", "tool"}
_READERS: Mapping[str, tuple[Reader, frozenset[str]]] = {
    "deployment": (
        _deployment,
        frozenset(_DEPLOYMENT | {"ticket_opened_at", "version", "url"}),
    ),
    "incident": (_incident, frozenset(_INCIDENT)),
    "change": (_change, frozenset(_CHANGE | {"approved_at", "test_evidence"})),
    "vulnerability": (_vulnerability, frozenset(_VULNERABILITY)),
    "coverage": (_coverage, frozenset(_COVERAGE)),
}
