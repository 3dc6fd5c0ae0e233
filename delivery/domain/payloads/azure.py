"""What Azure DevOps' service hooks send: releases, stages of pipelines, builds, work items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from delivery.domain.payloads.reading import (
    Context,
    Ignored,
    Said,
    address,
    moment,
    needed,
    needed_moment,
    open_fields,
    part,
    severity,
    text,
    told,
)
from delivery.domain.records import DeploymentRecord, IncidentRecord

_RESULTS = {
    "succeeded": "success",
    "partiallysucceeded": "success",
    "failed": "failed",
    "rejected": "failed",
}


def read(payload: Mapping[str, Any], context: Context) -> list[Said]:
    kind = text(payload, "eventType")
    reader = _READERS.get(kind)
    if reader is None:
        raise Ignored(f"Nothing is measured by Azure DevOps' event “{kind[:60]}”.")
    return [reader(payload, context)]


def _result(word: str) -> str:
    found = _RESULTS.get(word.casefold(), "")
    if not found:
        raise Ignored(f"It ended as “{word[:40]}”: neither success nor failure.")
    return found


def _release(payload: Mapping[str, Any], context: Context) -> Said:
    resource = part(payload, "resource")
    environment, deployment = part(resource, "environment"), part(resource, "deployment")
    name = text(environment, "name", 60)
    release = part(environment, "release") or part(resource, "release")
    status = text(deployment, "deploymentStatus") or text(environment, "status")
    at = moment(deployment, "completedOn") or needed_moment(payload, "createdDate")
    definition = part(environment, "releaseDefinition") or part(
        resource, "release", "releaseDefinition"
    )
    record = DeploymentRecord(
        external_id=f"release-{text(deployment, 'id') or needed(payload, 'id')}",
        deployed_at=at,
        result=_result(status),
        environment=name,
        is_production=context.is_production(name),
        version=text(release, "name", 100),
        url=address(part(release, "_links", "web"), "href"),
        told_at=told(payload, "createdDate"),
    )
    return Said(text(definition, "name") or text(part(resource, "project"), "name"), record)


def _stage(payload: Mapping[str, Any], context: Context) -> Said:
    resource = part(payload, "resource")
    stage, run, pipeline = (part(resource, name) for name in ("stage", "run", "pipeline"))
    names = [text(stage, "displayName", 60), text(stage, "name", 60)]
    name = next((each for each in names if context.is_production(each)), "")
    if not name:
        shown = next(filter(None, names), "")
        raise Ignored(f"The stage “{shown}” is not among this source's names of production.")
    if text(stage, "state").casefold() != "completed":
        raise Ignored("A stage that is not over yet.")
    at = needed_moment(payload, "createdDate")
    record = DeploymentRecord(
        # The id of a stage is its own in each attempt; samples send zeros.
        external_id=f"run-{needed(run, 'id', 40)}-{name}-{text(stage, 'id', 40)}",
        deployed_at=at,
        result=_result(text(stage, "result")),
        environment=name,
        is_production=True,
        version=text(run, "name", 100),
        url=address(part(stage, "_links", "web"), "href"),
        told_at=at,
    )
    return Said(text(pipeline, "name"), record)


def _build(payload: Mapping[str, Any], context: Context) -> Said:
    build = part(payload, "resource")
    name = text(part(build, "definition"), "name")
    if not context.is_production(name):
        raise Ignored(f"The build “{name[:80]}” is not among this source's names of production.")
    result = _result(text(build, "result") or text(build, "status"))
    at = needed_moment(build, "finishTime")
    record = DeploymentRecord(
        external_id=f"build-{needed(build, 'id')}",
        deployed_at=at,
        result=result,
        environment=name[:60],
        is_production=True,
        version=text(build, "buildNumber", 100),
        url=address(part(build, "_links", "web"), "href"),
        told_at=at,
    )
    return Said(name, record)


def _work_item(payload: Mapping[str, Any], context: Context) -> Said:
    resource = part(payload, "resource")
    revision = part(resource, "revision") or resource
    fields = part(revision, "fields")
    kind = text(fields, "System.WorkItemType")
    tags = {tag.strip().casefold() for tag in text(fields, "System.Tags").split(";")}
    if kind.casefold() != "incident" and "incident" not in tags:
        raise Ignored("A work item that is neither of the type nor tagged “incident”.")
    ended = moment(fields, "Microsoft.VSTS.Common.ClosedDate") or moment(
        fields, "Microsoft.VSTS.Common.ResolvedDate"
    )
    word = text(fields, "Microsoft.VSTS.Common.Severity").rpartition("-")[2]
    identity = text(resource, "workItemId") or needed(resource, "id")
    record = IncidentRecord(
        external_id=f"work-item-{identity}",
        opened_at=needed_moment(fields, "System.CreatedDate"),
        resolved_at=ended,
        title=text(fields, "System.Title"),
        severity=severity(word),
        url=address(part(revision, "_links", "html"), "href"),
        told_at=told(fields, "System.ChangedDate") or told(payload, "createdDate"),
        clears=open_fields(resolved_at=ended),
    )
    return Said(text(fields, "System.AreaPath") or text(fields, "System.TeamProject"), record)


_READERS: Mapping[str, Callable[[Mapping[str, Any], Context], Said]] = {
    "ms.vss-release.deployment-completed-event": _release,
    "ms.vss-pipelines.stage-state-changed-event": _stage,
    "build.complete": _build,
    "workitem.created": _work_item,
    "workitem.updated": _work_item,
}
