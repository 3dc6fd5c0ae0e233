"""The door: who is let in, what is refused, and that nothing else happens there."""

import hashlib
import hmac
import json
import time
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client
from django.utils import timezone

from accounts.secret_addresses import new_nonce, token_of
from delivery.intake import door
from delivery.models import InboundEvent, RefusalCount, Source
from delivery.views.hooks import hook
from tests.delivery.intake_factories import address, deployment, make_source, secret, signed

pytestmark = pytest.mark.django_db


def send(source: Source, payload: Any = None, **options: Any) -> Any:
    message = signed(source, deployment() if payload is None else payload, **options)
    return Client().post(address(source), **message)


def refusals() -> dict[str, int]:
    return dict(RefusalCount.objects.values_list("reason", "count"))


def test_signed_event_is_kept_with_one_insert(django_assert_num_queries: Any):
    source = make_source()
    send(source)

    with django_assert_num_queries(1):
        answer = send(source, deployment(2), message_id="second")

    assert (answer.status_code, answer.json()) == (202, {"status": "accepted"})
    assert not answer.cookies
    event = InboundEvent.objects.get(event_id="second")
    assert (event.source, event.state, event.event_kind) == (source, "waiting", "deployment")
    assert json.loads(event.body)["id"] == "d2"


def test_same_message_again_is_not_kept_twice():
    source = make_source()
    message = signed(source, deployment(), message_id="one")
    client = Client()

    answers = [client.post(address(source), **message).status_code for _n in range(3)]

    assert answers == [202, 200, 200]
    assert InboundEvent.objects.count() == 1


# With room for a machine that is slow between signing and answering.
@pytest.mark.parametrize(
    ("seconds", "status", "reason"),
    [
        (-270, 202, None),
        (-302, 401, "timestamp_old"),
        (-86_400, 401, "timestamp_old"),
        (330, 401, "timestamp_ahead"),
    ],
)
def test_old_and_early_timestamps_are_refused(seconds: int, status: int, reason: str | None):
    answer = send(make_source(), at=time.time() + seconds)

    assert answer.status_code == status
    assert refusals() == ({reason: 1} if reason else {})


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_nothing_signed_may_be_changed(header: str):
    source = make_source()
    message = signed(source, deployment())
    message["headers"][header] += "1"

    assert Client().post(address(source), **message).status_code == 401
    assert refusals() == {"signature_wrong": 1}
    assert not InboundEvent.objects.exists()


def test_body_may_not_be_changed_and_secret_of_another_source_opens_nothing():
    source, other = make_source(), make_source()
    message = signed(source, deployment())
    changed = message | {"data": message["data"].replace(b"d1", b"d2")}

    assert Client().post(address(source), **changed).status_code == 401
    assert Client().post(address(other), **message).status_code == 401
    assert Client().post(address(source), data=b"{}", content_type="text/plain").status_code == 401
    assert not InboundEvent.objects.exists()


def test_refusals_are_one_row_an_hour_and_hold_no_secret():
    source = make_source()
    for _n in range(20):
        client = Client(headers={"webhook-id": "a", "webhook-timestamp": "1"})
        client.post(
            address(source),
            data=b"{}",
            content_type="application/json",
            headers={"webhook-signature": f"v1,{secret(source)}"},
        )

    row = RefusalCount.objects.get()
    assert (row.reason, row.count) == ("signature_wrong", 20)
    assert secret(source) not in row.last_detail


@pytest.mark.parametrize("token", ["nonsense", "a" * 500, "x-y", "%00"])
def test_unknown_address_is_not_found_and_writes_nothing(
    token: str, django_assert_num_queries: Any
):
    with django_assert_num_queries(0):
        answer = Client().post(f"/hooks/{token}/", data=b"{}", content_type="application/json")

    assert answer.status_code == 404


def test_genuine_looking_address_of_no_source_is_not_found():
    token = token_of("hook", new_nonce())
    other_purpose = token_of("feed", make_source().nonce)

    for each in (token, other_purpose):
        answer = Client().post(f"/hooks/{each}/", data=b"{}", content_type="application/json")
        assert answer.status_code == 404
    assert not RefusalCount.objects.exists()


def test_only_post_is_offered_and_needs_no_csrf_token():
    source = make_source()
    strict = Client(enforce_csrf_checks=True)

    assert strict.get(address(source)).status_code == 405
    assert strict.post(address(source), **signed(source, deployment())).status_code == 202


@pytest.mark.parametrize(
    "body",
    [
        b"no json",
        b"[1]",
        b'"text"',
        b"{\x00}",
        b'{"a": NaN}',
        b'{"a": 1, "a": 2}',
        b"\xff\xfe{",
        b'{"a":' * 100 + b"1" + b"}" * 100,
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b"",
    ],
)
def test_what_is_no_json_object_is_refused(body: bytes):
    answer = send(make_source(), body)

    assert answer.status_code == 400
    assert refusals() == {"not_json": 1}


def test_large_bodies_are_refused_with_and_without_a_length():
    source = make_source()
    large = json.dumps({"id": "x" * 1_000_000}).encode()
    unread = BytesIO(large)

    assert send(source, large).status_code == 413
    chunked = call(source, unread, {"HTTP_TRANSFER_ENCODING": "chunked"})

    assert chunked == 413
    assert unread.tell() < 300_000
    assert refusals() == {"too_large": 2}


