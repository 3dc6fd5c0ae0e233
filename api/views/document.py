"""What the API offers, as a page: made of its own OpenAPI document, without foreign scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.enums import Role
from api.scopes import Scope
from api.webhook_events import groups_of_events

SENT = """{"type": "gate.opened", "timestamp": "2027-03-01T09:30:00.000+00:00",
 "data": {"organization": "elm-hospital", "entry": 812, "kind": "gatestate", "id": "7"}}"""
SCRIPT = """import json, os, time, urllib.request

def ask(method, path, body=None):
    request = urllib.request.Request(
        "SITE/api/v1" + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": "Bearer " + os.environ["TOKEN"],
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request) as answer:
        return answer.read()

cursor = ""
while cursor is not None:
    part = json.loads(ask("GET", f"/organizations?cursor={cursor}"))
    for organization in part["items"]:
        here = "/organizations/" + organization["slug"]
        roadmaps = json.loads(ask("GET", here + "/roadmaps"))["items"]
        if not roadmaps:
            continue
        wanted = {"roadmap": roadmaps[-1]["id"], "document": "board"}
        report = json.loads(ask("POST", here + "/reports", wanted))
        while report["state"] in ("waiting", "running"):
            time.sleep(3)
            report = json.loads(ask("GET", f"{here}/reports/{report['id']}"))
        if report["state"] == "ready":
            with open(organization["slug"] + ".pdf", "wb") as file:
                file.write(ask("GET", f"{here}/reports/{report['id']}/file"))
    cursor = part["next_cursor"]
"""
METHODS = ("get", "post", "put", "patch", "delete")


@require_safe
def document(request: HttpRequest) -> HttpResponse:
    from api.service import api

    site = request.build_absolute_uri("/")[:-1]
    context = {
        "about": _paragraphs(api.description),
        "groups": _groups(site),
        "script": SCRIPT.replace("SITE", site),
        "sent": SENT,
        "scopes": Scope.choices,
        "events": groups_of_events(),
    }
    return render(request, "api/document.html", context)


def _paragraphs(text: str) -> list[list[tuple[str, bool]]]:
    """Each as its pieces, told whether a piece is code: between backticks."""
    return [
        [(piece, bool(place % 2)) for place, piece in enumerate(paragraph.split("`"))]
        for paragraph in text.strip().split("\n\n")
    ]


@lru_cache(maxsize=8)
def _groups(site: str) -> list[dict[str, Any]]:
    from api.service import api

    found: Mapping[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in found["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                name = (operation.get("tags") or ["other"])[0]
                groups.setdefault(name, []).append(_operation(found, method, path, operation, site))
    return [{"name": name, "operations": rows} for name, rows in groups.items()]


def _operation(
    found: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any], site: str
) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    good = next(one for status, one in operation["responses"].items() if status[0] == "2")
    answer = good.get("content", {}).get("application/json", {})
    return {
        "scope": operation["x-scope"],
        "role": Role(operation["x-role"]).label,
        "curl": _curl(site, method, path, body.get("example")),
        "answer": _json(answer["example"]) if "example" in answer else "",
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", "").replace("`", ""),
        "parameters": [
            {"name": one["name"], "where": one["in"], "note": _note(found, one)}
            for one in operation.get("parameters", ())
            if one["name"] != "slug"
        ],
        "fields": list(_fields(found, body.get("schema", {}))),
        "returns": list(_fields(found, answer.get("schema", {}))),
        "answers": [status for status in operation.get("responses", {})],
    }


def _curl(site: str, method: str, path: str, example: Any) -> str:
    """As it can be typed: the token and what stands in the path are put in before."""
    shown = path.replace("{", "$").replace("}", "")
    asked = "" if method == "get" else f" -X {method.upper()}"
    lines = [f'curl{asked} "{site}{shown}"', '  -H "Authorization: Bearer $TOKEN"']
    if example is not None:
        text = _json(example).replace("'", "'\\''")
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{text}'"]
    return " \\\n".join(lines)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _fields(
    found: Mapping[str, Any], schema: Mapping[str, Any], before: str = ""
) -> Iterator[dict[str, Any]]:
    """The fields of a body, and below a list of records those of the records."""
    if "items" in schema and not before:
        yield from _fields(found, schema["items"], "[].")
        return
    model = _model(found, schema)
    required = set(model.get("required", ()))
    for field, told in model.get("properties", {}).items():
        note = _note(found, {"schema": told})
        yield {"name": before + field, "note": note, "is_required": field in required}
        if "$ref" in told.get("items", {}) and before.count("[]") < 2:
            yield from _fields(found, told["items"], f"{before}{field}[].")


def _model(found: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference leads to; anything else is itself."""
    name = schema.get("$ref", "").rpartition("/")[2]
    model: Mapping[str, Any] = found.get("components", {}).get("schemas", {}).get(name, schema)
    return model


def _note(found: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    schema = told.get("schema", {})
    parts = [_model(found, part) for part in schema.get("anyOf", ())] or [_model(found, schema)]
    words = " or ".join(part["type"] for part in parts if "type" in part)
    one_of = ", ".join(str(value) for part in parts for value in part.get("enum", ()))
    usual = schema.get("default")
    told_usual = f"usually {usual}" if usual not in (None, "", [], {}) else ""
    about = told.get("description") or schema.get("description", "")
    return " · ".join(part for part in (words, one_of, told_usual, about) if part)
