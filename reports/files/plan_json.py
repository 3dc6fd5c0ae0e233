"""The plan for other programs: the frozen record as it is, described by docs/plan-schema.json."""

from __future__ import annotations

import json
from typing import Any

from reports.choices import Choices
from reports.files.forms import Made, Tell
from reports.frozen.snapshot import ReportSnapshot, to_json

FORMAT = "waymark-plan"
FORMAT_VERSION = 1


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    return Made(plan_json(snapshot))


def plan_json(snapshot: ReportSnapshot) -> bytes:
    """UTF-8, keys in order: the same record gives the same bytes."""
    return (json.dumps(document(snapshot), ensure_ascii=False, indent=1) + "\n").encode(
        "utf-8", "replace"
    )


def document(snapshot: ReportSnapshot) -> dict[str, Any]:
    return {"format": FORMAT, "format_version": FORMAT_VERSION, "plan": to_json(snapshot)}
