"""Addresses that are told what happens: making, renewing the secret, ending, sending again."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import Area
from accounts.models import AuditSeal, Engagement, Organization, User
from accounts.secret_addresses import new_nonce, secrets_of
from api.models import WebhookDelivery, WebhookEndpoint
from api.webhook_events import EVENTS, TRIAL, payload_of_trial
from api.webhook_posting import AddressRefused, resolve, split_address

PURPOSE = "webhook"
MOST = 20
OLD_SECRET_GOOD_FOR = timedelta(days=1)


class WebhookInvalid(ValueError):
    """Input that cannot be taken. `messages`: field name → what to do."""

    def __init__(self, messages: dict[str, str]) -> None:
        self.messages = messages
        super().__init__("; ".join(messages.values()))


def webhook_secrets(endpoint: WebhookEndpoint) -> list[str]:
    """With what to sign now, the newest first: while a secret or the server's own key is renewed,
    with the one before too."""
    nonces = [endpoint.secret_nonce]
    until = endpoint.old_secret_until
    if endpoint.old_secret_nonce and until and timezone.now() < until:
        nonces.append(endpoint.old_secret_nonce)
    return [_written(secret) for nonce in nonces for secret in secrets_of(PURPOSE, nonce)]


def _written(secret: str) -> str:
    """As Standard Webhooks writes secrets."""
    return "whsec_" + base64.b64encode(bytes.fromhex(secret)).decode()


def webhook_make(
    *,
    organization: Organization,
    user: User,
    url: str,
    events: Iterable[str],
    engagement: Engagement | None = None,
) -> tuple[WebhookEndpoint, str]:
    """A new address, and its secret to show this once. It is told what happens from now on.

    `engagement`: what lets the person in, where it is not their own organization.
    """
    wanted = set(events)
    wrong = {}
    if not wanted or not wanted <= EVENTS.keys():
        wrong["events"] = _("Choose what it is told of.")
    try:
        # Outside the transaction: names are looked up in a network that may be slow.
        resolve(split_address(url))
    except AddressRefused as error:
        wrong["url"] = str(error)
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).only("pk").get(pk=organization.pk)
        rows = WebhookEndpoint.objects.filter(organization=organization, ended_at=None)
        if rows.count() >= MOST:
            wrong["url"] = _("There are %s addresses already. End one of them first.") % MOST
        if wrong:
            raise WebhookInvalid(wrong)
        newest = AuditSeal.objects.filter(organization=organization).order_by("number").last()
        endpoint = WebhookEndpoint.objects.create(
            organization=organization,
            url=url,
            engagement=engagement,
            events=[verb for verb in EVENTS if verb in wanted],
            cursor=newest.number if newest else 0,
        )
        _noted(endpoint, user, "webhook.made")
    return endpoint, webhook_secrets(endpoint)[0]


@transaction.atomic
def webhook_renew(*, endpoint: WebhookEndpoint, user: User) -> str:
    """A new secret to show once; for a day everything is signed with both."""
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    endpoint.old_secret_nonce, endpoint.secret_nonce = endpoint.secret_nonce, new_nonce()
    endpoint.old_secret_until = timezone.now() + OLD_SECRET_GOOD_FOR
    endpoint.save(update_fields=["old_secret_nonce", "secret_nonce", "old_secret_until"])
    _noted(endpoint, user, "webhook.renewed")
    return webhook_secrets(endpoint)[0]


@transaction.atomic
def webhook_go_on(*, endpoint: WebhookEndpoint, user: User) -> None:
    """After it was stopped: what happened meanwhile is sent now."""
    rows = WebhookEndpoint.objects.filter(pk=endpoint.pk, ended_at=None)
    if rows.filter(stopped_at__isnull=False).update(stopped_at=None):
        _noted(endpoint, user, "webhook.went_on")


@transaction.atomic
def webhook_end(*, endpoint: WebhookEndpoint, user: User) -> None:
    rows = WebhookEndpoint.objects.filter(pk=endpoint.pk, ended_at=None)
    if rows.update(ended_at=timezone.now()):
        _noted(endpoint, user, "webhook.ended")


def webhooks_end_with(engagement: Engagement, user: User, verb: str) -> None:
    """What a consultancy had itself told ends with its engagement, or once a part is closed to it:
    an address is told of every part. In the transaction of either.
    """
    if verb != "engagement.ended" and engagement.lets_give_out(*Area):
        return
    for endpoint in WebhookEndpoint.objects.filter(engagement=engagement, ended_at=None):
        webhook_end(endpoint=endpoint, user=user)


def webhook_try(*, endpoint: WebhookEndpoint, now: datetime) -> WebhookDelivery:
    """Send something that did not happen, to see whether the other side takes it. Its number lies
    far above those of seals, so that no event ever has the same.
    """
    return WebhookDelivery.objects.create(
        endpoint=endpoint,
        number=int(now.timestamp() * 1_000_000),
        event=TRIAL,
        body=payload_of_trial(now, endpoint.organization),
        next_at=now,
    )


def delivery_resend(*, delivery: WebhookDelivery) -> None:
    """Send it once more, under the same id; what waits is sent at once."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        state=WebhookDelivery.State.WAITING, attempts=0, next_at=timezone.now()
    )


def _noted(endpoint: WebhookEndpoint, user: User, verb: str) -> None:
    # The host alone: the path of an address is often its key.
    host = split_address(endpoint.url).hostname or ""
    detail = {"events": endpoint.events} if verb == "webhook.made" else {}
    record(
        organization=endpoint.organization,
        actor=user,
        verb=verb,
        target=endpoint,
        name=host,
        detail=detail,
    )
