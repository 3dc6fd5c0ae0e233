import time
from datetime import date, timedelta
from itertools import pairwise

import pytest

from assessments.domain.answers_file import parse_answers
from assessments.domain.scoring import score
from guide.registry import current_guide
from roadmap.domain.forecasting.readiness import (
    MOST_POINTS,
    Timing,
    curve_document,
    readiness_curve,
)
from roadmap.domain.lifting import Lifting
from roadmap.domain.selection import select
from tests.roadmap.answers import HOSPITAL

GUIDE = current_guide()
START = date(2027, 1, 4)


@pytest.fixture(scope="module")
def hospital():
    answers = parse_answers(HOSPITAL, GUIDE, "hospital.yaml").answers
    card = score(GUIDE, answers)
    items = [item.initiative for item in select(GUIDE, answers, card).items]
    return answers, card, Lifting(GUIDE, answers), items


def curve(hospital, *, every=9, late=1.4):
    answers, card, lifting, items = hospital
    timings = [
        Timing(
            initiative,
            START + timedelta(days=every * n),
            START + timedelta(days=round(every * n * late)),
        )
        for n, initiative in enumerate(items, start=1)
    ]
    return readiness_curve(GUIDE, answers, card, lifting, timings, START)


def test_curve_begins_at_the_score_of_today(hospital):
    _, card, _, _ = hospital

    first = curve(hospital).points[0]

    assert first.day == START
    assert first.overall.likely == card.overall.score
    assert (first.overall.low, first.overall.high) == (card.overall.low, card.overall.high)


def test_curve_never_falls_and_lies_in_its_range(hospital):
    points = curve(hospital).points

    for before, after in pairwise(points):
        assert before.day < after.day
        assert before.overall.likely <= after.overall.likely + 1e-9
        assert before.overall.low <= after.overall.low + 1e-9
        for step, found in before.steps.items():
            assert found.likely <= after.steps[step].likely + 1e-9
        for challenge, found in before.challenges.items():
            assert found.likely >= after.challenges[challenge].likely - 1e-9
    ranges = [r for p in points for r in (p.overall, *p.steps.values(), *p.challenges.values())]
    assert all(0 <= r.low <= r.likely <= r.high <= 100 for r in ranges)


def test_curve_ends_where_all_work_is_done_and_shown(hospital):
    _, _, lifting, items = hospital
    found = curve(hospital)

    after = score(GUIDE, lifting.answers_after(items)).overall

    assert found.points[-1].overall.likely == pytest.approx(after.score)
    assert found.points[-1].overall.low > after.low  # shown with its evidence
    assert found.done_likely < found.done_late <= found.points[-1].day


def test_curve_of_later_dates_has_the_lower_edge_and_the_same_middle(hospital):
    soon, late = (curve(hospital, late=slip).points for slip in (1.0, 1.5))
    middle = {p.day: p.overall for p in late}

    for point in soon:
        if point.day in middle:
            assert middle[point.day].likely == point.overall.likely
            assert middle[point.day].low <= point.overall.low


def test_curve_has_a_point_for_each_gate(hospital):
    reviews = [i for i in hospital[3] if i.kind == "review"]

    marked = [point.gate for point in curve(hospital).points if point.gate]

    assert marked == [review.gate for review in reviews]


@pytest.mark.parametrize("every", [1, 9, 45])
def test_curve_has_few_points_however_long_the_plan(hospital, every):
    points = curve(hospital, every=every).points

    assert 2 <= len(points) <= MOST_POINTS
    assert len({p.day for p in points}) == len(points)


def test_curve_of_nothing_is_empty(hospital):
    answers, card, lifting, _ = hospital

    found = readiness_curve(GUIDE, answers, card, lifting, [], START)

    assert found.points == ()
    assert curve_document(found)["from"] is None


def test_curve_takes_less_than_a_third_of_a_second(hospital):
    began = time.process_time()
    curve(hospital)

    assert time.process_time() - began < 0.3


def test_curve_document_says_from_where_to_where_until_when(hospital):
    found = curve(hospital)

    document = curve_document(found)

    assert document["from"] == round(found.points[0].overall.likely, 1)
    assert document["to"] == round(found.points[-1].overall.likely, 1)
    assert document["by"] == {
        "p50": found.done_likely.isoformat(),
        "p80": found.done_late.isoformat(),
    }
    assert len(document["points"]) == len(found.points)
