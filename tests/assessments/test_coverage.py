"""Control by control: what speaks for it, and never a word of compliance."""

import html

import pytest
from hypothesis import given, settings

from assessments.domain.answers import Answer, AnswerState
from assessments.domain.applicability import applicable_regimes
from assessments.domain.compliance import Standing, coverage, gate_coverage, standing_of, weakest
from assessments.models import Assessment
from guide.registry import current_guide
from tests.assessments.factories import PROFILE, make_assessment, save_answer
from tests.strategies import answer_sets

GUIDE = current_guide()
LOG = GUIDE.question("Q3.05")


def level(number: int, **facts: object) -> Answer:
    return Answer(AnswerState.ANSWERED, number, **facts)


@pytest.mark.parametrize(
    ("answer", "standing"),
    [
        (level(0), Standing.MISSING),
        (level(1), Standing.MISSING),
        (level(2, evidence=1), Standing.PARTLY),
        (level(3), Standing.CLAIMED),
        (level(3, evidence=1), Standing.SHOWN),
        (level(4, confirmed=True), Standing.SHOWN),
        (level(4, evidence=1, expired=True), Standing.CLAIMED),
        (Answer(AnswerState.UNKNOWN), Standing.MISSING),
        (Answer(AnswerState.UNANSWERED), Standing.OPEN),
        (Answer(AnswerState.NOT_APPLICABLE, reason="-"), None),
    ],
)
def test_answer_speaks_as_far_as_it_is_shown(answer, standing):
    assert standing_of(LOG, answer) == standing


def test_control_is_as_strong_as_its_weakest_answer():
    assert weakest([Standing.SHOWN, Standing.PARTLY, Standing.CLAIMED]) == Standing.PARTLY
    assert weakest([Standing.OPEN, Standing.MISSING]) == Standing.MISSING
    assert weakest([]) == Standing.NOT_ASKED


@given(answer_sets(GUIDE))
@settings(deadline=None, max_examples=25)
def test_only_rules_of_the_profile_are_shown_and_work_is_named_once(answers):
    found = coverage(GUIDE, answers)

    assert [part.regime for part in found] == list(applicable_regimes(GUIDE, answers))
    for part in found:
        assert {c.control.regime for c in part.controls} <= {part.regime.id}
        assert sum(part.counts.values()) == len(part.controls)
        for control in part.controls:
            ids = [i.id for i in (*control.called_for, *control.others)]
            assert len(ids) == len(set(ids))


def test_gate_shows_controls_of_the_profile_only():
    roles = {"P.02": Answer(AnswerState.ANSWERED, {"choices": ["hipaa_covered_entity"]})}

    items = gate_coverage(GUIDE, roles, GUIDE.gate("G3"))

    regimes = {control.regime for item in items for control in item.controls}
    assert "HIPAA" in regimes
    assert "GDPR" not in regimes
    log = next(item for item in items if item.item.id == "G3-1")
    assert [i.id for i in log.initiatives] == ["A3-07"]
    assert "Q3.05" in {voice.question.id for voice in log.voices}


def test_page_names_answers_work_and_the_legal_limit(visitor):
    save_answer(visitor.assessment, "Q3.05", 1)

    page = visitor.client.get(visitor.page("coverage")).content.decode()

    assert "Not legal advice" in page
    assert "HIPAA Security Rule" in page
    assert "General Data Protection Regulation" not in page
    assert LOG.title in page
    assert "status checked 2026-06" in page


def test_page_leads_to_the_crosswalk_of_every_gate_there_is(visitor):
    page = visitor.client.get(visitor.page("coverage")).content.decode()

    for gate in visitor.assessment.guide.gates:
        assert f'href="{visitor.page("coverage_gate", gate.id)}"' in page


def test_page_says_nothing_of_pipelines_where_the_guide_does_not(visitor):
    said = "a pipeline can't prove this one"
    assert said in html.unescape(visitor.client.get(visitor.page("coverage")).content.decode())

    Assessment.objects.update(guide_version="1.0.0")

    assert said not in html.unescape(visitor.client.get(visitor.page("coverage")).content.decode())


def test_page_without_profile_says_what_to_do(visitor):
    empty = make_assessment(organization=visitor.organization, profile={})

    page = visitor.client.get(visitor.url("coverage", empty.pk)).content.decode()

    assert "HIPAA Security Rule" not in page


def test_page_for_europe_speaks_of_no_us_law(visitor):
    abroad = make_assessment(
        organization=visitor.organization, profile={**PROFILE, "P.02": ["gdpr_controller"]}
    )

    page = visitor.client.get(visitor.url("coverage", abroad.pk)).content.decode()

    assert "General Data Protection Regulation" in page
    assert "HIPAA" not in page


@pytest.mark.parametrize("gate_id", ["G1", "G3"])
def test_crosswalk_shows_every_item(visitor, gate_id):
    page = visitor.client.get(visitor.page("coverage_gate", gate_id)).content.decode()

    assert page.count('class="wm-card"') >= 3
    assert visitor.client.get(visitor.page("coverage_gate", "G99")).status_code == 404


@pytest.mark.parametrize("answered", [1, 60])
def test_page_stays_within_its_queries(visitor, django_assert_max_num_queries, answered):
    levels = [q.id for q in GUIDE.questions.values() if q.kind == "level"]
    for question_id in levels[:answered]:
        save_answer(visitor.assessment, question_id, 3)

    with django_assert_max_num_queries(8):
        assert visitor.client.get(visitor.page("coverage")).status_code == 200
