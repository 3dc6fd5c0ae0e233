"""Who has to approve a gate, and whether it may be opened (docs/gates.md).

Everyone whose role the guide names has to approve, in the round under way. Whoever brought the
proof about is an author: an author may speak for a role too, but never alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Person = int


@dataclass(frozen=True)
class ApproverRole:
    id: str
    title: str


@dataclass(frozen=True)
class Said:
    """What a person said for a role, in the round under way. None: the account is gone."""

    role: str
    person: Person | None
    approves: bool


@dataclass(frozen=True)
class Outside:
    """Someone outside Waymark approved: who, and that their signed word is attached to the gate.

    It stands in for a second person only where the organization has a single member.
    """

    name: str
    has_evidence: bool

    @property
    def is_complete(self) -> bool:
        return bool(self.name) and self.has_evidence


@dataclass(frozen=True)
class Case:
    """All that decides about opening a gate.

    `unmet`: items of the checklist that are not met. `named`: by role, the members who speak for
    it. `authors`: whoever confirmed an item, added evidence, reported the work of an item done or
    asked for the decision. `is_changed`: something shown or confirmed when it was asked for was
    taken away since. `members`: how many people the organization has.
    """

    roles: tuple[ApproverRole, ...]
    named: Mapping[str, frozenset[Person]] = field(default_factory=dict)
    said: tuple[Said, ...] = ()
    authors: frozenset[Person] = frozenset()
    unmet: tuple[str, ...] = ()
    is_asked: bool = False
    is_changed: bool = False
    members: int = 2
    outside: Outside | None = None


class RoleState(StrEnum):
    VACANT = "vacant"  # nobody speaks for the role
    WAITING = "waiting"  # whoever does has not said anything in this round
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True)
class RoleStanding:
    """`person`: who said it, where someone did. `by_author`: this approval is an author's."""

    role: ApproverRole
    state: RoleState
    named: frozenset[Person] = frozenset()
    person: Person | None = None
    by_author: bool = False


class Obstacle(StrEnum):
    """Why a gate cannot be opened."""

    CHECKLIST = "checklist"
    NOT_ASKED = "not_asked"
    CHANGED = "changed"  # what the approvers were asked about is no longer what is there
    REFUSED = "refused"
    VACANT = "vacant"
    WAITING = "waiting"
    ONLY_AUTHORS = "only_authors"  # everybody who approved is an author of the proof
    ONE_PERSON = "one_person"  # fewer than two people had a hand in it, as far as is known
    NO_SECOND_MEMBER = "no_second_member"  # nobody else is there: someone outside has to sign


@dataclass(frozen=True)
class Judgement:
    roles: tuple[RoleStanding, ...]
    obstacles: tuple[Obstacle, ...]

    @property
    def may_open(self) -> bool:
        return not self.obstacles

    def of(self, state: RoleState) -> tuple[RoleStanding, ...]:
        return tuple(standing for standing in self.roles if standing.state is state)


def judge(case: Case) -> Judgement:
    """Whether the gate may be opened, and else everything that is in the way."""
    roles = tuple(_standing(case, role) for role in case.roles)
    return Judgement(roles, tuple(_obstacles(case, roles)))


def may_replace(before: Said | None, person: Person, approves: bool) -> bool:
    """Whether a person may say this for a role for which something was said in this round.

    A refusal is taken back by whoever gave it; a second person for the role cannot talk over it.
    """
    return before is None or before.approves or not approves or before.person == person


def _standing(case: Case, role: ApproverRole) -> RoleStanding:
    named = case.named.get(role.id, frozenset())
    said = next((word for word in case.said if word.role == role.id), None)
    if said is not None and not said.approves:
        # It blocks even when the person is no longer named: otherwise naming someone else would
        # be a way around a refusal. Asking again is the way.
        return RoleStanding(role, RoleState.REFUSED, named, said.person)
    if not named:
        return RoleStanding(role, RoleState.VACANT)
    if said is None or said.person not in named:
        return RoleStanding(role, RoleState.WAITING, named)
    return RoleStanding(
        role, RoleState.APPROVED, named, said.person, by_author=said.person in case.authors
    )


def _obstacles(case: Case, roles: tuple[RoleStanding, ...]) -> Iterable[Obstacle]:
    states = {standing.state for standing in roles}
    if case.unmet:
        yield Obstacle.CHECKLIST
    if not case.is_asked:
        yield Obstacle.NOT_ASKED
    if case.is_changed:
        yield Obstacle.CHANGED
    if RoleState.REFUSED in states:
        yield Obstacle.REFUSED
    if case.members <= 1:
        if case.outside is None or not case.outside.is_complete:
            yield Obstacle.NO_SECOND_MEMBER
        return
    if RoleState.VACANT in states:
        yield Obstacle.VACANT
    if RoleState.WAITING in states:
        yield Obstacle.WAITING
    approvers = {s.person for s in roles if s.state is RoleState.APPROVED and s.person is not None}
    if approvers and approvers <= case.authors:
        yield Obstacle.ONLY_AUTHORS
    elif not case.roles or len(approvers | case.authors) < 2:
        yield Obstacle.ONE_PERSON
