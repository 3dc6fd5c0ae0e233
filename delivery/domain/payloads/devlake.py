"""The fields of Apache DevLake's webhook: deployments, and issues that are incidents.

Its present names (createdDate) and those of its releases before 1.0 (create_time, issue_key).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from delivery.domain.payloads.reading import (
    ID_LENGTH,
    Closing,
    Context,
    Ignored,
    Malformed,
    Said,
    address,
    items,
    moment,
    severity,
    text,
)
from delivery.domain.records import NOTHING, DeploymentRecord, IncidentRecord

_RESULTS = {"SUCCESS": "success", "FAILURE": "failed", "FAILED": "failed"}
_DEPLOYMENT = ("deploymentCommits", "deployment_commits", "commit_sha", "commitSha", "startedDate")


def read(payload: Mapping[str, Any], context: Context) -> list[Said]:
    if _text(payload, "issueKey", "issue_key"):
        return [_issue(payload, context)]
    if any(name in payload for name in (*_DEPLOYMENT, "start_time", "pipeline_id")):
        return [_deployment(payload, context)]
    raise Malformed("These are neither the fields of a DevLake deployment nor of an issue.")


def _text(payload: Mapping[str, Any], *names: str, length: int = ID_LENGTH) -> str:
    return next((found for name in names if (found := text(payload, name, length))), "")


def _moment(payload: Mapping[str, Any], *names: str) -> datetime | None:
    return next((found for name in names if (found := moment(payload, name))), None)


def _deployment(payload: Mapping[str, Any], context: Context) -> Said:
    commits = items(payload, "deploymentCommits") or items(payload, "deployment_commits")
    first = commits[0] if commits else payload
    began = _moment(payload, "startedDate", "start_time")
    ended = _moment(payload, "finishedDate", "end_time") or began
    identity = _text(payload, "id", "pipeline_id") or _text(first, "commitSha", "commit_sha")
    if not identity:
        raise Malformed("“id” is missing: what this deployment is known by.")
    if ended is None:
        raise Malformed("“finishedDate” is missing: when it was deployed.")
    result = _text(payload, "result").upper() or "SUCCESS"
    if result not in _RESULTS:
        raise Ignored(f"A deployment with the result {result} neither succeeded nor failed.")
    environment = _text(payload, "originalEnvironment") or _text(payload, "environment")
    declared = _text(payload, "environment").upper() or "PRODUCTION"
    record = DeploymentRecord(
        external_id=identity,
        deployed_at=ended,
        result=_RESULTS[result],
        environment=(environment or "production")[:60],
        is_production=declared == "PRODUCTION" or context.is_production(environment),
        version=(_text(first, "refName", "ref_name") or _text(first, "commitSha", "commit_sha")),
        url=address(payload, "url"),
        told_at=ended,
    )
    return Said(_text(first, "repoUrl", "repo_url") or _text(first, "repoId", "repo_id"), record)


def _issue(payload: Mapping[str, Any], context: Context) -> Said:
    key = _text(payload, "issueKey", "issue_key")
    ended = _moment(payload, "resolutionDate", "resolution_date")
    opened = _moment(payload, "createdDate", "created_date")
    told_at = _moment(payload, "updatedDate", "updated_date") or context.received_at
    if opened is None:
        return Said("", Closing(key, ended or context.received_at, told_at))
    kind = _text(payload, "type").upper()
    if kind not in ("", "INCIDENT"):
        raise Ignored(f"An issue of the type {kind} is no incident.")
    is_done = _text(payload, "status").upper() == "DONE"
    if is_done and ended is None:
        ended = told_at
    record = IncidentRecord(
        external_id=key,
        opened_at=opened,
        resolved_at=ended,
        title=_text(payload, "title", length=300),
        severity=severity(_text(payload, "severity")) or severity(_text(payload, "priority")),
        url=address(payload, "url"),
        told_at=told_at,
        clears=NOTHING if ended else frozenset({"resolved_at"}),
    )
    return Said(_text(payload, "component"), record)
