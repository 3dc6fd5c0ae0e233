"""From the sealed history to other systems.

The history is the outbox: whoever works writes nothing more than before. Seals have numbers without
a gap, so a cursor over them misses nothing; a delivery is made once per seal, in the transaction
that moves the cursor. It is sent until the other side takes it, so it may arrive twice (the worker
may die between the answer and noting it): its id tells.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from standardwebhooks import Webhook

from accounts.enums import Role
from accounts.models import AuditEntry, AuditSeal, Membership
from api.models import WebhookDelivery, WebhookEndpoint
from api.notices import STOPPED
from api.webhook_events import payload_of
from api.webhook_posting import Answer, post, split_address
from api.webhooks import webhook_secrets
from inbox.telling import notify

BATCH = 500
AT_ONCE = 20
# Longer than a POST may take: a second worker leaves it alone meanwhile.
LEASE = timedelta(minutes=1)
KEPT = timedelta(days=30)
GONE = 410
WAITS = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=20),
]
State = WebhookDelivery.State


def deliveries_make() -> int:
    """Look at what was sealed since; how many deliveries that made."""
    active = WebhookEndpoint.objects.filter(ended_at=None, stopped_at=None)
    return sum(_make(pk) for pk in list(active.values_list("pk", flat=True)))


@transaction.atomic
def _make(endpoint_id: int) -> int:
    rows = WebhookEndpoint.objects.select_for_update(of=("self",)).select_related(
        "organization", "engagement"
    )
    endpoint = rows.get(pk=endpoint_id)
    if not endpoint.is_active():
        return 0
    seals = AuditSeal.objects.filter(
        organization_id=endpoint.organization_id, number__gt=endpoint.cursor
    )
    found = list(seals.order_by("number")[:BATCH])
    if not found:
        return 0
    entries = AuditEntry.objects.in_bulk([seal.entry_id for seal in found])
    now, made = timezone.now(), []
    for seal in found:
        entry = entries.get(seal.entry_id)
        # An archive brings entries of long ago: nothing that happened now.
        if entry is None or entry.verb not in endpoint.events:
            continue
        if entry.created_at < endpoint.created_at:
            continue
        body = payload_of(entry, endpoint.organization)
        made.append(
            WebhookDelivery(
                endpoint=endpoint, number=seal.number, event=entry.verb, body=body, next_at=now
            )
        )
    WebhookDelivery.objects.bulk_create(made)
    endpoint.cursor = found[-1].number
    endpoint.save(update_fields=["cursor"])
    return len(made)


def endpoints_due() -> list[int]:
    """Those with something to send now."""
    rows = _due().order_by().values_list("endpoint", flat=True).distinct()
    return list(rows)


def send_to(endpoint_id: int) -> int:
    """Send what is due for one address, the oldest first; how many were tried.

    Stops at the first that is not taken: an address that is down is not asked twenty times.
    """
    due = _due().filter(endpoint=endpoint_id).order_by("number").values_list("pk", flat=True)
    tried = 0
    for pk in list(due[:AT_ONCE]):
        taken = send(pk)
        tried += taken is not None
        if taken is False:
            break
    return tried


def send(delivery_id: int) -> bool | None:
    """Whether it was taken; None: it was not to be sent now, or another worker has it."""
    now = timezone.now()
    # By columns of the row itself: PostgreSQL reads these anew when it had to wait for another
    # worker, but not those of joined tables, and both would send.
    own = WebhookDelivery.objects.filter(pk=delivery_id, state=State.WAITING, next_at__lte=now)
    if not own.update(next_at=now + LEASE):
        return None
    rows = WebhookDelivery.objects.select_related("endpoint__organization", "endpoint__engagement")
    delivery = rows.get(pk=delivery_id)
    if not delivery.endpoint.is_active(now):
        return None
    answer = post(delivery.endpoint.url, delivery.body.encode(), headers_of(delivery, now))
    _note(delivery, answer)
    return answer.is_taken


def headers_of(delivery: WebhookDelivery, now: datetime) -> dict[str, str]:
    """Standard Webhooks; one signature for each secret that is good now."""
    signatures = [
        Webhook(secret).sign(delivery.message_id, now, delivery.body)
        for secret in webhook_secrets(delivery.endpoint)
    ]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Waymark-Webhooks/1",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _spread(wait: timedelta) -> timedelta:
    """A tenth more or less, so that what failed together does not come back together."""
    return wait * (0.9 + random.random() / 5)


@transaction.atomic
def _note(delivery: WebhookDelivery, answer: Answer) -> None:
    now = timezone.now()
    row = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
    row.last_at, row.status = now, answer.status
    row.answer = answer.error or answer.head
    row.attempts += 1
    if answer.is_taken:
        row.state = State.TAKEN
    elif answer.status == GONE or row.attempts > len(WAITS):
        row.state = State.FAILED
    else:
        row.next_at = now + _spread(WAITS[row.attempts - 1])
    row.save()
    if row.state == State.FAILED:
        _stop(delivery.endpoint, now, gone=answer.status == GONE)


def _stop(endpoint: WebhookEndpoint, now: datetime, *, gone: bool) -> None:
    """Unless it took something else meanwhile: then one event is at fault, not the address."""
    since = now - sum(WAITS, timedelta())
    if not gone and endpoint.deliveries.filter(state=State.TAKEN, last_at__gte=since).exists():
        return
    rows = WebhookEndpoint.objects.filter(pk=endpoint.pk, stopped_at=None, ended_at=None)
    if not rows.update(stopped_at=now):
        return
    organization = endpoint.organization
    owners = Membership.objects.filter(organization=organization, role=Role.OWNER)
    notify(
        organization=organization,
        people=[one.user for one in owners.select_related("user")],
        kind=STOPPED.id,
        title=_("Nothing is sent to %s any more") % split_address(endpoint.url).hostname,
        text=_("It took nothing for three days, or said that it is gone. Mend it, then go on."),
        path=reverse("api:webhook", args=[organization.slug, endpoint.pk]),
        key=f"webhook:{endpoint.pk}:{now.isoformat()}",
    )


def deliveries_prune() -> int:
    old = WebhookDelivery.objects.exclude(state=State.WAITING)
    deleted, _details = old.filter(created_at__lt=timezone.now() - KEPT).delete()
    return deleted


def _due():  # type: ignore[no-untyped-def]
    return WebhookDelivery.objects.filter(
        state=State.WAITING,
        next_at__lte=timezone.now(),
        endpoint__ended_at=None,
        endpoint__stopped_at=None,
    )
