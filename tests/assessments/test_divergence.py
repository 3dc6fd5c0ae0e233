"""What lies how far apart, which is talked about first, and the pages that show it."""

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from assessments.domain.answers import UNANSWERED, Answer, AnswerState
from assessments.domain.divergence import (
    MINUTES_AT_LEAST,
    MINUTES_AT_MOST,
    Difference,
    Voice,
    can_be_seated,
    divergence,
    rank,
)
from assessments.models import SeatAnswer
from assessments.pictures.seat_strip import seat_strip
from assessments.services import assessment_submit
from guide.registry import current_guide
from tests.assessments.factories import say_from_seat
from tests.factories import make_member

GUIDE = current_guide()
QUESTIONS = [question for question in GUIDE.questions.values() if can_be_seated(question)]
UNKNOWN = Answer(AnswerState.UNKNOWN)
NOT_APPLICABLE = Answer(AnswerState.NOT_APPLICABLE, reason="None here")


def said(value) -> Answer:
    return Answer(AnswerState.ANSWERED, value)


def values_of(question):
    if question.kind == "level":
        return st.integers(0, 4)
    if question.kind == "number":
        return st.integers(0, 100) | st.floats(0, 1e6)
    options = [option.id for option in question.options]
    if question.kind == "choice":
        return st.sampled_from(options)
    return st.fixed_dictionaries({"choices": st.lists(st.sampled_from(options), unique=True)})


@st.composite
def question_and_answers(draw):
    question = draw(st.sampled_from(QUESTIONS))
    answers = st.one_of(
        values_of(question).map(said),
        st.just(UNKNOWN),
        st.just(NOT_APPLICABLE),
        st.just(UNANSWERED),
    )
    return question, draw(st.lists(answers, max_size=6))


