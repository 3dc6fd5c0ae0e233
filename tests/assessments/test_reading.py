"""What others report is shown where it helps to decide, and never as a promise."""

import pytest

from assessments.domain.reading import shelves, topics
from guide.registry import current_guide

GUIDE = current_guide()


@pytest.mark.parametrize("topic", [part.id for part in topics(GUIDE)])
def test_reading_for_a_topic_holds_what_helps_with_it_and_nothing_else(topic):
    shown = {concept.id for shelf in shelves(GUIDE, topic) for concept in shelf.concepts}

    assert shown == {c.id for c in GUIDE.concepts if topic in c.helps_with}


def test_all_reading_stands_on_exactly_one_shelf():
    shown = [concept.id for shelf in shelves(GUIDE) for concept in shelf.concepts]

    assert sorted(shown) == sorted(c.id for c in GUIDE.concepts if c.helps_with)


def test_every_step_and_challenge_has_something_to_read():
    assert {part.id for part in topics(GUIDE)} == {
        part.id for part in (*GUIDE.steps, *GUIDE.challenges)
    }


def test_page_tells_a_case_with_its_caveat_and_source(visitor):
    case = GUIDE.concept("CASE-STANDARDPRACTICE")

    page = visitor.client.get(visitor.page("reading"), {"for": "STEP-3"}).content.decode()

    assert case.title in page
    assert case.caveat.split(".")[0] in page
    assert GUIDE.source("S004").title in page
    assert GUIDE.concept("CASE-KAISER").title not in page
    assert visitor.client.get(visitor.page("reading"), {"for": "nothing"}).status_code == 404


def test_question_says_what_it_informs_and_what_stands_behind_it(visitor):
    question = GUIDE.question("Q3.05")

    page = visitor.client.get(visitor.page("step", 3)).content.decode()

    about = page.split(question.why)[1].split("</details>")[0]
    assert GUIDE.challenge("CHAL-COMPLIANCE").title in about
    assert all(GUIDE.concept(concept).title in about for concept in question.links)
