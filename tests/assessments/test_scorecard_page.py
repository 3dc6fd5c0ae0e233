"""What the score page says: no more than the answers carry, and where each number comes from."""

import re
from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from accounts.tenancy import access_to
from assessments.domain.answers import Answer, AnswerState
from assessments.domain.scoring import score
from assessments.models import Assessment, Snapshot, TargetProfile
from assessments.pages.scorecard.heat import heat_map
from assessments.pages.scorecard.history import history_of
from assessments.pages.scorecard.page import scorecard_page
from assessments.queries import answer_set
from assessments.services import assessment_submit
from assessments.services.targets import StaleTargets, targets_save
from assessments.templatetags.score_tags import signed
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import make_member, make_organization, make_user

PAGE_QUERIES = 15


def said(response) -> str:
    """The page's main text without tags, spaces joined."""
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def page_of(visitor):
    access = access_to(visitor.user, visitor.organization.slug)
    answers = answer_set(visitor.assessment)
    card = score(visitor.assessment.guide, answers)
    return scorecard_page(access, visitor.assessment, card, answers)


def fill(assessment: Assessment, level: int, *, but: int = 0) -> None:
    """All levels of the steps at one level, the first `but` of them at 0."""
    questions = [q for s in assessment.guide.steps for q in s.questions if q.kind == "level"]
    for number, question in enumerate(questions):
        save_answer(assessment, question.id, 0 if number < but else level)


def submitted(assessment: Assessment, days_ago: int) -> Assessment:
    """Submit and date back, as a round of long ago."""
    snapshot = assessment_submit(assessment=assessment, user=None)
    day = timezone.now() - timedelta(days=days_ago)
    Assessment.objects.filter(pk=assessment.pk).update(submitted_at=day)
    # The snapshot's own query set refuses to change what is frozen.
    QuerySet(Snapshot).filter(pk=snapshot.pk).update(created_at=day)
    assessment.refresh_from_db()
    return assessment


def test_few_answers_give_a_range_and_no_verdict(visitor):
    save_answer(visitor.assessment, "Q1.01", 2)

    text = said(visitor.client.get(visitor.page("scorecard")))

    assert "Too little is answered for a verdict" in text
    assert "Only 1 step has a score yet." in text
    assert "stands out" not in text and "Ranked first" not in text


def test_claims_nobody_has_shown_are_named_beside_the_number(visitor):
    fill(visitor.assessment, 4)

    page = page_of(visitor)
    text = said(visitor.client.get(visitor.page("scorecard")))

    assert page.rests_on_claims
    assert "claims nobody has shown" in text
    held = page.outlook.held_up[0]
    assert visitor.page("question", held.linked.question.id) == held.linked.room


def test_high_risks_stand_beside_every_average(visitor):
    fill(visitor.assessment, 3, but=6)

    page = page_of(visitor)

    assert page.risks
    assert sum(line.risks for line in page.steps) == len(page.risks)
    assert f"{len(page.risks)} high risk" in said(visitor.client.get(visitor.page("scorecard")))


def test_band_is_called_held_down_only_where_a_low_answer_does_it(visitor):
    save_answer(visitor.assessment, "Q1.01", 0)
    low = page_of(visitor).steps[0]
    for question in visitor.assessment.guide.steps[0].questions:
        if question.kind == "level" and question.id != "Q1.01":
            save_answer(visitor.assessment, question.id, 4)
    high = page_of(visitor).steps[0]

    assert low.capped_by and not low.is_held
    assert low.readiness.band is None  # one answer of many
    assert high.readiness.score >= 50
    assert high.is_held


def test_way_out_of_a_challenge_is_offered_with_a_link_to_try_it(visitor):
    fill(visitor.assessment, 0)

    page = page_of(visitor)
    line = next(line for line in page.ranked if line.way_out and line.way_out.moves)
    html = visitor.client.get(visitor.page("scorecard")).content.decode()

    first = line.way_out.moves[0]
    assert "What would move it" in html
    assert f"/what-if/?{first.linked.question.id}={first.move.to_value}" in html


def test_open_question_is_proposed_while_answers_can_still_be_given(visitor):
    save_answer(visitor.assessment, "Q1.01", 2)
    assert "Answer this next" in said(visitor.client.get(visitor.page("scorecard")))

    assessment_submit(assessment=visitor.assessment, user=visitor.user)

    text = said(visitor.client.get(visitor.page("scorecard")))
    assert "Left open in this round" in text
    assert "Answer this next" not in text


def test_heat_map_rows_add_up_to_the_exposures(visitor):
    fill(visitor.assessment, 1)
    guide = visitor.assessment.guide
    card = score(guide, answer_set(visitor.assessment))

    found = heat_map(guide, card.exposures)

    assert {len(row.cells) for row in found.rows} == {len(guide.steps) + found.has_profile}
    for row in found.rows:
        points = sum(cell.points or 0 for cell in row.cells)
        assert points == pytest.approx(row.exposure.score)


def test_progress_is_held_against_the_first_round_and_no_later_one(visitor):
    fill(visitor.assessment, 1)
    first = submitted(visitor.assessment, 300)
    second = make_assessment(organization=visitor.organization, name="Second")
    fill(second, 2)
    second = submitted(second, 100)
    third = make_assessment(organization=visitor.organization, name="Third")
    fill(third, 3)
    access = access_to(visitor.user, visitor.organization.slug)

    found = history_of(access, second, answer_set(second))
    now = history_of(access, third, answer_set(third))

    assert found.first.name == first.name
    assert found.first.progress.points > 15
    assert [one.name for one in found.rounds] == [first.name, "Second"]
    assert now.first.progress.points > found.first.progress.points
    assert history_of(access, first, answer_set(first)).first is None
    visitor.assessment = third
    assert "Over the rounds" in said(visitor.client.get(visitor.page("scorecard")))


