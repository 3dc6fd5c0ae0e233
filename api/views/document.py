"""What the API offers, as a page: made of its own OpenAPI document, without foreign scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

METHODS = ("get", "post", "put", "patch", "delete")


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    from api.service import api

    context = {"about": _paragraphs(api.description), "groups": _groups()}
    return render(request, "api/document.html", context)


def _paragraphs(text: str) -> list[list[tuple[str, bool]]]:
    """Each as its pieces, told whether a piece is code: between backticks."""
    return [
        [(piece, bool(place % 2)) for place, piece in enumerate(paragraph.split("`"))]
        for paragraph in text.strip().split("\n\n")
    ]


@cache
def _groups() -> list[dict[str, Any]]:
    from api.service import api

    found: Mapping[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in found["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                name = (operation.get("tags") or ["other"])[0]
                groups.setdefault(name, []).append(_operation(found, method, path, operation))
    return [{"name": name, "operations": rows} for name, rows in groups.items()]


def _operation(
    found: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]
) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [
            {"name": one["name"], "where": one["in"], "note": _note(one)}
            for one in operation.get("parameters", ())
            if one["name"] != "slug"
        ],
        "fields": list(_fields(found, body.get("schema", {}))),
        "answers": [status for status in operation.get("responses", {})],
    }


def _fields(found: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    name = schema.get("$ref", "").rpartition("/")[2]
    model = found.get("components", {}).get("schemas", {}).get(name, {})
    required = set(model.get("required", ()))
    for field, told in model.get("properties", {}).items():
        yield {"name": field, "note": _note({"schema": told}), "is_required": field in required}


def _note(told: Mapping[str, Any]) -> str:
    schema = told.get("schema", {})
    kinds = [part.get("type", "") for part in schema.get("anyOf", ())] or [schema.get("type", "")]
    words = " or ".join(kind for kind in kinds if kind)
    about = told.get("description") or schema.get("description", "")
    return " · ".join(part for part in (words, about) if part)
