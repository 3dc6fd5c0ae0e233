"""What GitLab sends: deployments, incidents, vulnerabilities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from delivery.domain.payloads.reading import (
    Context,
    Ignored,
    Said,
    address,
    items,
    moment,
    needed,
    needed_moment,
    open_fields,
    part,
    severity,
    text,
    told,
)
from delivery.domain.records import DeploymentRecord, IncidentRecord, VulnerabilityRecord

_RESULTS = {"success": "success", "failed": "failed"}


def read(payload: Mapping[str, Any], context: Context) -> list[Said]:
    kind = text(payload, "object_kind")
    project = _project(payload)
    if kind == "deployment":
        return [Said(project, _deployment(payload, context))]
    if kind in ("issue", "work_item", "incident"):
        return [Said(project, _incident(payload, context))]
    if kind == "vulnerability":
        return [_vulnerability(payload, project)]
    raise Ignored(f"Nothing is measured by GitLab's event “{kind[:40]}”.")


def _deployment(payload: Mapping[str, Any], context: Context) -> DeploymentRecord:
    status = text(payload, "status")
    if status not in _RESULTS:
        raise Ignored(f"A deployment in the state “{status[:40]}” neither succeeded nor failed.")
    environment = text(payload, "environment", 60)
    at = needed_moment(payload, "status_changed_at")
    return DeploymentRecord(
        external_id=needed(payload, "deployment_id"),
        deployed_at=at,
        result=_RESULTS[status],
        environment=environment,
        is_production=context.is_production(environment)
        or text(payload, "environment_tier") == "production",
        version=text(payload, "ref", 100) or text(payload, "short_sha", 100),
        url=address(payload, "deployable_url") or address(payload, "commit_url"),
        told_at=at,
    )


def _incident(payload: Mapping[str, Any], context: Context) -> IncidentRecord:
    issue = part(payload, "object_attributes")
    labels = {text(label, "title").casefold() for label in items(issue, "labels")}
    labels |= {text(label, "title").casefold() for label in items(payload, "labels")}
    kinds = {text(issue, "type").casefold(), text(issue, "issue_type").casefold()}
    if "incident" not in kinds | labels and text(payload, "event_type") != "incident":
        raise Ignored("An issue that is neither of the type nor labelled “incident”.")
    is_closed = text(issue, "state") == "closed"
    ended = (moment(issue, "closed_at") or moment(issue, "updated_at")) if is_closed else None
    return IncidentRecord(
        external_id=f"{_project(payload)}#{needed(issue, 'iid', 40)}",
        opened_at=needed_moment(issue, "created_at"),
        resolved_at=ended,
        title=text(issue, "title"),
        severity=severity(text(issue, "severity")),
        url=address(issue, "url"),
        told_at=told(issue, "updated_at"),
        clears=open_fields(resolved_at=ended),
    )


def _project(payload: Mapping[str, Any]) -> str:
    """Issues are numbered in each project; a system may have several."""
    return text(part(payload, "project"), "path_with_namespace", 140)


def _vulnerability(payload: Mapping[str, Any], project: str) -> Said:
    found = part(payload, "object_attributes")
    url = address(found, "url")
    # The event names no project but by its address: https://host/group/project/-/security/…
    place = re.match(r"https?://[^/]+/(.+?)/-/", url)
    number = url.rstrip("/").rpartition("/")[2] if url else ""
    state = text(found, "state")
    fixed = moment(found, "resolved_at") if state == "resolved" else None
    dismissed = moment(found, "dismissed_at") if state == "dismissed" else None
    record = VulnerabilityRecord(
        external_id=f"vulnerability-{number}" if number else needed(found, "id"),
        severity=severity(text(found, "severity")) or "medium",
        found_at=needed_moment(found, "created_at"),
        title=text(found, "title"),
        fixed_at=fixed,
        dismissed_at=dismissed,
        told_at=told(found, "updated_at"),
        clears=open_fields(fixed_at=fixed, dismissed_at=dismissed),
    )
    return Said(project or (place[1] if place else ""), record)
