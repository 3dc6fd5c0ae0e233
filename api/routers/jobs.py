"""Slow work that was asked for: how far it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from api.access import reach
from api.scopes import Scope
from jobs.models import Job

router = Router(tags=["jobs"])


class JobOut(Schema):
    id: int
    kind: str
    state: str
    progress: int
    phrase: str
    error: str
    created_at: datetime
    finished_at: datetime | None


@router.get("/organizations/{slug}/jobs/{int:pk}", response=JobOut, summary="How far a job is")
def job(request: HttpRequest, slug: str, pk: int) -> Any:
    """Of work that the same person asked for."""
    access = reach(request, slug, Scope.CLIENTS_READ)
    return out(access.get(Job, pk=pk, requested_by=access.user))


def out(row: Job) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "state": row.state,
        "progress": row.progress,
        "phrase": row.phrase,
        "error": row.error,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }
