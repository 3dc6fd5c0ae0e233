"""The kinds of notices. Each app registers its own from `AppConfig.ready()`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class NoticeKind:
    """`mailed`: whether it is mailed at once unless the person chose otherwise; the digest tells
    of what is not. `text_mailed`: whether the notice's text may stand in a mail. What people wrote
    to each other, and what an assessment found, may not: mailboxes are read and forwarded where
    nobody manages who may see them.
    """

    id: str
    title: str | Promise
    description: str | Promise
    mailed: bool
    text_mailed: bool = False


_kinds: dict[str, NoticeKind] = {}


def register_kind(kind: NoticeKind) -> None:
    _kinds[kind.id] = kind


def all_kinds() -> tuple[NoticeKind, ...]:
    """In the order in which they were registered."""
    return tuple(_kinds.values())


def find_kind(id: str) -> NoticeKind | None:
    return _kinds.get(id)
