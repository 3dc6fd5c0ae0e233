"""Reading the inbox: what is there, what was read, what goes."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from accounts.tenancy import Access
from inbox.models import Notice

# Read notices are no record: what happened stands in the history.
KEPT_READ = timedelta(days=180)
# What nobody read for so long, nobody will.
KEPT = timedelta(days=730)


def notices_of(access: Access) -> QuerySet[Notice]:
    return access.scope(Notice).filter(person=access.user)


def notices_asked(access: Access, *, only_unread: bool, kind: str) -> QuerySet[Notice]:
    """Unread first, the newest of each on top."""
    found = notices_of(access)
    if only_unread:
        found = found.filter(read_at=None)
    if kind:
        found = found.filter(kind=kind)
    read = Case(When(read_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.order_by(read, "-created_at", "-pk")


def unread_count(access: Access) -> int:
    return notices_of(access).filter(read_at=None).count()


def notice_read(notice: Notice, *, is_read: bool = True) -> None:
    # Only whoever finds it unread notes the time: a second look changes nothing.
    mine = Notice.objects.filter(pk=notice.pk, read_at__isnull=is_read)
    mine.update(read_at=timezone.now() if is_read else None)


def notices_read(access: Access, *, kind: str = "") -> int:
    found = notices_of(access).filter(read_at=None)
    if kind:
        found = found.filter(kind=kind)
    return found.update(read_at=timezone.now())


def notices_prune() -> int:
    """Forget what was read half a year ago, and what is older than two years; how many."""
    now = timezone.now()
    return (
        Notice.objects.filter(read_at__lt=now - KEPT_READ).delete()[0]
        + Notice.objects.filter(created_at__lt=now - KEPT).delete()[0]
    )
