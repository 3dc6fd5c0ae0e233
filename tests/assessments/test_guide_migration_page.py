"""A draft moves to a newer version of its guide, and nothing anyone gave is lost."""

import pytest

from accounts.enums import Role
from accounts.models import AuditEntry
from assessments.guides import GuideNotOffered, chosen_guide, newer_guide
from assessments.models import Answer, Assessment, Comment, SeatAnswer, Suggestion
from assessments.services import AssessmentClosed, answer_save, assessment_create, assessment_submit
from assessments.services.moving import assessment_move
from assessments.services.rounds import round_continue
from guide.registry import current_guide, forget_kept_guides
from tests.assessments.factories import (
    add_file,
    add_link,
    save_answer,
    upload_guide,
)
from tests.factories import make_member

NEXT = ("guide.yaml", '"1.0.0"', '"2.0.0"')
STEP = "steps/1-restore.yaml"
# Another level 3; an option less; a question that is gone.
OTHER_LEVEL = (STEP, "Every such system in the last year, with", "Most systems lately, with")
NO_ELSEWHERE = (STEP, "{id: elsewhere,", "{id: somewhere,")
NEW_ID = (STEP, "id: Q1.02", "id: Q1.09")
RENAMED = tuple((file, "Q1.02", "Q1.09") for file in ("initiatives/1-restore.yaml",))
OTHER_RULE = ("initiatives/1-restore.yaml", "(beside, elsewhere)", "(beside, somewhere)")


@pytest.fixture(autouse=True)
def nothing_kept():
    """Tests give one key to different guides."""
    forget_kept_guides()
    yield
    forget_kept_guides()


@pytest.fixture
def draft(visitor) -> Assessment:
    """Made with version 1.0.0 of an own guide; 2.0.0 is there."""
    stored = upload_guide(visitor.organization)
    draft = assessment_create(
        organization=visitor.organization,
        user=visitor.user,
        name="Our own way",
        profile={"P.01": "hospital"},
        guide=chosen_guide(visitor.organization, stored.key),
    )
    save_answer(draft, "Q1.01", 3, note="seen")
    save_answer(draft, "Q1.02", 1, note="ward 4", basis="interview", user=visitor.user)
    save_answer(draft, "Q1.03", "elsewhere")
    Answer.objects.filter(assessment=draft, question_id="Q1.01").update(
        confirmed_by=visitor.user, confirmed_at="2026-05-01T00:00Z"
    )
    changes = (NEXT, OTHER_LEVEL, NO_ELSEWHERE, NEW_ID, *RENAMED, OTHER_RULE)
    upload_guide(visitor.organization, *changes)
    visitor.assessment = draft
    return draft


def test_newer_version_is_told_and_its_effects_are_shown_before(visitor, draft):
    page = visitor.client.get(visitor.page("detail")).content.decode()
    assert "A newer version of this guide is there" in page

    page = visitor.client.get(visitor.page("move")).content.decode()

    assert "<strong>1 answer</strong> stays as it is" in page  # the profile's
    assert "There is no way back" in page
    assert "Most systems lately" in page
    assert "There is a paper that few have seen" in page  # what would be parked, in words
    assert draft.guide_version == "1.0.0"


def test_answers_are_kept_marked_or_parked(visitor, draft):
    assert visitor.client.post(visitor.page("move"), {"to": "2.0.0"}).status_code == 302

    draft.refresh_from_db()
    assert draft.guide_version == "2.0.0"
    kept = visitor.stored("Q1.01")
    assert (kept.value, kept.note, kept.confirmed_at) == (3, "seen", None)
    again = Suggestion.objects.get(assessment=draft)
    assert (again.question_id, again.source, again.needs_review) == ("Q1.01", "migration", True)
    assert again.words.startswith("Every such system in the last year")
    assert visitor.stored("Q1.02") is None
    assert visitor.stored("Q1.03").state == "unanswered"
    assert set(draft.parked) == {"Q1.02", "Q1.03"}
    assert draft.parked["Q1.02"]["words"] == "There is a paper that few have seen"
    assert draft.parked["Q1.02"]["note"] == "ward 4"
    entry = AuditEntry.objects.get(verb="assessment.moved")
    assert (entry.detail["from"], entry.detail["to"]) == ("1.0.0", "2.0.0")


