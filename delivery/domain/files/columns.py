"""The columns a file of records may have."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """`kind`: text, moment, count, flag or the name of a list of words (`WORDS`)."""

    id: str
    label: str
    kind: str = "text"
    is_needed: bool = False
    aliases: tuple[str, ...] = ()
    hint: str = ""
    length: int = 200


WORDS: dict[str, dict[str, str]] = {
    "result": {
        **dict.fromkeys(("success", "succeeded", "successful", "ok", "passed"), "success"),
        **dict.fromkeys(("failed", "failure", "error", "unsuccessful", "rolled back"), "failed"),
    },
    "severity": {
        **dict.fromkeys(("critical", "p1", "sev1", "1", "blocker"), "critical"),
        **dict.fromkeys(("high", "p2", "sev2", "2", "major"), "high"),
        **dict.fromkeys(("medium", "moderate", "p3", "sev3", "3"), "medium"),
        **dict.fromkeys(("low", "p4", "sev4", "4", "minor", "info"), "low"),
    },
    "change_kind": {
        **dict.fromkeys(("standard", "pre-approved"), "standard"),
        "normal": "normal",
        **dict.fromkeys(("emergency", "urgent"), "emergency"),
        **dict.fromkeys(("vendor", "vendor release"), "vendor"),
    },
    "flag": {
        **dict.fromkeys(("yes", "y", "true", "1", "x", "ja"), "yes"),
        **dict.fromkeys(("no", "n", "false", "0", "nein", "-"), "no"),
    },
}

_SYSTEM = Column("system", "System", aliases=("application", "service", "short name"))
_SEVERITY = Column("severity", "Severity", kind="severity", aliases=("priority",))
_DEPLOYMENT = Column(
    "deployment", "Deployment", aliases=("caused by", "deployment id"), hint="Id of a deployment."
)


def _id(kind: str) -> Column:
    """Only its own kind's: in a file of incidents “Deployment id” names the cause."""
    return Column(
        "id",
        "Id",
        aliases=("external id", "key", "number", "identifier", f"{kind} id"),
        hint="What the record is known by; the same id again means the same record.",
    )


COLUMNS: dict[str, tuple[Column, ...]] = {
    "deployment": (
        _SYSTEM,
        _id("deployment"),
        Column(
            "deployed_at",
            "Deployed at",
            kind="moment",
            is_needed=True,
            aliases=("date", "deployed", "deployment date", "finished", "end time", "finished at"),
        ),
        Column("result", "Result", kind="result", aliases=("status", "outcome")),
        Column("environment", "Environment", aliases=("stage", "target"), length=60),
        Column(
            "committed_at",
            "First commit",
            kind="moment",
            aliases=("commit date", "committed", "committed at", "first commit at"),
        ),
        Column(
            "ticket_opened_at",
            "Ticket opened",
            kind="moment",
            aliases=("change opened", "ticket opened at", "requested at"),
            hint="For vendor-managed systems: stands in for the first commit.",
        ),
        Column("rework", "Unplanned repair", kind="flag", aliases=("hotfix", "is rework")),
        Column("version", "Version", aliases=("release", "tag")),
        Column("url", "Address", aliases=("link",), length=500),
    ),
    "incident": (
        _SYSTEM,
        _id("incident"),
        Column(
            "opened_at",
            "Began",
            kind="moment",
            is_needed=True,
            aliases=(
                "opened",
                "created",
                "created at",
                "start",
                "started",
                "opened at",
                "began at",
            ),
        ),
        Column(
            "resolved_at",
            "Users could work again",
            kind="moment",
            aliases=("resolved", "closed", "end", "restored", "resolved at", "closed at"),
        ),
        Column("title", "Title", aliases=("summary", "short description"), length=300),
        _SEVERITY,
        _DEPLOYMENT,
        Column("url", "Address", aliases=("link",), length=500),
    ),
    "change": (
        _SYSTEM,
        _id("change"),
        Column(
            "deployed_at",
            "In production since",
            kind="moment",
            is_needed=True,
            aliases=("deployed", "implemented", "deployed at", "actual end", "date"),
        ),
        Column("change_kind", "Kind", kind="change_kind", aliases=("type", "category")),
        Column("ticket", "Ticket", aliases=("request", "change request")),
        Column("opened_at", "Ticket opened", kind="moment", aliases=("created", "opened")),
        Column("author", "Author", aliases=("requested by", "developer")),
        Column("approver", "Approver", aliases=("approved by",)),
        Column("approved_at", "Approved at", kind="moment", aliases=("approved", "approval date")),
        Column("test_evidence", "Test evidence", aliases=("tests", "test report"), length=500),
        _DEPLOYMENT,
    ),
    "vulnerability": (
        _SYSTEM,
        _id("vulnerability"),
        Column("severity", "Severity", kind="severity", is_needed=True, aliases=("risk",)),
        Column(
            "found_at",
            "Found",
            kind="moment",
            is_needed=True,
            aliases=("first seen", "detected", "created", "found at", "first detected"),
        ),
        Column("title", "Title", aliases=("name", "cve", "summary"), length=300),
        Column(
            "fixed_at",
            "Fixed in production",
            kind="moment",
            aliases=("fixed", "resolved", "fixed at", "closed"),
        ),
        Column("dismissed_at", "Dismissed", kind="moment", aliases=("dismissed at", "accepted")),
        Column("dismissed_because", "Why dismissed", aliases=("reason",), length=300),
    ),
    "coverage": (
        _SYSTEM,
        _id("coverage"),
        Column(
            "measured_at",
            "Measured at",
            kind="moment",
            is_needed=True,
            aliases=("date", "measured", "time"),
        ),
        Column(
            "lines_covered", "Lines covered", kind="count", is_needed=True, aliases=("covered",)
        ),
        Column(
            "lines_total",
            "Lines in all",
            kind="count",
            is_needed=True,
            aliases=("total", "lines valid", "lines"),
        ),
        Column("tool", "Tool", length=40),
    ),
}


def find_column(kind: str, heading: str) -> Column | None:
    """The column a heading means: by label before id before alias, whatever its case."""
    wanted = _name(heading)
    if not wanted or len(heading) > 200:
        return None
    columns = COLUMNS[kind]
    for column in columns:
        if wanted in (_name(column.label), _name(column.id)):
            return column
    for column in columns:
        if wanted in map(_name, column.aliases):
            return column
    return None


def _name(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()
