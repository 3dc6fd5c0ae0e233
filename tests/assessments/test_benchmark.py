"""Published figures and peers: where one lies, never a grade, never someone's numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from assessments.domain.answers import Answer, AnswerState
from assessments.domain.benchmark import category_of, standings
from assessments.domain.peers import peer_band
from assessments.services import assessment_submit
from guide.registry import current_guide
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import make_member, make_organization

GUIDE = current_guide()
DORA = GUIDE.benchmarks[0]
MEASURES = {measure.id: measure for measure in DORA.measures}


def answered(value):
    return Answer(AnswerState.ANSWERED, value)


@pytest.mark.parametrize(
    ("measure", "given", "category"),
    [
        ("lead_time", 0.5, 6),
        ("lead_time", 1, 5),
        ("lead_time", 24, 4),
        ("lead_time", 200, 3),
        ("lead_time", 2000, 2),
        ("lead_time", 5000, 1),
        ("frequency", 0, 1),
        ("frequency", 0.5, 2),
        ("frequency", 1, 3),
        ("frequency", 10, 4),
        ("frequency", 60, 5),
        ("frequency", 1000, 6),
        ("recovery", 45, 6),
        ("recovery", 600, 5),
        ("recovery", 300_000, 1),
        ("failure", 12, None),
    ],
)
def test_figure_falls_into_its_answer_step(measure, given, category):
    assert category_of(MEASURES[measure], given) == category


def test_category_becomes_a_place_on_the_published_scale():
    answers = {"Q6.07": answered(200), "Q6.03": answered({"median": 45}), "Q6.02": answered(8)}

    found = {s.measure.id: s for s in standings(GUIDE, answers, DORA)}

    assert found["lead_time"].own == 4.0  # category 3: (3 - 1) / 5 * 10
    assert [p.where for p in found["lead_time"].published] == ["within", "within"]
    assert found["recovery"].own == 10.0
    assert [p.where for p in found["recovery"].published] == ["higher", "higher"]
    assert found["failure"].own == 8
    assert [(p.mean, p.where) for p in found["failure"].published] == [
        (25, "beside"),
        (19, "beside"),
    ]


def test_published_figures_are_those_of_the_report():
    figures = {measure.id: dict(measure.figures) for measure in DORA.measures}

    assert figures == {
        "lead_time": {"healthcare": (5.0, 2.6), "all": (5.5, 2.4)},
        "frequency": {"healthcare": (4.3, 2.8), "all": (4.8, 2.8)},
        "recovery": {"healthcare": (7.1, 2.2), "all": (7.4, 2.1)},
        "failure": {"healthcare": (25,), "all": (19,)},
        "rework": {"healthcare": (26,), "all": (22,)},
    }
    assert (DORA.year, DORA.licence) == (2025, "CC BY-NC-SA 4.0")


def test_missing_figure_says_why():
    answers = {"Q6.07": Answer(AnswerState.UNKNOWN), "Q6.03": answered({"worst": 90})}

    found = {s.measure.id: s.gap for s in standings(GUIDE, answers, DORA)}

    assert found["lead_time"] == "unknown"
    assert found["recovery"] == "unanswered"
    assert found["frequency"] == "unanswered"


@given(st.lists(st.floats(0, 100), max_size=30))
@settings(max_examples=50)
def test_band_of_peers_needs_five_and_stays_inside(scores):
    band = peer_band(scores)

    assert (band is None) == (len(scores) < 5)
    if band:
        assert 0 <= band.low <= band.median <= band.high <= 100
        assert {band.low % 5, band.median % 5, band.high % 5} == {0}


def test_page_shows_the_figures_and_their_source(visitor):
    save_answer(visitor.assessment, "Q6.07", 200)

    page = visitor.client.get(visitor.page("benchmark")).content.decode()

    assert "CC BY-NC-SA 4.0" in page
    assert "(step 3 of 6, 4.0 of 10)" in page
    assert "you don" not in page
    assert "begins at 5 other organizations" in page
    assert "elite" not in page.lower()


def clients(user, number, role=Role.EDITOR):
    for _ in range(number):
        organization = make_organization()
        make_member(organization, role, user=user)
        assessment = make_assessment(organization=organization)
        save_answer(assessment, "Q1.01", 2)
        assessment_submit(assessment=assessment, user=None)


def test_peers_appear_from_five_others_on(visitor):
    clients(visitor.user, 4)
    assert "begins at 5 other" in visitor.client.get(visitor.page("benchmark")).content.decode()

    clients(visitor.user, 1)
    page = visitor.client.get(visitor.page("benchmark")).content.decode()
    assert "<td>50–50</td>" in page


def test_organizations_one_only_reads_are_no_peers(visitor):
    clients(visitor.user, 6, role=Role.VIEWER)

    assert "begins at 5 other" in visitor.client.get(visitor.page("benchmark")).content.decode()


@pytest.mark.parametrize("number", [1, 8])
def test_page_stays_within_its_queries(visitor, django_assert_max_num_queries, number):
    clients(visitor.user, number)

    with django_assert_max_num_queries(11):
        assert visitor.client.get(visitor.page("benchmark")).status_code == 200
