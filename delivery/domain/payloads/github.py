"""What GitHub sends: deployments, runs of a workflow, issues that are incidents, alerts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from delivery.domain.payloads.reading import (
    Context,
    Ignored,
    Malformed,
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

_RESULTS = {"success": "success", "failure": "failed", "error": "failed"}
_CONCLUSIONS = {"success": "success", "failure": "failed", "timed_out": "failed"}


def read(payload: Mapping[str, Any], context: Context) -> list[Said]:
    reader = _READERS.get(context.event_kind)
    if reader is None:
        raise Ignored(f"Nothing is measured by GitHub's event “{context.event_kind[:40]}”.")
    return [Said(text(part(payload, "repository"), "full_name"), reader(payload, context))]


def _ping(payload: Mapping[str, Any], context: Context) -> Any:
    raise Ignored("GitHub's greeting: the webhook is set up and its secret is right.")


def _deployment_status(payload: Mapping[str, Any], context: Context) -> DeploymentRecord:
    status, deployment = part(payload, "deployment_status"), part(payload, "deployment")
    state = text(status, "state")
    if state not in _RESULTS:
        raise Ignored(f"A deployment in the state “{state[:40]}” is not over yet, or is replaced.")
    environment = text(deployment, "environment", 60) or text(status, "environment", 60)
    # What the one who deploys may add: GitHub itself does not know the first commit.
    added = part(deployment, "payload")
    at = needed_moment(status, "created_at")
    return DeploymentRecord(
        external_id=needed(deployment, "id"),
        deployed_at=at,
        result=_RESULTS[state],
        environment=environment,
        is_production=context.is_production(environment)
        or deployment.get("production_environment") is True,
        committed_at=moment(added, "committed_at"),
        version=text(deployment, "ref", 100) or text(deployment, "sha", 100),
        url=address(status, "log_url") or address(status, "target_url"),
        told_at=at,
    )


def _workflow_run(payload: Mapping[str, Any], context: Context) -> DeploymentRecord:
    run = part(payload, "workflow_run")
    name, conclusion = text(run, "name"), text(run, "conclusion")
    if text(payload, "action") != "completed":
        raise Ignored("The run of a workflow that is not over yet.")
    if not context.is_production(name):
        raise Ignored(f"The workflow “{name[:80]}” is not among this source's names of production.")
    if conclusion not in _CONCLUSIONS:
        raise Ignored(f"The run ended as “{conclusion[:40]}”: neither success nor failure.")
    at = needed_moment(run, "updated_at")
    return DeploymentRecord(
        # A second attempt is a deployment of its own.
        external_id=f"run-{needed(run, 'id')}-{text(run, 'run_attempt') or '1'}",
        deployed_at=at,
        result=_CONCLUSIONS[conclusion],
        environment=name[:60],
        is_production=True,
        version=text(run, "head_branch", 100) or text(run, "head_sha", 100),
        url=address(run, "html_url"),
        told_at=at,
    )


def _issue(payload: Mapping[str, Any], context: Context) -> IncidentRecord:
    issue = part(payload, "issue")
    labels = {text(label, "name").casefold() for label in items(issue, "labels")}
    if "incident" not in labels:
        raise Ignored("An issue without the label “incident”.")
    if text(payload, "action") in ("deleted", "transferred"):
        raise Ignored("The issue was removed; what is known of the incident stays.")
    ended = moment(issue, "closed_at")
    words = [label.rpartition(":")[2].strip() for label in sorted(labels)]
    return IncidentRecord(
        external_id=f"{_repository(payload)}#{needed(issue, 'number', 40)}",
        opened_at=needed_moment(issue, "created_at"),
        resolved_at=ended,
        title=text(issue, "title"),
        severity=next((found for word in words if (found := severity(word))), ""),
        url=address(issue, "html_url"),
        told_at=told(issue, "updated_at"),
        clears=open_fields(resolved_at=ended),
    )


def _dependabot(payload: Mapping[str, Any], context: Context) -> VulnerabilityRecord:
    alert = part(payload, "alert")
    advisory = part(alert, "security_advisory")
    package = text(part(alert, "dependency", "package"), "name", 100)
    summary = text(advisory, "summary", 190)
    word = text(part(alert, "security_vulnerability"), "severity") or text(advisory, "severity")
    return _alert(payload, "dependabot", f"{package}: {summary}".strip(": "), word)


def _code_scanning(payload: Mapping[str, Any], context: Context) -> VulnerabilityRecord:
    alert = part(payload, "alert")
    rule = part(alert, "rule")
    word = text(rule, "security_severity_level") or text(rule, "severity")
    return _alert(payload, "code", text(rule, "description") or text(rule, "id"), word)


def _repository(payload: Mapping[str, Any]) -> str:
    """Issues and alerts are numbered in each repository; a system may have several."""
    return text(part(payload, "repository"), "full_name", 140)


def _alert(payload: Mapping[str, Any], prefix: str, title: str, word: str) -> VulnerabilityRecord:
    alert = part(payload, "alert")
    fixed = moment(alert, "fixed_at")
    dismissed = moment(alert, "dismissed_at") or moment(alert, "auto_dismissed_at")
    found = severity(word)
    if not found:
        raise Malformed(f"The alert's severity “{word[:40]}” is not known.")
    return VulnerabilityRecord(
        external_id=f"{_repository(payload)} {prefix} {needed(alert, 'number', 40)}",
        severity=found,
        found_at=needed_moment(alert, "created_at"),
        title=title,
        fixed_at=fixed,
        dismissed_at=dismissed,
        dismissed_because=text(alert, "dismissed_reason"),
        told_at=told(alert, "updated_at"),
        clears=open_fields(fixed_at=fixed, dismissed_at=dismissed),
    )


_READERS: Mapping[str, Callable[[Mapping[str, Any], Context], Any]] = {
    "ping": _ping,
    "deployment_status": _deployment_status,
    "workflow_run": _workflow_run,
    "issues": _issue,
    "dependabot_alert": _dependabot,
    "code_scanning_alert": _code_scanning,
}
