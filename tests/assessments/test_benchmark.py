"""Published figures and peers: where one lies, never a grade, never someone's numbers."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.benchmark import category_of, standings
from assessments.domain.peers import peer_band
from assessments.services import assessment_submit
from assessments.services.peers import release_publish
from guide.registry import current_guide
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import make_engagement, make_member, make_organization

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
    assert "elite" not in page.lower()


def assessed(consultancy):
    """A client of the consultancy with one answer in each step handed in."""
    organization = make_engagement(consultancy=consultancy).client
    assessment = make_assessment(organization=organization)
    for step in GUIDE.steps:
        question = next(one for one in step.questions if one.kind == "level")
        save_answer(assessment, question.id, 2)
    assessment_submit(assessment=assessment, user=None)
    return assessment


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, 5])
def test_bands_stand_beside_the_own_figures_from_five_clients_on(client, number):
    member = make_member(make_organization(advises=True))
    own = assessed(member.organization)
    for _ in range(max(0, number - 1)):
        assessed(member.organization)
    release_publish(member.organization, date(2027, 3, 1))
    client.force_login(member.user)

    url = reverse("assessments:benchmark", args=[own.organization.slug, own.pk])
    page = client.get(url).content.decode()

    assert ("<td>50–50</td>" in page) == (number >= 5)
    assert ("No bands are published yet" in page) == (number < 5)


def test_members_of_the_client_see_no_bands(visitor):
    page = visitor.client.get(visitor.page("benchmark")).content.decode()

    assert "clients of your consultancy" not in page


def test_page_stays_within_its_queries(visitor, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        assert visitor.client.get(visitor.page("benchmark")).status_code == 200
