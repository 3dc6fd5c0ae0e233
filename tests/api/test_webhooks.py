"""Outgoing webhooks, against a real server on this machine that behaves as other systems do."""

import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from standardwebhooks import Webhook

from accounts.audit import record
from accounts.enums import Role
from accounts.history import told_verb
from accounts.models import AuditEntry, Engagement
from accounts.sealing import seal_all
from api import webhook_posting, webhook_sending
from api.models import WebhookDelivery, WebhookEndpoint
from api.webhook_events import EVENTS
from api.webhook_posting import AddressRefused, is_open, resolve, split_address
from api.webhooks import (
    WebhookInvalid,
    delivery_resend,
    webhook_go_on,
    webhook_make,
    webhook_renew,
    webhook_secrets,
)
from inbox.models import Notice
from tests.factories import make_engagement, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(settings):
    """Another system: `answer` is what it says, `got` what it was sent."""
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    settings.WEBHOOK_PLAIN_HTTP = True

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((self.path, dict(self.headers), body))
            if server.answer == "slow":
                time.sleep(0.5)
            elif server.answer == "rubbish":
                self.wfile.write(b"\x00\xff no http\r\n\r\n")
            else:
                self.send_response(server.answer)
                self.send_header("Location", "http://127.0.0.1:9/")
                self.end_headers()
                self.wfile.write(b"<script>\x00" + b"x" * 5000)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.answer = [], 200
    server.url = f"http://127.0.0.1:{server.server_port}/hook?a=1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def owner(db):
    return make_member(role=Role.OWNER)


@pytest.fixture
def made(owner, other):
    return webhook_make(
        organization=owner.organization, user=owner.user, url=other.url, events=["gate.opened"]
    )


def happen(owner, verb="gate.opened", **more):
    record(organization=owner.organization, actor=owner.user, verb=verb, **more)
    seal_all()
    return webhook_sending.deliveries_make()


def send(endpoint):
    WebhookDelivery.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    return webhook_sending.send_to(endpoint.pk)


def test_what_happens_is_sent_signed_and_once(owner, other, made):
    endpoint, secret = made
    assert happen(owner, name="Secret words", detail={"reason": "Secret words"}) == 1
    assert happen(owner, verb="answer.given") == 0
    assert webhook_sending.deliveries_make() == 0

    assert send(endpoint) == 1
    assert send(endpoint) == 0

    [(path, headers, body)] = other.got
    told = Webhook(secret).verify(body, headers)
    assert path == "/hook?a=1" and told["type"] == "gate.opened"
    assert told["data"]["organization"] == owner.organization.slug
    assert b"Secret words" not in body
    assert WebhookDelivery.objects.get().state == "taken"
    assert len(WebhookDelivery.objects.get().answer) <= webhook_posting.HEAD


def test_address_of_a_consultancy_ends_with_its_engagement(owner, other):
    engagement = make_engagement(owner.organization, is_founding=True)
    endpoint, _secret = webhook_make(
        organization=owner.organization,
        user=owner.user,
        url=other.url,
        events=["gate.opened"],
        engagement=engagement,
    )
    assert happen(owner) == 1
    Engagement.objects.update(ended_at=timezone.now())

    assert happen(owner) == 0 and send(endpoint) == 0 and not other.got


def test_every_event_has_words_in_the_history():
    assert [verb for verb in EVENTS if told_verb(verb) == verb.replace(".", " ")] == []


def test_trial_is_sent_signed_beside_what_happens(owner, other, made, client):
    endpoint, secret = made
    client.force_login(owner.user)
    at = f"/o/{owner.organization.slug}/api/webhooks/{endpoint.pk}/try/"
    client.post(at)
    client.post(at)
    happen(owner)

    assert send(endpoint) == 3
    kinds = [Webhook(secret).verify(body, headers)["type"] for _path, headers, body in other.got]
    assert kinds == ["gate.opened", "webhook.trial", "webhook.trial"]
    assert len({headers["webhook-id"] for _path, headers, _body in other.got}) == 3


def test_what_was_before_is_not_told(owner, other):
    record(organization=owner.organization, actor=owner.user, verb="gate.opened")
    webhook_make(
        organization=owner.organization, user=owner.user, url=other.url, events=["gate.opened"]
    )
    seal_all()

    assert webhook_sending.deliveries_make() == 0
    assert happen(make_member()) == 0


@pytest.mark.parametrize("answer", [302, 404, 500, "rubbish", "slow"])
def test_what_is_not_taken_is_tried_again(owner, other, made, answer, monkeypatch):
    monkeypatch.setattr(webhook_posting, "SECONDS", 0.2)
    other.answer = answer
    happen(owner)
    happen(owner)

    # The second is not tried: the address seems to be down.
    assert send(made[0]) == 1

    first = WebhookDelivery.objects.order_by("number").first()
    assert (first.state, first.attempts) == ("waiting", 1)
    assert first.next_at > timezone.now() and first.answer
    other.answer = 200
    monkeypatch.setattr(webhook_posting, "SECONDS", 5.0)
    assert send(made[0]) == 2
    ids = [headers["webhook-id"] for _path, headers, _body in other.got]
    assert ids == [ids[0], ids[0], ids[2]] and ids[2] != ids[0]


