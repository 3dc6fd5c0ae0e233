"""What a page shows of the comments on an initiative or a gate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

from django.urls import reverse

from accounts.models import User
from accounts.tenancy import Access
from assessments.remarks import LIMIT, Remark, ToTell, shown, to_tell
from roadmap.models import GateState, PlannedInitiative
from roadmap.pages.earlier import comments_on
from roadmap.services.work.comments import members_of


class WorkComments:
    """The comments on one initiative or gate, read when the page asks for them: three queries."""

    limit = LIMIT

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
        rows = comments_on(self.about).select_related("author").prefetch_related("mentions")
        return [shown(row, self.access, may_write=self.may_write) for row in rows]

    @cached_property
    def people(self) -> list[ToTell]:
        """Whom a comment can tell: the other members."""
        members = self._members
        if members is None:
            members = members_of(self.access.organization)
        return to_tell(members, self.access, self.ticked)
