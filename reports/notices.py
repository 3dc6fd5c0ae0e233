"""What reports tell people of."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inbox.kinds import NoticeKind
from inbox.telling import notify
from reports.models import Batch

BATCH = NoticeKind(
    "batch.made",
    gettext_lazy("A batch of reports is ready"),
    gettext_lazy("The files of many reports are put together. Goes to whoever asked for them."),
    mailed=True,
    text_mailed=True,
)
# Who waits no longer than that still has the page open.
WAITED = timedelta(minutes=2)


def batch_told(batch: Batch, now: datetime, *, made: int, not_made: int) -> None:
    """Tell whoever asked, in the transaction that ends the batch and in its language."""
    if batch.created_by is None or now - batch.created_at < WAITED:
        return
    words = ngettext("%s file is made.", "%s files are made.", made) % made
    if not_made:
        lost = ngettext("%s could not be made.", "%s could not be made.", not_made) % not_made
        words = f"{words} {lost}"
    notify(
        organization=batch.organization,
        people=[batch.created_by],
        kind=BATCH.id,
        title=_("Reports are ready: %s") % batch.name if made else _("No report: %s") % batch.name,
        path=reverse("batches:detail", args=[batch.organization.slug, batch.pk]),
        text=words,
    )