def test_address_is_stopped_after_three_days_and_owners_are_told(owner, other, made):
    endpoint, _secret = made
    other.answer = 500
    happen(owner)
    for _ in range(len(webhook_sending.WAITS) + 1):
        send(endpoint)

    endpoint.refresh_from_db()
    assert endpoint.stopped_at and WebhookDelivery.objects.get().state == "failed"
    assert Notice.objects.get(kind="webhooks.stopped").person == owner.user
    assert timedelta(days=2.9) < sum(webhook_sending.WAITS, timedelta()) < timedelta(days=3.1)

    # Nothing is lost: what happened meanwhile is sent when it goes on.
    assert happen(owner) == 0
    other.answer = 200
    webhook_go_on(endpoint=endpoint, user=owner.user)
    delivery_resend(delivery=WebhookDelivery.objects.get())
    assert webhook_sending.deliveries_make() == 1
    assert send(endpoint) == 2


def test_gone_stops_at_once(owner, other, made):
    other.answer = 410
    happen(owner)
    send(made[0])

    assert WebhookEndpoint.objects.get().stopped_at


def test_new_secret_goes_along_with_the_old_one(owner, other, made):
    endpoint, old = made
    new = webhook_renew(endpoint=endpoint, user=owner.user)
    happen(owner)
    send(endpoint)

    _path, headers, body = other.got[0]
    assert new != old
    assert Webhook(new).verify(body, headers) == Webhook(old).verify(body, headers)


def test_second_worker_leaves_it_alone(owner, other, made):
    happen(owner)
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(next_at=timezone.now() + webhook_sending.LEASE)

    assert webhook_sending.send(delivery.pk) is None and not other.got


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0", "::1", "fe80::1", "fd00::1",
     "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::",
     "2001:0:7f00:1::", "fec0::1", "224.0.0.1", "100.64.0.1", "168.63.129.16", "192.0.0.192"],
)  # fmt: skip
def test_private_addresses_are_closed(address):
    assert not is_open(address)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:7f00:1]"])
def test_other_ways_to_write_a_private_address_are_judged_too(host):
    with pytest.raises(AddressRefused, match="private network"):
        resolve(split_address(f"https://{host}/"))


def test_name_that_nobody_answers_for_is_given_up(monkeypatch):
    monkeypatch.setattr(webhook_posting, "LOOK_UP_SECONDS", 0.05)
    monkeypatch.setattr(
        webhook_posting.socket, "getaddrinfo", lambda *a, **b: time.sleep(0.2) or []
    )

    assert "not found in time" in webhook_posting.post("https://a.example/", b"", {}).error


def test_next_address_of_a_name_is_tried(other, monkeypatch):
    """A server that names an address of IPv6 is often not reached by it."""
    monkeypatch.setattr(webhook_posting, "resolve", lambda parts: ["127.0.0.2", "127.0.0.1"])

    assert webhook_posting.post(other.url, b"{}", {}).is_taken


def test_key_of_the_server_is_changed_under_everybody(owner, other, made, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, of this test " * 3
    happen(owner)
    send(made[0])

    _path, headers, body = other.got[0]
    new = webhook_secrets(made[0])[0]
    assert new != made[1] and Webhook(new).verify(body, headers) == Webhook(made[1]).verify(
        body, headers
    )


def test_worker_claims_by_the_row_itself(owner, other, made):
    """A claim that asks joined tables, two workers of PostgreSQL would both get."""
    happen(owner)
    with CaptureQueriesContext(connection) as asked:
        webhook_sending.send(WebhookDelivery.objects.get().pk)

    claim = next(one["sql"] for one in asked if one["sql"].startswith("UPDATE"))
    assert "SELECT" not in claim and "JOIN" not in claim


def test_networks_of_the_operator_are_open(settings):
    settings.WEBHOOK_NETWORKS = ["10.1.0.0/16"]

    assert is_open("10.1.2.3") and not is_open("10.2.0.1") and is_open("8.8.8.8")


@pytest.mark.parametrize(
    "url",
    ["http://a.example/", "ftp://a.example", "https://", "https://u:p@a.example/", "x", "",
     "https://a.example/#x", "https://a.example:99999/", "https://a.example/ b", "https://[::1",
     "https://a.example/\r\nX: y", "https://a.example/" + "x" * 600],
)  # fmt: skip
def test_odd_addresses_are_refused(url):
    with pytest.raises(AddressRefused):
        split_address(url)


def test_address_is_judged_again_when_sending(owner, other, made, settings):
    settings.WEBHOOK_NETWORKS = []
    happen(owner)
    send(made[0])

    assert not other.got
    assert "private network" in WebhookDelivery.objects.get().answer
    with pytest.raises(WebhookInvalid):
        webhook_make(organization=owner.organization, user=owner.user, url=other.url, events=["x"])


def test_pages_show_what_was_sent_and_no_secret(client, owner, other, made):
    happen(owner)
    send(made[0])
    client.force_login(owner.user)
    base = f"/o/{owner.organization.slug}/api/webhooks/"

    page = client.get(f"{base}{made[0].pk}/").content.decode()

    assert "answer 200" in page and "&lt;script&gt;" in page and "<script>" + "\ufffd" not in page
    assert made[1] not in page and made[1] not in client.get(base).content.decode()
    assert made[1] not in json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))
    wrong = client.post(base, {"url": "ftp://a.example", "events": ["gate.opened"]})
    assert wrong.status_code == 422
