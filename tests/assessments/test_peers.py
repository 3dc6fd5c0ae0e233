"""Peer bands tell of nobody: played as somebody would who compares everything ever shown."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.enums import Area
from accounts.models import Engagement, Organization
from assessments.domain.peers import (
    FEWEST_PEERS,
    OVERALL,
    Peer,
    differing,
    may_publish,
    peer_band,
    published,
)
from assessments.models import PeerRelease
from assessments.pages.benchmark import peer_lines
from assessments.services import assessment_submit
from assessments.services.peers import newest_release, peers_publish, release_publish
from guide.registry import current_guide
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import make_engagement, make_organization

LINES = [OVERALL, "S1"]


def peer(organization, score=50.0, step=50.0):
    return Peer(organization, {OVERALL: score, "S1": step})


def members(*organizations, **moved):
    """All at 50, but for those named: `o3=70`."""
    return {one: {OVERALL: moved.get(f"o{one}", 50), "S1": 50} for one in organizations}


@pytest.mark.parametrize(
    ("candidate", "earlier", "may"),
    [
        (members(1, 2, 3, 4), [], False),
        (members(1, 2, 3, 4, 5), [], True),
        # Nothing changed.
        (members(1, 2, 3, 4, 5), [members(1, 2, 3, 4, 5)], True),
        # One joins, or four do: the difference would tell of them.
        (members(1, 2, 3, 4, 5, 6), [members(1, 2, 3, 4, 5)], False),
        (members(*range(1, 10)), [members(1, 2, 3, 4, 5)], False),
        (members(*range(1, 11)), [members(1, 2, 3, 4, 5)], True),
        # One leaves.
        (members(*range(1, 10)), [members(*range(1, 11))], False),
        # Back to a set but for one: an earlier band is not forgotten.
        (members(*range(1, 7)), [members(*range(1, 6)), members(*range(1, 12))], False),
        # One says something else, from one end to the other; four do; five do.
        (members(*range(1, 7), o1=100), [members(*range(1, 7))], False),
        (members(*range(1, 7), o1=0, o2=0, o3=0, o4=0), [members(*range(1, 7))], False),
        (members(*range(1, 7), o1=0, o2=0, o3=0, o4=0, o5=0), [members(*range(1, 7))], True),
        # Of a deleted one no number is known: it cannot be called the same.
        (members(*range(1, 7)), [{**members(*range(1, 7)), 1: {}}], False),
        (members(*range(1, 11)), [{**members(*range(1, 6)), 1: {}}], True),
        # Of before numbers were kept; of before the guide had this line.
        (members(*range(1, 7)), [{key: {OVERALL: None} for key in range(1, 7)}], False),
        (members(*range(1, 7)), [{key: {"S9": 50} for key in range(1, 8)}], True),
    ],
)
def test_two_bands_differ_by_nobody_or_by_five(candidate, earlier, may):
    assert may_publish(OVERALL, candidate, earlier) is may


def test_assessing_the_others_anew_without_a_change_hides_nobody_who_left():
    """Everybody gets a new round, and one leaves: only that one would be the difference."""
    before = published([peer(one, 10.0 * one) for one in range(1, 8)], LINES, [])
    assert before is not None
    after = [peer(one, 10.0 * one + 0.4) for one in range(1, 7)]

    assert published(after, LINES, [before.members], before.members) is None


def test_line_that_too_few_moved_on_stays_as_it_stands():
    first = published([peer(one) for one in range(6)], LINES, [])
    assert first is not None
    # All say something else of the one line, and one of them of the other too.
    moved = [peer(one, 80.0, 100.0 if one == 0 else 50.0) for one in range(6)]

    second = published(moved, LINES, [first.members], first.members)

    assert second is not None
    assert (second.bands[OVERALL].median, second.bands["S1"]) == (80, first.bands["S1"])
    assert published(moved, LINES, [first.members], None) is None, "nothing to stand on"


def test_who_is_not_assessed_in_every_line_is_in_none():
    peers = [peer(one) for one in range(5)] + [peer(9, step=None)]

    found = published(peers, LINES, [])

    assert found is not None
    assert found.members.keys() == {0, 1, 2, 3, 4}
    assert {band.peers for band in found.bands.values()} == {5}
    assert published([*peers[:4], peers[5]], LINES, []) is None


# Days on which organizations join, leave and are assessed anew (with the same result, another one,
# or an extreme one), for two consultancies that share some of their clients.
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.integers(0, 13),
        st.sampled_from(["join", "leave", "same", "overall", "step", "both", "low", "high"]),
    ),
    max_size=60,
)


def assess(scores, organization, what):
    overall, step = scores[organization]
    scores[organization] = {
        "same": (overall + 0.01, step + 0.01),
        "overall": ((overall + 20) % 100, step),
        "step": (overall, (step + 20) % 100),
        "both": ((overall + 15) % 100, (step + 15) % 100),
        "low": (0.0, 0.0),
        "high": (100.0, 100.0),
    }[what]


@given(EVENTS, st.integers(1, 7))
@settings(max_examples=50, deadline=None)
def test_nobody_who_reads_everything_can_tell_fewer_than_five_apart(events, every):
    """Publishing is tried after every few events; one reader belongs to both consultancies.

    The numbers held against each other are those the bands were made of: whatever line two releases
    differ on, at least five organizations differ there.
    """
    clients = [set(range(8)), set(range(4, 12))]
    scores = {one: (7.0 * one, 100.0 - 7.0 * one) for one in range(14)}
    shown, newest = [], [None, None]
    for number, (house, organization, what) in enumerate(events):
        if what == "join":
            clients[house].add(organization)
        elif what == "leave":
            clients[house].discard(organization)
        else:
            assess(scores, organization, what)
        if number % every == 0:
            for one, own in enumerate(clients):
                peers = [peer(client, *scores[client]) for client in own]
                found = published(peers, LINES, [other.members for other in shown], newest[one])
                if found is not None:
                    shown.append(found)
                    newest[one] = found.members

    for one in shown:
        assert len(one.members) >= FEWEST_PEERS
        for line in LINES:
            numbers = [held[line] for held in one.members.values()]
            assert one.bands[line] == peer_band(numbers)
            for other in shown:
                apart = differing(line, one.members, other.members)
                assert apart == 0 or apart >= FEWEST_PEERS
                if apart == 0:
                    assert one.bands[line] == other.bands[line]


@given(st.lists(st.floats(0, 100), min_size=5, max_size=20), st.randoms())
@settings(max_examples=50)
def test_bands_do_not_depend_on_who_is_who(scores, random):
    shuffled = scores.copy()
    random.shuffle(shuffled)

    assert peer_band(scores) == peer_band(shuffled)


def assessed(consultancy: Organization, level=2, **terms) -> Organization:
    organization = make_engagement(consultancy=consultancy, **terms).client
    answer(organization, level)
    return organization


def answer(organization: Organization, level: int) -> None:
    assessment = make_assessment(organization=organization)
    for step in current_guide().steps:
        question = next(one for one in step.questions if one.kind == "level")
        save_answer(assessment, question.id, level)
    assessment_submit(assessment=assessment, user=None)


def month(number):
    return date(2027, number, 3)


@pytest.mark.django_db
def test_release_stands_still_until_five_differ():
    house = make_organization(advises=True)
    clients = [assessed(house) for _ in range(4)]
    assert release_publish(house, month(1)) is None

    clients.append(assessed(house))
    first = release_publish(house, month(1))
    assert first is not None
    assert first.bands[OVERALL] == [50, 50, 50]
    assert release_publish(house, month(1)) is None, "one a month"

    # One joins, one leaves, one is assessed anew: nothing new is said.
    assessed(house, 4)
    Engagement.objects.filter(client=clients[0]).update(ended_at=datetime(2027, 1, 9, tzinfo=UTC))
    answer(clients[1], 0)
    assert release_publish(house, month(2)) is None
    assert newest_release(house, current_guide().id) == first

    for client in clients[2:4]:
        answer(client, 4)
    second = release_publish(house, month(3))
    assert second is not None
    assert len(second.members) == 5


@pytest.mark.django_db
def test_closed_assessments_and_ended_engagements_take_no_part():
    house = make_organization(advises=True)
    for _ in range(4):
        assessed(house)
    assessed(house, areas=(Area.ROADMAP, Area.REPORTS))
    assessed(house, until=date(2020, 1, 1))

    assert release_publish(house, month(1)) is None
    assert not peer_lines(house.pk, current_guide()).lines


@pytest.mark.django_db
def test_two_consultancies_that_share_clients_do_not_tell_the_one_they_do_not():
    one, other = (make_organization(advises=True) for _ in range(2))
    for number in range(6):
        client = assessed(one)
        if number:
            make_engagement(client, other)

    published_now = peers_publish(datetime(2027, 1, 3, tzinfo=UTC))

    assert published_now == 1
    assert PeerRelease.objects.get().consultancy == one
    assert peers_publish(datetime(2027, 1, 3, 5, tzinfo=UTC)) == 0, "one turn a day"


@pytest.mark.django_db
def test_a_consultancy_that_goes_does_not_take_the_memory_along():
    one, other = (make_organization(advises=True) for _ in range(2))
    for number in range(6):
        client = assessed(one)
        if number:
            make_engagement(client, other)
    release_publish(one, month(1))

    one.delete()

    assert release_publish(other, month(2)) is None


@pytest.mark.django_db
def test_numbers_of_a_deleted_client_are_forgotten():
    house = make_organization(advises=True)
    clients = [assessed(house) for _ in range(5)]
    release_publish(house, month(1))

    gone = clients[0].pk
    clients[0].delete()
    peers_publish(datetime(2027, 2, 3, tzinfo=UTC))

    rows = {row[0]: row[2] for row in PeerRelease.objects.get().members}
    assert rows[gone] == {}
    assert all(numbers for one, numbers in rows.items() if one != gone)
    assert newest_release(house, current_guide().id) is not None


@pytest.mark.django_db
def test_what_one_client_says_changes_no_band_that_is_shown():
    """Read before, and after one client goes from one end to the other, or out."""
    house = make_organization(advises=True)
    clients = [assessed(house, level) for level in (0, 1, 2, 2, 3, 4)]
    release_publish(house, month(1))
    before = peer_lines(house.pk, current_guide())
    assert before.lines

    answer(clients[5], 0)
    assert release_publish(house, month(2)) is None
    Engagement.objects.filter(client=clients[5]).update(ended_at=datetime(2027, 1, 9, tzinfo=UTC))
    assert release_publish(house, month(3)) is None

    assert peer_lines(house.pk, current_guide()) == before