def test_chunked_body_without_length_is_read():
    source = make_source()
    message = signed(source, deployment())
    headers = {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in message["headers"].items()
    }

    status = call(
        source, BytesIO(message["data"]), {"HTTP_TRANSFER_ENCODING": "chunked", **headers}
    )

    assert status == 202
    assert InboundEvent.objects.count() == 1


def call(source: Source, body: BytesIO, more: dict[str, str]) -> int:
    """As a server calls that passes chunks on."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": address(source),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.url_scheme": "http",
        **more,
    }
    return hook(WSGIRequest(environ), token_of("hook", source.nonce)).status_code


def test_old_secret_is_good_until_its_time():
    source = make_source()
    old = signed(source, deployment(), message_id="old")
    source.old_secret_nonce, source.secret_nonce = source.secret_nonce, new_nonce()
    source.old_secret_until = timezone.now() + timedelta(hours=24)
    source.save()

    assert Client().post(address(source), **old).status_code == 202
    assert send(source).status_code == 202

    source.old_secret_until = timezone.now() - timedelta(seconds=1)
    source.save()
    door.forget(source.nonce)

    assert Client().post(address(source), **old).status_code == 401


def test_secret_renewed_elsewhere_is_found_at_the_first_doubt(monkeypatch: pytest.MonkeyPatch):
    source = make_source()
    send(source)
    source.secret_nonce = new_nonce()
    source.save()
    monkeypatch.setattr(door, "DOUBT_SECONDS", 0.0)

    assert send(source).status_code == 202


def test_ended_source_takes_nothing():
    source = make_source(ended_at=timezone.now())

    assert send(source).status_code == 410
    assert not InboundEvent.objects.exists()


def github(source: Source, body: bytes, delivery: str) -> dict[str, Any]:
    digest = hmac.new(secret(source).encode(), body, hashlib.sha256).hexdigest()
    return {
        "data": body,
        "content_type": "application/json",
        "headers": {
            "x-hub-signature-256": f"sha256={digest}",
            "x-github-delivery": delivery,
            "x-github-event": "ping",
        },
    }


def test_github_replay_under_a_new_delivery_id_is_a_duplicate():
    source = make_source(kind="github")
    body = b'{"zen": "Keep it simple."}'

    first = Client().post(address(source), **github(source, body, "one"))
    second = Client().post(address(source), **github(source, body, "two"))

    assert (first.status_code, second.status_code) == (202, 200)
    assert InboundEvent.objects.get().event_kind == "ping"


def test_github_form_body_is_read():
    source = make_source(kind="github")
    message = github(source, b"payload=%7B%22zen%22%3A+%22x%22%7D", "one")
    message["content_type"] = "application/x-www-form-urlencoded"

    assert Client().post(address(source), **message).status_code == 202
    assert json.loads(InboundEvent.objects.get().body) == {"zen": "x"}


def test_a_form_of_many_fields_is_refused_with_a_word():
    source = make_source(kind="github")
    message = github(source, b"&".join(b"a=1" for _n in range(11)), "one")
    message["content_type"] = "application/x-www-form-urlencoded"

    assert Client().post(address(source), **message).status_code == 400
    assert refusals() == {"not_json": 1}


def test_a_key_in_the_address_holds_only_what_databases_keep():
    source = make_source(kind="devlake")
    message: dict[str, Any] = {"content_type": "application/json", "data": ""}
    message["headers"] = {"Authorization": f"Bearer {secret(source)}"}

    answer = Client().post(address(source, "issue/A%00B/close"), **message)

    assert answer.status_code == 202
    assert InboundEvent.objects.get().event_id.endswith(":AB")


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("gitlab", {"X-Gitlab-Token": "{secret}"}),
        ("devlake", {"Authorization": "Bearer {secret}"}),
        ("azure", {"X-Waymark-Token": "{secret}"}),
        ("azure", {"Authorization": "Basic {basic}"}),
        ("jenkins", {"Authorization": "Bearer {secret}"}),
        ("jenkins", {"Authorization": "Basic {basic}"}),
    ],
)
def test_each_tool_proves_itself_in_its_own_way(kind: str, headers: dict[str, str]):
    from base64 import b64encode

    source = make_source(kind=kind)

    def post(word: str) -> int:
        basic = b64encode(f"anyone:{word}".encode()).decode()
        given = {k: v.format(secret=word, basic=basic) for k, v in headers.items()}
        return (
            Client()
            .post(address(source), b'{"a": 1}', content_type="application/json", headers=given)
            .status_code
        )

    assert post("wrong") == 401
    assert post(secret(source)) == 202
    assert Client().post(address(source), b"{}", content_type="application/json").status_code == 401


@pytest.mark.parametrize("kind", ["gitlab", "jenkins", "azure", "devlake"])
def test_standard_signature_is_taken_where_a_tool_sends_one(kind: str):
    source = make_source(kind=kind)

    assert send(source).status_code == 202
    assert send(source, at=time.time() - 400).status_code == 401
