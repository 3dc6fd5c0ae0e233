"""Whatever is sent, the answer is one of ours: problem+json, kept by no cache."""

import json

import pytest
from django.test import Client

from assessments.models import Assessment

pytestmark = pytest.mark.django_db

START = "{own}/assessments"


def send(call, body, content_type="application/json", path=START):
    path = path.replace("{own}", f"/organizations/{call.organization.slug}")
    return call.client.generic(
        "POST",
        f"/api/v1{path}",
        data=body,
        content_type=content_type,
        headers={"Authorization": f"Bearer {call.secret}"},
    )


def problem(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert told["status"] == status and told["detail"] and told["title"]
    return told


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "line 1"),
        (b"\xff\xfe", 400, "UTF-8"),
        (b"[" * 100_000, 400, "deeply"),
        (b'{"name": "x", "profile": ' + b"[" * 60 + b"]" * 60 + b"}", 400, "deeply"),
        (b'{"name": "x", "profile": {"P.02": NaN}}', 422, "number"),
        (b'{"name": "x", "profile": {"P.02": 1e999}}', 422, "number"),
        (b'{"name": "x", "profile": {"P.02": ' + b"9" * 5000 + b"}}", 422, "number"),
        (b'{"name": "x", "profile": {"P.02": ' + b"9" * 30 + b"}}", 422, "number"),
        (b'{"name": "a\\u0000b"}', 422, "NUL"),
        (b'{"name": "x", "profile": {"a\\u0000": 1}}', 422, "NUL"),
        (b'{"name": "\\ud800"}', 422, "half a character"),
        (b'"text"', 422, ""),
        (b"null", 422, ""),
        (b"", 422, ""),
    ],
)
def test_bodies_that_cannot_be_taken(call, body, status, words):
    assert words in problem(send(call, body), status)["detail"]
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/xml"])
def test_other_types_are_refused(call, kind):
    assert "Content-Type" in problem(send(call, b'{"name": "x"}', kind), 415)["detail"]


def test_body_that_is_too_large(call, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    problem(send(call, b'{"name": "' + b"x" * 200 + b'"}'), 413)


@pytest.mark.parametrize("path", ["/organizations/a%00b", "/%00", "{own}/systems/%00/metrics", "/"])
def test_addresses_of_nothing(call, path):
    problem(call("get", path), 404)


def test_error_of_our_own_tells_nothing_of_it(call, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("a secret of the server")

    monkeypatch.setattr("api.routers.assessments.page_of", fail)
    call.client = Client(raise_request_exception=False)

    assert "secret" not in json.dumps(problem(call("get", START), 500))


def test_other_methods_are_named(call):
    refused = call("delete", START)
    asked = call("options", START)
    head, got = call("head", START), call("get", START)

    assert "GET" in problem(refused, 405)["detail"]
    assert refused["Allow"] == asked["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert (asked.status_code, asked.content) == (204, b"")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])
    assert head["Content-Length"] == str(len(got.content))
    assert not any(name.startswith("Access-Control") for name in asked.headers)


def test_token_in_an_address_is_refused(call):
    answer = call.client.get(f"/api/v1/organizations?access_token={call.secret}")

    assert "logs" in problem(answer, 400)["detail"]


def test_nothing_is_kept_by_caches(call):
    answer = call("get", START)

    assert answer["Cache-Control"] == "no-store" and answer["ETag"]
    assert answer["RateLimit-Policy"].startswith('"minute";q=600;w=60')
    assert answer["RateLimit"].startswith('"minute";r=599;t=')
