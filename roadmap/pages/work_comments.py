"""What a page shows of the comments on an initiative or a gate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from accounts.models import User
from accounts.tenancy import Access
from assessments.linked_text import linked
from assessments.patient_data import find_patient_data
from roadmap.models import GateState, PlannedInitiative, WorkComment
from roadmap.services.work.comments import COMMENT_LIMIT, members_of


@dataclass(frozen=True)
class Remark:
    """One comment as it is shown."""

    row: WorkComment
    html: str
    told: Sequence[str]
    is_own: bool
    may_withdraw: bool
    seems_patient_data: bool


@dataclass(frozen=True)
class ToTell:
    pk: int
    name: str
    is_ticked: bool


class WorkComments:
    """The comments on one initiative or gate, read when the page asks for them: three queries."""

    limit = COMMENT_LIMIT

    def __init__(
        self,
        access: Access,
        about: PlannedInitiative | GateState,
        *,
        members: Sequence[User] | None = None,
        text: str = "",
        ticked: Collection[int] = (),
        errors: Sequence[str] = (),
    ) -> None:
        self.access, self.about = access, about
        self.text, self.ticked, self.errors = text, ticked, errors
        self._members = members

    @property
    def action(self) -> str:
        is_gate = isinstance(self.about, GateState)
        name = "work:gate_comment" if is_gate else "work:initiative_comment"
        return reverse(name, args=[self.access.organization.slug, self.about.pk])

    @property
    def may_write(self) -> bool:
        return self.access.can_track

    @cached_property
    def remarks(self) -> list[Remark]:
        rows = self.about.comments.select_related("author").prefetch_related("mentions")
        return [self._remark(row) for row in rows]

    def _remark(self, row: WorkComment) -> Remark:
        is_there = row.withdrawn_at is None
        is_own = is_there and self.may_write and row.author_id == self.access.user.pk
        return Remark(
            row=row,
            html=linked(row.text),
            told=[str(person) for person in row.mentions.all()],
            is_own=is_own,
            may_withdraw=is_own or (is_there and self.access.can_manage),
            seems_patient_data=bool(find_patient_data([row.text])),
        )

    @cached_property
    def people(self) -> list[ToTell]:
        """Whom a comment can tell: the other members."""
        members = self._members
        if members is None:
            members = members_of(self.access.organization)
        return [
            ToTell(person.pk, str(person), person.pk in self.ticked)
            for person in members
            if person.pk != self.access.user.pk
        ]
