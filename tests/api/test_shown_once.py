"""Pages of tokens and webhooks that show a secret once, and answers outside of any operation."""

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from api.models import ApiToken, WebhookEndpoint
from api.tokens import token_of
from api.webhooks import webhook_secrets
from jobs.models import Job
from reports.models import Report
from reports.services.failures import failures_told
from tests.factories import make_member
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    member = make_member(role=Role.OWNER)
    client.force_login(member.user)
    return member


def at(owner, name, *args):
    return reverse(name, args=[owner.organization.slug, *args])


def test_token_is_shown_once_and_made_once(client, owner):
    until = timezone.localdate() + timedelta(days=9)
    body = {"name": "Script", "scopes": ["scores:read"], "expires_on": until.isoformat()}

    answer = client.post(at(owner, "api:tokens"), body)
    kept = json.dumps([row.get_decoded() for row in Session.objects.all()])
    first = client.get(answer["Location"])
    again = client.get(answer["Location"])

    assert answer.status_code == 302
    secret = first.context["secret"]
    assert token_of(secret) == ApiToken.objects.get()
    assert secret in first.content.decode() and "no-store" in first["Cache-Control"]
    # What waited for the page is no token.
    assert "shown_once_token" in kept and secret not in kept
    assert secret not in again.content.decode() and "secret" not in again.context


def test_text_of_a_token_that_was_ended_is_not_shown(client, owner):
    until = timezone.localdate() + timedelta(days=9)
    body = {"name": "Script", "scopes": ["scores:read"], "expires_on": until.isoformat()}
    client.post(at(owner, "api:tokens"), body)
    ApiToken.objects.update(revoked_at=timezone.now())

    assert "secret" not in client.get(at(owner, "api:tokens")).context


def test_secret_of_a_webhook_is_shown_once_and_renewed_once(client, owner, settings):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    settings.WEBHOOK_PLAIN_HTTP = True
    body = {"url": "http://127.0.0.1:9/", "events": ["report.made", "report.failed"]}

    made = client.post(at(owner, "api:webhooks"), body)
    endpoint = WebhookEndpoint.objects.get()
    other = client.get(at(owner, "api:webhooks"))
    first, again = client.get(made["Location"]), client.get(made["Location"])

    assert first.context["secret"] == webhook_secrets(endpoint)[0]
    assert "secret" not in again.context and "secret" not in other.context
    # Events by their names, not as codes alone.
    assert "A report could not be made" in again.content.decode()
    renewed = client.post(at(owner, "api:webhook_renew", endpoint.pk))
    endpoint.refresh_from_db()
    assert client.get(renewed["Location"]).context["secret"] == webhook_secrets(endpoint)[0]
    assert AuditEntry.objects.filter(verb="webhook.renewed").count() == 1


def test_foreign_host_gets_a_problem_from_the_api_and_a_page_elsewhere(client):
    answer = client.get("/api/v1/organizations", headers={"host": "evil.example"})
    page = client.get("/accounts/login/", headers={"host": "evil.example"})

    assert (answer.status_code, page.status_code) == (400, 400)
    assert answer["Content-Type"] == "application/problem+json"
    assert "Host" in answer.json()["detail"] and "evil.example" not in answer.content.decode()
    assert "This request was refused" in page.content.decode()


def test_report_that_failed_is_told_once_for_each_attempt(owner):
    roadmap = make_roadmap(owner.organization)
    job = Job.objects.create(
        organization=owner.organization, kind="report", state="failed", finished_at=timezone.now()
    )
    report = Report.objects.create(
        organization=owner.organization, roadmap=roadmap, job=job, snapshot={}, input_hash="a" * 64
    )
    now = timezone.now()

    assert [failures_told(now), failures_told(now)] == [1, 0]
    assert AuditEntry.objects.get(verb="report.failed").target_id == str(report.pk)
    Job.objects.update(finished_at=now + timedelta(minutes=1))
    assert failures_told(now) == 1
    Job.objects.update(state="cancelled", finished_at=now + timedelta(minutes=2))
    assert failures_told(now) == 0


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("api:tokens", "Choose what it may be used for."),
        ("api:webhooks", "Choose what it is told of."),
    ],
)
def test_nothing_chosen_is_told_by_what_to_do(client, owner, page, words):
    answer = client.post(at(owner, page), {})

    assert answer.status_code == 422 and words in answer.content.decode()
