"""Remarks on anything: what may be written, whom it names, who may change it, how it is shown.

A remark's row belongs to the app that holds it; what these rows have in common is read here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.tenancy import Access, Can
from assessments.domain.mentions import named_in
from assessments.linked_text import linked
from assessments.patient_data import find_patient_data

LIMIT = 4_000


class Row(Protocol):
    text: str
    author: User | None
    withdrawn_at: datetime | None
    mentions: Any


class RemarkInvalid(ValueError):
    """The remark can't be kept; the message says what to do."""


def clean_remark(text: str) -> str:
    """The text as it is stored.

    Raises:
        RemarkInvalid: it is empty or too long.
    """
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise RemarkInvalid(_("Write the comment first."))
    if len(text) > LIMIT:
        message = _("Shorten the comment to %(limit)s characters; it has %(length)s.")
        raise RemarkInvalid(message % {"limit": f"{LIMIT:,}", "length": f"{len(text):,}"})
    return text


def told_by(
    text: str, ticked: Collection[int], *, author: User, members: Iterable[User]
) -> list[User]:
    """The members the text names or that are ticked, the author left out.

    Raises:
        RemarkInvalid: someone ticked is no member.
    """
    by_pk = {person.pk: person for person in members}
    if not set(ticked) <= set(by_pk):
        raise RemarkInvalid(
            _("Someone you ticked is no longer a member. Open the page anew and tick again.")
        )
    names = {pk: (person.name, person.email) for pk, person in by_pk.items()}
    wanted = (set(ticked) | named_in(text, names)) - {author.pk}
    return [person for pk, person in by_pk.items() if pk in wanted]


def require_editable(user: User, row: Row) -> None:
    """Raise PermissionDenied unless it is one's own and not withdrawn."""
    if row.author != user or row.withdrawn_at:
        raise PermissionDenied(_("Only its author can change a comment, and not once withdrawn."))


def require_withdrawable(access: Access, row: Row) -> None:
    """Raise PermissionDenied unless it is one's own, or one is an owner (patient data, say)."""
    if row.author != access.user and not access.allows(Can.MANAGE):
        raise PermissionDenied(
            _("Only its author can withdraw a comment. Ask them, or an owner of the organization.")
        )


def posted(data: QueryDict) -> dict[str, Any]:
    """What the form of a remark sends, as the services want it."""
    ticked = {int(pk) for pk in data.getlist("tell") if pk.isdecimal() and len(pk) < 18}
    return {"text": data.get("text", ""), "ticked": ticked}


@dataclass(frozen=True)
class Remark:
    """One remark as it is shown."""

    row: Row
    html: str
    told: Sequence[str]
    is_own: bool
    may_withdraw: bool
    seems_patient_data: bool


def shown(row: Row, access: Access, *, may_write: bool) -> Remark:
    is_there = row.withdrawn_at is None
    is_own = is_there and may_write and row.author is not None and row.author.pk == access.user.pk
    return Remark(
        row=row,
        html=linked(row.text),
        told=[str(person) for person in row.mentions.all()],
        is_own=is_own,
        may_withdraw=is_own or (is_there and access.can_manage),
        seems_patient_data=bool(find_patient_data([row.text])),
    )


@dataclass(frozen=True)
class ToTell:
    """Someone whom a remark can tell."""

    pk: int
    name: str
    is_ticked: bool


def to_tell(people: Iterable[User], access: Access, ticked: Collection[int]) -> list[ToTell]:
    """The others; a remark need not tell its author."""
    return [
        ToTell(person.pk, str(person), person.pk in ticked)
        for person in people
        if person.pk != access.user.pk
    ]
