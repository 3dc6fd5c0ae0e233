"""What the pages of sources show, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from delivery.enums import EventState, SourceKind
from delivery.models import InboundEvent, RefusalCount, Source

SHOWN_EVENTS = 50
DAYS = 7
# How far back the list of events goes: bodies are kept as long. Counting all of 400 days would
# take the longer, the more a tool sends.
LISTED_DAYS = 30

REFUSALS = {
    "signature_missing": gettext_lazy("No signature or token came with it"),
    "signature_wrong": gettext_lazy("The signature or token is wrong"),
    "timestamp_old": gettext_lazy("Its timestamp is older than five minutes"),
    "timestamp_ahead": gettext_lazy("Its timestamp is more than five minutes ahead"),
    "timestamp_wrong": gettext_lazy("Its timestamp cannot be read"),
    "too_large": gettext_lazy("It is larger than 256 KB"),
    "not_json": gettext_lazy("It is no JSON object"),
}
ADVICE = {
    "signature_missing": gettext_lazy("Enter the secret in the tool, as the steps say."),
    "signature_wrong": gettext_lazy("Compare the secret in the tool with the one shown here."),
    "timestamp_old": gettext_lazy("Check the sender's clock; old messages are not sent again."),
    "timestamp_ahead": gettext_lazy("Check the sender's clock."),
    "timestamp_wrong": gettext_lazy("Send seconds since 1970, UTC."),
    "too_large": gettext_lazy("Send fewer records at once."),
    "not_json": gettext_lazy("Choose application/json as content type in the tool."),
}


@dataclass(frozen=True)
class SourceLine:
    source: Source
    last_at: datetime | None
    counts: Counter[str]
    refused: int

    @property
    def waiting(self) -> int:
        return self.counts[EventState.WAITING]

    @property
    def taken(self) -> int:
        return self.counts[EventState.TAKEN]

    @property
    def rejected(self) -> int:
        return self.counts[EventState.REJECTED]


def source_lines(organization: Organization) -> list[SourceLine]:
    """All sources, those in use first, with what came in the last days: three queries."""
    since = timezone.now() - timedelta(days=DAYS)
    newest = InboundEvent.objects.filter(source=OuterRef("pk")).order_by("-received_at")
    sources = list(
        Source.objects.filter(organization=organization)
        .select_related("system")
        .annotate(last_at=Subquery(newest.values("received_at")[:1]))
    )
    counts: dict[int, Counter[str]] = {source.pk: Counter() for source in sources}
    recent = InboundEvent.objects.filter(source__in=counts, received_at__gte=since)
    for pk, state, number in recent.order_by().values_list("source", "state").annotate(Count("pk")):
        counts[pk][state] = number
    refused = RefusalCount.objects.filter(source__in=counts, hour__gte=since).order_by()
    sums = dict(refused.values_list("source").annotate(Sum("count")))
    lines = [
        SourceLine(source, vars(source)["last_at"], counts[source.pk], sums.get(source.pk) or 0)
        for source in sources
    ]
    return sorted(lines, key=lambda line: line.source.ended_at is not None)


@dataclass(frozen=True)
class Refusal:
    words: str
    advice: str
    count: int
    last_at: datetime
    detail: str


def refusals(source: Source) -> list[Refusal]:
    """What was refused at the door in the last days, by reason; the newest word of each."""
    since = timezone.now() - timedelta(days=DAYS)
    found: dict[str, list[RefusalCount]] = {}
    for row in RefusalCount.objects.filter(source=source, hour__gte=since).order_by("-last_at"):
        found.setdefault(row.reason, []).append(row)
    return [
        Refusal(
            str(REFUSALS.get(reason, reason)),
            str(ADVICE.get(reason, "")),
            sum(row.count for row in rows),
            rows[0].last_at,
            rows[0].last_detail,
        )
        for reason, rows in found.items()
    ]


def events_of(source: Source, state: str) -> QuerySet[InboundEvent]:
    """The events of the last days, the newest first."""
    found = _listed(source).defer("body")
    return found.filter(state=state) if state in EventState.values else found


def state_counts(source: Source) -> list[tuple[str, str, int]]:
    """(state, its word, how many) for each state that occurs."""
    rows = _listed(source).order_by().values_list("state")
    counts = dict(rows.annotate(Count("pk")))
    return [
        (state.value, str(state.label), counts[state]) for state in EventState if state in counts
    ]


def _listed(source: Source) -> QuerySet[InboundEvent]:
    since = timezone.now() - timedelta(days=LISTED_DAYS)
    return InboundEvent.objects.filter(source=source, received_at__gte=since)


@dataclass(frozen=True)
class Setup:
    """How to set the tool up: steps in words, and a line to try it with."""

    steps: list[str]
    secret: str
    secret_label: str
    test: str


def setup_of(source: Source, url: str, secret: str) -> Setup:
    from delivery.intake.signatures import standard_secret

    is_standard = source.kind == SourceKind.OWN
    return Setup(
        steps=[str(step) for step in STEPS[SourceKind(source.kind)]],
        secret=secret,
        secret_label=standard_secret(secret) if is_standard or source.kind == "gitlab" else "",
        test=_TESTS.get(source.kind, _TEST_BEARER).format(url=url, secret=secret),
    )


_TEST_OWN = """\
BODY='{{"kind":"ping"}}'; ID=test-$(date +%s); NOW=$(date +%s)
SIGNATURE=$(printf '%s.%s.%s' "$ID" "$NOW" "$BODY" | openssl dgst -sha256 -mac HMAC \\
  -macopt hexkey:{secret} -binary | base64)