def test_pages_after_the_move_say_what_to_read_again_and_where_the_rest_is(visitor, draft):
    visitor.client.post(visitor.page("move"), {"to": "2.0.0"})

    step = visitor.client.get(visitor.page("step", 1)).content.decode()
    assert "What is asked has changed: read again" in step
    assert "Every such system in the last year" in step
    review = visitor.client.get(visitor.page("review")).content.decode()
    assert "1 answer waits to be read again" in review
    assert visitor.page("parked") in review
    parked = visitor.client.get(visitor.page("parked")).content.decode()
    assert "There is a paper that few have seen" in parked
    assert "People we asked" in parked
    export = visitor.client.get(visitor.page("export")).content.decode()
    assert "#   Q1.02: Downtime procedures: There is a paper that few have seen: ward 4" in export

    visitor.client.post(visitor.page("suggestion", "Q1.01"), {"act": "dismiss"})
    assert not Suggestion.objects.exists()
    assert visitor.stored("Q1.01").value == 3


def test_what_hung_on_a_gone_question_is_read_with_the_parked_answers(visitor, draft):
    Comment.objects.create(assessment=draft, question_id="Q1.02", text="Ask ward 5 as well")
    link = add_link(draft, "Q1.02", title="The paper")
    piece = add_file(draft, b"Minutes of the meeting", question_id="Q1.02", user=visitor.user)
    colleague = make_member(visitor.organization, Role.EDITOR).user
    said = {"state": "answered", "updated_at": "2026-11-01T00:00Z", "user": colleague}
    for question_id, value in (("Q1.01", 3), ("Q1.02", 4)):
        SeatAnswer.objects.create(
            assessment=draft, question_id=question_id, seat="it", value=value, **said
        )

    visitor.client.post(visitor.page("move"), {"to": "2.0.0"})

    page = visitor.client.get(visitor.page("parked")).content.decode()
    assert "Ask ward 5 as well" in page
    assert link.title in page
    assert "It is rehearsed without warning" in page  # the seat's
    assert "Every such system in the last year" in page  # as the other was worded
    assert [row.question_id for row in SeatAnswer.objects.all()] == ["Q1.01"]
    assert visitor.client.get(visitor.page("evidence_file", piece.pk)).status_code == 200
    for name in ("scorecard", "divergence", "coverage", "assignments", "detail"):
        assert visitor.client.get(visitor.page(name)).status_code == 200, name


def test_moving_twice_changes_nothing_more(visitor, draft):
    visitor.client.post(visitor.page("move"), {"to": "2.0.0"})
    version = visitor.stored("Q1.01").version

    assert visitor.client.post(visitor.page("move"), {"to": "2.0.0"}).status_code == 302
    assert visitor.stored("Q1.01").version == version
    assert AuditEntry.objects.filter(verb="assessment.moved").count() == 1


def test_what_was_parked_before_stays_beside_the_newer(visitor, draft):
    assessment_move(assessment=draft, user=None, version="2.0.0")
    save_answer(draft, "Q1.09", 2)
    upload_guide(visitor.organization, ("guide.yaml", '"1.0.0"', '"3.0.0"'))
    assessment_move(assessment=draft, user=None, version="3.0.0")
    save_answer(draft, "Q1.02", 4)
    upload_guide(visitor.organization, ("guide.yaml", '"1.0.0"', '"4.0.0"'), NEW_ID, *RENAMED)
    assessment_move(assessment=draft, user=None, version="4.0.0")

    draft.refresh_from_db()
    assert set(draft.parked) == {"Q1.02", "Q1.03", "Q1.09"}
    newest = draft.parked["Q1.02"]
    assert newest["words"] == "It is rehearsed without warning, and improved after each time"
    assert [entry["note"] for entry in newest["earlier"]] == ["ward 4"]
    assert "ward 4" in visitor.client.get(visitor.page("parked")).content.decode()


def test_only_the_newest_version_is_moved_to_and_never_a_submitted_assessment(visitor, draft):
    with pytest.raises(GuideNotOffered):
        assessment_move(assessment=draft, user=None, version="1.5.0")
    assert (
        "another newest version"
        in visitor.client.post(visitor.page("move"), {"to": "9.9.9"}, follow=True).content.decode()
    )

    assessment_submit(assessment=draft, user=None)
    with pytest.raises(AssessmentClosed):
        assessment_move(assessment=draft, user=None, version="2.0.0")
    assert visitor.client.post(visitor.page("move"), {"to": "2.0.0"}).status_code == 409
    assert "A newer version" not in visitor.client.get(visitor.page("detail")).content.decode()
    draft.refresh_from_db()
    assert draft.guide_version == "1.0.0"