def test_other_organizations_are_no_rounds_of_ours(visitor):
    other = make_assessment(organization=make_organization())
    fill(other, 1)
    submitted(other, 30)
    access = access_to(visitor.user, visitor.organization.slug)

    assert history_of(access, visitor.assessment, {}).first is None


@pytest.mark.parametrize("rounds", [0, 3])
def test_queries_do_not_grow_with_the_rounds(visitor, rounds, django_assert_max_num_queries):
    for number in range(rounds):
        done = make_assessment(organization=visitor.organization)
        save_answer(done, "Q1.01", number)
        submitted(done, 100 - number)
    save_answer(visitor.assessment, "Q1.01", 2)

    with django_assert_max_num_queries(PAGE_QUERIES):
        response = visitor.client.get(visitor.page("scorecard"))

    assert response.status_code == 200


def test_expired_answers_are_named(visitor):
    row = save_answer(visitor.assessment, "Q1.01", 3)
    row.expires_on = timezone.localdate() - timedelta(days=3)
    row.save()

    assert "1 answer past its date" in said(visitor.client.get(visitor.page("scorecard")))


# Targets


def test_editors_set_targets_and_the_audit_keeps_both(visitor):
    response = visitor.client.post(
        visitor.page("targets"), {"version": "0", "step-STEP-1": "90", "challenge-CHAL-SILOS": "20"}
    )

    assert response.status_code == 302
    stored = TargetProfile.objects.get()
    assert (stored.steps, stored.challenges) == ({"STEP-1": 90}, {"CHAL-SILOS": 20})
    entry = AuditEntry.objects.get(verb="targets.changed")
    assert entry.detail["before"] == {}
    assert entry.detail["after"]["steps"] == {"STEP-1": 90}
    assert page_of(visitor).targets.wanted.steps["STEP-1"] == 90


def test_targets_equal_to_the_proposal_are_not_stored(visitor):
    proposed = page_of(visitor).targets.proposal.steps["STEP-1"]

    visitor.client.post(
        visitor.page("targets"), {"version": "0", "step-STEP-1": str(int(proposed))}
    )

    assert not TargetProfile.objects.exists()


def test_reset_brings_the_proposal_back(visitor):
    visitor.client.post(visitor.page("targets"), {"version": "0", "step-STEP-1": "90"})

    # What else is typed does not matter then.
    again = {"version": "1", "reset": "1", "step-STEP-2": "many"}
    visitor.client.post(visitor.page("targets"), again)

    assert page_of(visitor).targets.own is None


@pytest.mark.parametrize("typed", ["101", "-1", "many", "33.5"])
def test_targets_outside_the_scale_are_refused_and_kept_as_typed(visitor, typed):
    response = visitor.client.post(
        visitor.page("targets"), {"version": "0", "step-STEP-1": typed, "step-STEP-2": "40"}
    )

    assert response.status_code == 422
    html = response.content.decode()
    assert f'value="{typed}"' in html
    assert "Give a whole number from 0 to 100" in html
    assert not TargetProfile.objects.exists()


def test_typed_targets_survive_an_ended_session(visitor):
    visitor.client.logout()
    visitor.client.post(visitor.page("targets"), {"version": "0", "step-STEP-1": "91"})
    visitor.client.force_login(visitor.user)

    html = visitor.client.get(visitor.page("targets")).content.decode()

    assert 'value="91"' in html
    assert not TargetProfile.objects.exists()


def test_targets_someone_else_changed_meanwhile_are_shown_first(visitor):
    colleague = make_user(name="Bo")
    saved = {"organization": visitor.organization, "guide_id": visitor.assessment.guide_id}
    targets_save(user=colleague, steps={"STEP-1": 50}, challenges={}, version=0, **saved)

    response = visitor.client.post(visitor.page("targets"), {"version": "0", "step-STEP-1": "90"})

    assert response.status_code == 409
    assert "Bo saved others" in said(response)
    assert TargetProfile.objects.get().steps == {"STEP-1": 50}
    again = visitor.client.post(visitor.page("targets"), {"version": "1", "step-STEP-1": "90"})
    assert again.status_code == 302
    with pytest.raises(StaleTargets):
        targets_save(user=colleague, steps={}, challenges={}, version=1, **saved)


def test_viewers_read_the_targets_and_cannot_set_them(visitor):
    viewer = make_user()
    make_member(visitor.organization, Role.VIEWER, user=viewer)
    visitor.client.force_login(viewer)

    page = visitor.client.get(visitor.page("targets"))

    assert "Save the targets" not in said(page)
    assert 'name="step-STEP-1"' not in page.content.decode()
    assert visitor.client.post(visitor.page("targets"), {"version": "0"}).status_code == 403


@pytest.mark.parametrize(
    ("number", "text"), [(6.6, "+7"), (-3.2, "−3"), (0.4, "0"), (-0.4, "0"), (None, "–")]
)
def test_differences_carry_their_sign(number, text):
    assert signed(number) == text


def test_answers_of_a_snapshot_keep_what_showed_them(visitor):
    save_answer(visitor.assessment, "Q1.01", 4)
    snapshot = assessment_submit(assessment=visitor.assessment, user=visitor.user)

    assert snapshot.answer_set()["Q1.01"] == Answer(AnswerState.ANSWERED, 4)