curl -i {url} \\
  -H "webhook-id: $ID" -H "webhook-timestamp: $NOW" \\
  -H "webhook-signature: v1,$SIGNATURE" -H 'Content-Type: application/json' -d "$BODY\""""
_TEST_GITHUB = """\
BODY='{{"zen":"test '$(date +%s)'"}}'
SIGNATURE=$(printf '%s' "$BODY" | openssl dgst -sha256 -hmac {secret} | sed 's/.* //')
curl -i {url} \\
  -H "X-Hub-Signature-256: sha256=$SIGNATURE" -H 'X-GitHub-Event: ping' \\
  -H 'Content-Type: application/json' -d "$BODY\""""
_TEST_GITLAB = """\
curl -i {url} \\
  -H 'X-Gitlab-Token: {secret}' -H 'Content-Type: application/json' \\
  -d '{{"object_kind":"test","at":"'$(date +%s)'"}}'"""
_TEST_BEARER = """\
curl -i {url} \\
  -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json' \\
  -d '{{"kind":"ping","id":"'$(date +%s)'"}}'"""
_TESTS = {"own": _TEST_OWN, "github": _TEST_GITHUB, "gitlab": _TEST_GITLAB}

STEPS: dict[SourceKind, list[Any]] = {
    SourceKind.OWN: [
        gettext_lazy("Have your pipeline send a POST with JSON to the address below."),
        gettext_lazy(
            "Sign it as the Standard Webhooks do: HMAC-SHA256 over id, timestamp and body, joined "
            "by points, with the secret's bytes as key; Base64 after “v1,” in webhook-signature."
        ),
        gettext_lazy(
            "Tell a deployment when it is over, with its result. “What to send”, below, names "
            "every field."
        ),
    ],
    SourceKind.DEVLAKE: [
        gettext_lazy(
            "Use the address below in place of DevLake's webhook address; its endings "
            "/deployments, /issues and /issue/KEY/close work as well."
        ),
        gettext_lazy("Send the secret as “Authorization: Bearer …”."),
    ],
    SourceKind.GITHUB: [
        gettext_lazy("In the repository or organization: Settings, Webhooks, Add webhook."),
        gettext_lazy(
            "Payload URL: the address below. Content type: application/json. Secret: the one below."
        ),
        gettext_lazy(
            "Choose “Let me select individual events”: Deployment statuses, Issues, Dependabot "
            "alerts, Code scanning alerts. Issues count when labelled “incident”."
        ),
        gettext_lazy(
            "Without deployments in GitHub: choose Workflow runs, and name the deploying workflow "
            "under “What counts as production”."
        ),
    ],
    SourceKind.GITLAB: [
        gettext_lazy("In the project or group: Settings, Webhooks, Add new webhook."),
        gettext_lazy(
            "URL: the address below. As signing token the secret that begins with whsec_; where "
            "your GitLab has none yet, the other as secret token."
        ),
        gettext_lazy(
            "Trigger: Deployment events, Work item or Issue events, Vulnerability events."
        ),
        gettext_lazy("Issues count when of the type incident or labelled “incident”."),
    ],
    SourceKind.JENKINS: [
        gettext_lazy(
            "With the Notification plugin: an endpoint in JSON by HTTP, event “Job Completed”, to "
            "the address below with the secret as password: https://jenkins:SECRET@…"
        ),
        gettext_lazy(
            "With the HTTP Request plugin: a POST with the header “Authorization: Bearer …”, kept "
            "as a masked credential; the body as under “What to send”, below."
        ),
        gettext_lazy(
            "A build counts if it has a parameter ENVIRONMENT, or if its job is named under “What "
            "counts as production”."
        ),
    ],
    SourceKind.AZURE: [
        gettext_lazy("Project settings, Service hooks, Create subscription, Web Hooks."),
        gettext_lazy(
            "Event: Release deployment completed, or Run stage state changed (completed). For "
            "incidents: Work item created and updated, of the type or tagged “incident”."
        ),
        gettext_lazy(
            "URL: the address below. Basic authentication password: the secret; any user name. "
            "Resource details to send: All."
        ),
        gettext_lazy("Name the stages that mean production below."),
    ],
}