def test_page_opened_before_the_move_saves_no_answer_to_another_question(visitor, draft):
    Answer.objects.filter(assessment=draft, question_id="Q1.03").delete()
    visitor.client.post(visitor.page("move"), {"to": "2.0.0"})
    form = {"Q1.01-value": "2", "Q1.01-version": "2", "guide_version": "1.0.0"}

    refused = visitor.client.post(visitor.page("answer", "Q1.01"), form)

    assert refused.status_code == 422
    assert "moved to a newer guide" in refused.content.decode()
    assert visitor.stored("Q1.01").value == 3
    form["guide_version"] = "2.0.0"
    assert visitor.client.post(visitor.page("answer", "Q1.01"), form).status_code == 302


def test_answer_that_raced_the_move_is_read_by_the_new_guide(draft):
    late = Assessment.objects.get(pk=draft.pk)
    assessment_move(assessment=draft, user=None, version="2.0.0")

    with pytest.raises(ValueError, match=r"Q1\.02"):
        answer_save(
            assessment=late, user=None, question_id="Q1.02", state="answered", value=1, version=0
        )
    assert not Answer.objects.filter(assessment=draft, question_id="Q1.02").exists()


def test_viewer_reads_what_would_change_and_does_not_move(visitor, draft, client):
    client.force_login(make_member(visitor.organization, Role.VIEWER).user)

    page = client.get(visitor.page("move")).content.decode()
    assert "An editor or owner moves the assessment" in page
    assert client.post(visitor.page("move"), {"to": "2.0.0"}).status_code == 403
    draft.refresh_from_db()
    assert draft.guide_version == "1.0.0"


def test_offers_of_the_last_round_move_along(visitor, draft):
    assessment_submit(assessment=draft, user=None)
    following = assessment_create(
        organization=visitor.organization,
        user=visitor.user,
        name="Next",
        profile={},
        guide=draft.guide,
    )
    round_continue(assessment=following, previous=draft, user=visitor.user)

    assessment_move(assessment=following, user=None, version="2.0.0")

    offered = {s.question_id: s for s in Suggestion.objects.filter(assessment=following)}
    assert set(offered) == {"P.01", "Q1.01"}
    assert offered["Q1.01"].needs_review
    assert offered["Q1.01"].words.startswith("Every such system")
    assert following.parked["Q1.02"]["was_offered"]


def test_draft_of_the_first_release_moves_to_the_shipped_guide(
    visitor, django_assert_max_num_queries
):
    Assessment.objects.filter(pk=visitor.assessment.pk).update(guide_version="1.0.0")
    visitor.assessment.refresh_from_db()
    save_answer(visitor.assessment, "Q1.01", 3)
    assert newer_guide(visitor.assessment).version == current_guide().version

    with django_assert_max_num_queries(8):
        page = visitor.client.get(visitor.page("move"))
    assert page.status_code == 200
    with django_assert_max_num_queries(32):
        visitor.client.post(visitor.page("move"), {"to": current_guide().version})

    visitor.assessment.refresh_from_db()
    assert visitor.assessment.guide_version == current_guide().version
    assert visitor.stored("Q1.01").value == 3
    assert newer_guide(visitor.assessment) is None


def test_assessment_on_the_newest_version_is_told_so(visitor):
    assert "A newer version" not in visitor.client.get(visitor.page("detail")).content.decode()
    page = visitor.client.get(visitor.page("move")).content.decode()
    assert "uses the newest version" in page
    assert "Nothing is parked" in visitor.client.get(visitor.page("parked")).content.decode()


def test_parked_page_costs_the_same_for_many(visitor, django_assert_max_num_queries):
    entry = {"title": "Old", "question": "Asked?", "words": "Yes", "why": "It is no longer asked."}
    for number in (1, 30):
        parked = {f"Q9.{n:02}": entry for n in range(number)}
        Assessment.objects.filter(pk=visitor.assessment.pk).update(parked=parked)
        for question_id in parked:
            Comment.objects.create(
                assessment=visitor.assessment, question_id=question_id, text="Hm", author=None
            )
        with django_assert_max_num_queries(10):
            page = visitor.client.get(visitor.page("parked"))
        assert page.content.decode().count("Asked?") == number


def test_comment_of_a_gone_question_can_be_withdrawn(visitor, draft):
    """A patient's name may stand in it."""
    comment = Comment.objects.create(
        assessment=draft, question_id="Q1.02", author=visitor.user, text="John of ward 4"
    )
    assessment_move(assessment=draft, user=visitor.user, version="2.0.0")
    address = visitor.page("comment_withdraw", comment.pk)

    assert address in visitor.client.get(visitor.page("parked")).content.decode()
    assert visitor.client.get(address).status_code == 200
    response = visitor.client.post(address)

    assert response.url == visitor.page("parked")
    assert "John" not in visitor.client.get(visitor.page("parked")).content.decode()