@given(question_and_answers(), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_divergence_is_bounded_and_knows_no_order(drawn, random):
    question, answers = drawn
    shuffled = answers + answers[:2]
    random.shuffle(shuffled)

    found = divergence(question, answers)

    assert 0 <= found.degree <= 1
    assert bool(found.differences) == (found.degree > 0)
    assert divergence(question, shuffled).degree == found.degree


@given(question_and_answers(), st.integers(1, 5))
@settings(max_examples=50, deadline=None)
def test_divergence_is_zero_when_all_agree(drawn, number):
    question, answers = drawn
    for answer in answers[:1]:
        assert divergence(question, [answer] * number).degree == 0


@given(question_and_answers(), st.integers(0, 4))
@settings(max_examples=50, deadline=None)
def test_another_voice_never_lessens_a_divergence(drawn, level):
    question, answers = drawn
    more = [*answers, said(level) if question.kind == "level" else UNKNOWN]

    assert divergence(question, more).degree >= divergence(question, answers).degree


@pytest.mark.parametrize(
    ("question_id", "answers", "degree", "spread", "differences"),
    [
        ("Q1.01", [said(0), said(4)], 1, 4, {Difference.LEVELS}),
        ("Q1.01", [said(1), said(2), said(1)], 0.25, 1, {Difference.LEVELS}),
        ("Q1.01", [said(3), UNKNOWN], 0.5, None, {Difference.UNKNOWN}),
        ("Q1.01", [said(3), NOT_APPLICABLE], 0.5, None, {Difference.NOT_APPLICABLE}),
        ("Q1.01", [UNKNOWN, UNKNOWN], 0, None, set()),
        ("Q1.01", [said(2), UNANSWERED], 0, None, set()),
        ("Q1.01", [said(0), said(4), UNKNOWN], 1, 4, {Difference.LEVELS, Difference.UNKNOWN}),
        ("Q1.11", [said(10), said(40)], 0.75, None, {Difference.NUMBERS}),
        ("Q1.11", [said(0), said(0.0)], 0, None, set()),
        ("P.05", [said("we_onprem"), said("vendor_hosts")], 1, None, {Difference.OPTIONS}),
        ("P.01", [said("hospital"), said("telehealth")], 0.5, None, {Difference.OPTIONS}),
    ],
)
def test_divergence_says_how_far_and_why(question_id, answers, degree, spread, differences):
    found = divergence(GUIDE.question(question_id), answers)

    assert (found.degree, found.spread, found.differences) == (degree, spread, differences)


def test_extras_beside_the_same_options_count_least():
    question = GUIDE.question("Q1.06")
    with_count = said({"choices": ["vendor_patch"], "count": 9})

    assert divergence(question, [said({"choices": ["vendor_patch"]}), with_count]).degree == 0.25


@given(st.dictionaries(st.sampled_from([q.id for q in QUESTIONS]), st.randoms(), max_size=8))
@settings(max_examples=30, deadline=None)
def test_rank_knows_no_order_and_loses_nothing(chosen):
    voices = {}
    for question_id, random in chosen.items():
        answers = [UNKNOWN, NOT_APPLICABLE]
        if GUIDE.question(question_id).kind == "level":
            answers = [said(random.randint(0, 4)) for _ in range(3)]
        voices[question_id] = [
            Voice(seat, f"Person {number}", answer)
            for number, (seat, answer) in enumerate(
                zip(("it", "clinical", "security"), answers, strict=False)
            )
        ]
    turned = {question_id: voices[question_id][::-1] for question_id in reversed(voices)}

    ranked = rank(GUIDE, voices)

    assert rank(GUIDE, turned) == ranked
    degrees = [found.divergence.degree for found in ranked]
    assert degrees == sorted(degrees, reverse=True)
    assert {found.question.id for found in ranked} == {
        question_id
        for question_id, heard in voices.items()
        if divergence(GUIDE.question(question_id), [v.answer for v in heard]).degree
    }
    assert all(MINUTES_AT_LEAST <= found.minutes <= MINUTES_AT_MOST for found in ranked)


def test_rank_puts_the_wider_first_and_safety_before_weight_among_equals():
    levels = [q for q in GUIDE.questions.values() if q.kind == "level"]
    safety = next(q for q in levels if q.safety)
    plain = [q for q in levels if not q.safety and not q.cap]

    def voices(low, high):
        return [Voice("it", "Ada", said(low)), Voice("clinical", "Ben", said(high))]

    ranked = rank(
        GUIDE, {plain[0].id: voices(1, 2), plain[1].id: voices(0, 3), safety.id: voices(2, 3)}
    )

    assert [found.question.id for found in ranked] == [plain[1].id, safety.id, plain[0].id]


def people_in(visitor, seats=("it", "security", "compliance", "clinical", "vendor")):
    return {seat: make_member(visitor.organization).user for seat in seats}


def test_page_ranks_what_differs_and_names_who_has_not_been_heard(visitor):
    people = people_in(visitor, ["it", "clinical"])
    for question_id, low, high in (("Q1.01", 1, 2), ("Q1.02", 0, 4), ("Q1.05", 2, 2)):
        say_from_seat(visitor.assessment, question_id, "it", low, user=people["it"])
        say_from_seat(visitor.assessment, question_id, "clinical", high, user=people["clinical"])

    page = visitor.client.get(visitor.page("divergence")).content.decode()

    title = visitor.assessment.guide.question
    assert page.index(f"1. {title('Q1.02').title}") < page.index(f"2. {title('Q1.01').title}")
    assert f". {title('Q1.05').title}" not in page
    assert "Not heard yet:" in page
    assert "Security, Compliance and privacy, Vendor management and procurement" in page
    other = visitor.client.get(visitor.page("divergence") + "?step=2").content.decode()
    assert title("Q1.02").title not in other
    assert visitor.client.get(visitor.page("divergence") + "?step=99").status_code == 404


def test_unknown_against_a_level_is_a_finding_and_explained(visitor):
    say_from_seat(visitor.assessment, "Q1.01", "it", 3)
    say_from_seat(visitor.assessment, "Q1.01", "clinical", state="unknown")

    page = visitor.client.get(visitor.page("divergence")).content.decode()

    assert "Not known to everyone" in page
    assert "not everyone has heard of it" in page


def test_what_is_settled_leaves_the_ranking_until_someone_answers_anew(visitor):
    ben = say_from_seat(visitor.assessment, "Q1.01", "it", 4).user
    say_from_seat(visitor.assessment, "Q1.01", "clinical", 0)
    data = {"settle-Q1.01-value": "2", "settle-Q1.01-version": "0", "agreed": [ben.pk]}
    visitor.client.post(visitor.page("settle", "Q1.01"), data)
    page = visitor.client.get(visitor.page("divergence")).content.decode()
    assert "No open disagreement here." in page
    assert "Settled on" in page

    say_from_seat(visitor.assessment, "Q1.01", "security", 3)

    page = visitor.client.get(visitor.page("divergence")).content.decode()
    assert "but an answer has changed since" in page


def test_agenda_holds_what_fits_into_an_hour_and_all_when_asked(visitor):
    people = people_in(visitor, ["it", "clinical"])
    levels = [q for q in GUIDE.steps[0].questions if q.kind == "level"]
    for question in levels:
        say_from_seat(visitor.assessment, question.id, "it", 0, user=people["it"], note="I saw it")
        say_from_seat(visitor.assessment, question.id, "clinical", 4, user=people["clinical"])

    short = visitor.client.get(visitor.page("agenda")).content.decode()
    whole = visitor.client.get(visitor.page("agenda") + "?items=all").content.decode()

    assert 3 <= short.count("wm-agenda__box") < whole.count("wm-agenda__box")
    assert "(estimate)" in short
    assert "I saw it" in short
    assert f"{people['clinical']} (Clinical)" in short
    assert levels[0].levels[2] in whole


@pytest.mark.parametrize("name", ["divergence", "agenda"])
def test_contributors_do_not_see_the_ranking_of_a_draft_even_if_it_is_open(visitor, name):
    visitor.assessment.is_open_to_contributors = True
    visitor.assessment.save()
    client = Client()
    client.force_login(make_member(visitor.organization, Role.CONTRIBUTOR).user)

    assert client.get(visitor.page(name)).status_code == 403
    assessment_submit(assessment=visitor.assessment, user=None)
    assert client.get(visitor.page(name)).status_code == 200


@pytest.mark.parametrize("number", [5, 100])
@pytest.mark.parametrize("name", ["divergence", "agenda"])
def test_pages_ask_no_more_for_many_questions(visitor, django_assert_max_num_queries, number, name):
    people = people_in(visitor)
    rows = [
        SeatAnswer(
            assessment=visitor.assessment,
            question_id=question.id,
            seat=seat,
            user=user,
            state="unknown" if place else "not_applicable",
            updated_at=timezone.now(),
        )
        for question in QUESTIONS[:number]
        for place, (seat, user) in enumerate(people.items())
    ]
    SeatAnswer.objects.bulk_create(rows)
    with django_assert_max_num_queries(10):
        response = visitor.client.get(visitor.page(name) + "?items=all")
    assert response.status_code == 200


def test_strip_places_dots_by_level_and_counts_people_of_a_seat():
    voices = [
        Voice("it", "Ada", said(1)),
        Voice("it", "Ben", said(1)),
        Voice("it", "Cleo", said(4)),
        Voice("clinical", "Dana", UNKNOWN),
    ]

    strip = seat_strip(voices, {"it": "IT"})

    first, second = strip.lines
    assert [(dot.people, dot.is_level) for dot in first.dots] == [(2, True), (1, True)]
    assert (first.label, second.label) == ("IT", "clinical")
    assert first.dots[0].x == strip.ticks[1].x == strip.band_x == first.from_x
    assert first.dots[1].x == strip.ticks[4].x == strip.band_x + strip.band_width
    assert second.dots[0].x == strip.ticks[-1].x == strip.right
    assert strip.ticks[-1].text == ""
    assert seat_strip(voices[:3], {}).ticks[-1].text == "4"
