"""What Jenkins' Notification plugin sends when a build is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from delivery.domain.payloads.reading import (
    AHEAD,
    Context,
    Ignored,
    Said,
    address,
    needed,
    part,
    text,
    told,
)
from delivery.domain.records import DeploymentRecord

_OVER = ("COMPLETED", "FINALIZED", "FINISHED")
_RESULTS = {"SUCCESS": "success", "FAILURE": "failed", "UNSTABLE": "failed"}
_ENVIRONMENTS = ("environment", "deploy_environment", "deploy_env", "target_environment", "env")


def read(payload: Mapping[str, Any], context: Context) -> list[Said]:
    job, build = needed(payload, "name"), part(payload, "build")
    phase, status = text(build, "phase").upper(), text(build, "status").upper()
    if phase not in _OVER:
        raise Ignored(f"A build in the phase “{phase[:40]}” is not over.")
    environment = _environment(build)
    if not environment:
        if not context.is_production(job):
            raise Ignored(
                f"The job “{job[:80]}” names no environment, and is not among this source's "
                "names of production."
            )
        environment = job
    if status not in _RESULTS:
        raise Ignored(f"A build that ended as “{status[:40]}” neither succeeded nor failed.")
    record = DeploymentRecord(
        external_id=f"{job[:150]}-{needed(build, 'number', 20)}",
        deployed_at=_ended(build, context),
        result=_RESULTS[status],
        environment=environment[:60],
        is_production=context.is_production(environment),
        version=text(part(build, "scm"), "commit", 100) or text(build, "display_name", 100),
        url=address(build, "full_url"),
        told_at=context.received_at,
    )
    return [Said(job, record)]


def _ended(build: Mapping[str, Any], context: Context) -> datetime:
    """The plugin tells when the build began, and how long it took where it knows."""
    began, length = told(build, "timestamp"), build.get("duration")
    if began is None:
        return context.received_at
    if isinstance(length, int) and not isinstance(length, bool) and 0 <= length < 10**10:
        began += timedelta(milliseconds=length)
    # Two clocks differ by seconds; one that is far ahead is told to its people.
    return began if began > context.received_at + AHEAD else min(began, context.received_at)


def _environment(build: Mapping[str, Any]) -> str:
    parameters = {
        name.casefold(): value
        for name, value in part(build, "parameters").items()
        if isinstance(value, str)
    }
    return next((text(parameters, n, 60) for n in _ENVIRONMENTS if text(parameters, n, 60)), "")
