"""Who has to approve a gate: pure rules."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.domain.tracking.approving import (
    ApproverRole,
    Case,
    Obstacle,
    Outside,
    RoleState,
    Said,
    judge,
    may_replace,
)

SP, CO = ApproverRole("SP", "Sponsor"), ApproverRole("CO", "Compliance")
ANN, BEN, CLEO = 1, 2, 3
NAMED = {"SP": frozenset({ANN}), "CO": frozenset({BEN})}


def yes(role, person):
    return Said(role, person, approves=True)


def no(role, person):
    return Said(role, person, approves=False)


def case(**changes):
    """Ann wrote it, both approve: nothing is in the way."""
    given = {
        "roles": (SP, CO),
        "named": NAMED,
        "said": (yes("SP", ANN), yes("CO", BEN)),
        "authors": frozenset({ANN}),
        "is_asked": True,
        "members": 3,
    }
    return Case(**(given | changes))


def by(sponsor, compliance):
    return {"SP": frozenset({sponsor}), "CO": frozenset({compliance})}


def alone(person):
    """Speaks for both roles, and has spoken."""
    return {"named": by(person, person), "said": (yes("SP", person), yes("CO", person))}


def single_member(name="Dr. Weiss", *, signed=True, **changes):
    return {"members": 1, "said": (), "outside": Outside(name, has_evidence=signed), **changes}


@pytest.mark.parametrize(
    ("changes", "obstacles"),
    [
        ({}, []),
        ({"unmet": ("G1-1",)}, [Obstacle.CHECKLIST]),
        ({"is_asked": False}, [Obstacle.NOT_ASKED]),
        ({"is_changed": True}, [Obstacle.CHANGED]),
        ({"said": (yes("SP", ANN),)}, [Obstacle.WAITING, Obstacle.ONLY_AUTHORS]),
        ({"said": (yes("CO", BEN),)}, [Obstacle.WAITING]),
        ({"said": ()}, [Obstacle.WAITING, Obstacle.ONE_PERSON]),
        ({"named": {"CO": frozenset({BEN})}}, [Obstacle.VACANT]),
        # What someone said for a role they no longer hold counts no more.
        ({"named": by(CLEO, BEN)}, [Obstacle.WAITING]),
        ({"said": (no("SP", ANN), yes("CO", BEN))}, [Obstacle.REFUSED]),
        # Taking the name of whoever refuses off the list is no way around the refusal.
        ({"said": (no("SP", ANN), yes("CO", BEN)), "named": by(CLEO, BEN)}, [Obstacle.REFUSED]),
        ({"said": (no("SP", None), yes("CO", BEN))}, [Obstacle.REFUSED]),
        ({"authors": frozenset({ANN, BEN})}, [Obstacle.ONLY_AUTHORS]),
        # One person for every role, who is no author: a small organization.
        (alone(BEN), []),
        (alone(ANN), [Obstacle.ONLY_AUTHORS]),
        # No author is known, because the accounts are gone: one person alone does not suffice.
        ({"authors": frozenset(), **alone(BEN)}, [Obstacle.ONE_PERSON]),
        ({"authors": frozenset()}, []),
        ({"roles": ()}, [Obstacle.ONE_PERSON]),
        ({"members": 1, "said": ()}, [Obstacle.NO_SECOND_MEMBER]),
        (single_member(signed=False), [Obstacle.NO_SECOND_MEMBER]),
        (single_member(""), [Obstacle.NO_SECOND_MEMBER]),
        (single_member(), []),
        (single_member(unmet=("G1-1",)), [Obstacle.CHECKLIST]),
        # With a second member nobody outside stands in.
        (single_member(members=2), [Obstacle.WAITING, Obstacle.ONE_PERSON]),
    ],
)  # fmt: skip
def test_gate_may_be_opened_when_nothing_is_in_the_way(changes, obstacles):
    found = judge(case(**changes))

    assert list(found.obstacles) == obstacles
    assert found.may_open is (not obstacles)


def test_judge_says_who_still_has_to_speak():
    found = judge(case(said=(yes("SP", ANN),), named={"SP": frozenset({ANN})}))

    states = [(s.role.id, s.state, s.person, s.by_author) for s in found.roles]
    assert states == [
        ("SP", RoleState.APPROVED, ANN, True),
        ("CO", RoleState.VACANT, None, False),
    ]
    assert [s.role.id for s in found.of(RoleState.VACANT)] == ["CO"]


@pytest.mark.parametrize(
    ("before", "person", "approves", "may"),
    [
        (None, ANN, True, True),
        (yes("SP", ANN), BEN, False, True),
        (yes("SP", ANN), BEN, True, True),
        (no("SP", ANN), BEN, True, False),
        (no("SP", ANN), BEN, False, True),
        (no("SP", ANN), ANN, True, True),
        (no("SP", None), ANN, True, False),
    ],
)
def test_refusal_is_taken_back_by_whoever_gave_it(before, person, approves, may):
    assert may_replace(before, person, approves) is may


PEOPLE = st.frozensets(st.integers(1, 4), max_size=4)
ROLES = (SP, CO, ApproverRole("SEC", "Security"))


def words_for(role):
    who = st.none() | st.integers(1, 4)
    # Mostly approvals, so that some gates do open.
    return st.builds(Said, st.just(role.id), who, st.sampled_from([True, True, True, False]))


CASES = st.builds(
    Case,
    roles=st.sampled_from([ROLES[:1], ROLES[:2], ROLES]),
    named=st.fixed_dictionaries({role.id: PEOPLE for role in ROLES}),
    said=st.tuples(*(words_for(role) for role in ROLES)) | st.just(()),
    authors=PEOPLE,
    unmet=st.sampled_from([(), ("G1-1",)]),
    is_asked=st.booleans(),
    members=st.integers(1, 4),
    outside=st.sampled_from([None, Outside("Dr. Weiss", True), Outside("Dr. Weiss", False)]),
)  # fmt: skip


@given(CASES)
@settings(max_examples=50, deadline=None)
def test_gate_is_never_opened_by_the_author_alone(found):
    if not judge(found).may_open:
        return
    if found.members == 1:
        assert found.outside is not None
        assert found.outside.is_complete
        return
    approving = {word.person for word in found.said if word.approves}
    assert approving - found.authors
    assert len(approving | found.authors) >= 2
    for role in found.roles:
        word = next(word for word in found.said if word.role == role.id)
        assert word.approves
        assert word.person in found.named[role.id]
