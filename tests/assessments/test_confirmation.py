"""High answers need proof: who may confirm them, and what takes a confirmation off."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from assessments.queries import answer_rows
from assessments.services import assessment_submit
from assessments.services.confirmation import NotConfirmed, answers_confirm
from tests.assessments.factories import add_link, save_answer
from tests.factories import make_member, make_user

REASON = "I saw the drill on 3 May."


@pytest.fixture
def claim(visitor):
    """A colleague claims level 4 for Q1.01."""
    colleague = make_member(visitor.organization, Role.EDITOR, user=make_user(name="Carl")).user
    save_answer(visitor.assessment, "Q1.01", 4, user=colleague)
    return visitor


def confirm(visitor, question_id="Q1.01", *, client=None, **data):
    given = {"reason": REASON, "version": "1", **data}
    return (client or visitor.client).post(visitor.page("confirm", question_id), given)


def is_confirmed(visitor, question_id="Q1.01") -> bool:
    return answer_rows(visitor.assessment)[question_id].to_domain().confirmed


def test_high_answer_without_evidence_says_what_it_does_to_the_score(claim):
    page = claim.client.get(claim.page("question", "Q1.01")).content.decode()

    assert "Unconfirmed" in page
    assert "the range of the score allows for level 2" in page


def test_colleague_confirms_and_everyone_sees_who_when_and_why(claim):
    response = confirm(claim)

    page = claim.client.get(claim.page("question", "Q1.01")).content.decode()
    assert response.status_code == 302
    assert is_confirmed(claim)
    assert "Ada stood for level 4" in page
    assert REASON in page
    entry = AuditEntry.objects.get(verb="answer.confirmed")
    assert (entry.detail["reason"], entry.detail["own"]) == (REASON, False)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"reason": "  "}, "Say in a sentence"),
        ({"reason": "x" * 1001}, "Shorten the reason"),
        ({"version": "0"}, "changed in the meantime"),
        ({"version": "9" * 30}, "changed in the meantime"),
    ],
)
def test_confirmation_is_refused_with_what_to_do(claim, data, says):
    response = confirm(claim, **data)

    assert response.status_code == 422
    assert says in response.content.decode()
    assert not is_confirmed(claim)


def test_nobody_confirms_their_own_answer_while_someone_else_could(claim):
    save_answer(claim.assessment, "Q1.02", 4, user=claim.user)

    response = confirm(claim, "Q1.02")

    assert response.status_code == 422
    assert "You gave the answer to Q1.02 yourself" in response.content.decode()
    page = claim.client.get(claim.page("question", "Q1.02")).content.decode()
    assert "another editor or owner confirms it" in page


def test_the_only_editor_may_confirm_their_own_answer_and_it_is_said(visitor):
    make_member(visitor.organization, Role.CONTRIBUTOR)
    save_answer(visitor.assessment, "Q1.01", 4, user=visitor.user)
    page = visitor.client.get(visitor.page("question", "Q1.01")).content.decode()

    response = confirm(visitor)

    assert "the only one here who may confirm" in page
    assert response.status_code == 302
    assert AuditEntry.objects.get(verb="answer.confirmed").detail["own"] is True


@pytest.mark.parametrize(
    ("changes", "kept"),
    [({"value": 3}, False), ({"value": 4, "note": "More"}, False), ({"value": 4}, True)],
)
def test_changed_answer_loses_its_confirmation(claim, changes, kept):
    confirm(claim)

    save_answer(claim.assessment, "Q1.01", **{"version": 1, **changes})

    assert is_confirmed(claim) is kept


def test_answer_with_evidence_or_a_low_one_needs_no_confirmation(claim):
    add_link(claim.assessment)
    save_answer(claim.assessment, "Q1.02", 2, user=make_user())

    shown = claim.client.get(claim.page("question", "Q1.01")).content.decode()
    low = claim.client.get(claim.page("question", "Q1.02")).content.decode()

    assert "Shown by evidence" in shown
    assert 'id="confirmation"' not in low
    assert confirm(claim).status_code == 422


def test_confirmation_is_withdrawn(claim):
    confirm(claim)

    response = claim.client.post(claim.page("confirm", "Q1.01"), {"withdraw": "1"})

    assert response.status_code == 302
    assert not is_confirmed(claim)
    assert AuditEntry.objects.filter(verb="answer.confirmation_withdrawn").count() == 1


def test_submitted_assessment_takes_no_confirmation(claim):
    assessment_submit(assessment=claim.assessment, user=None)

    assert confirm(claim).status_code == 409


def test_several_are_confirmed_at_once_or_none(claim):
    save_answer(claim.assessment, "Q1.02", 3, user=make_user())
    both = ["Q1.01:1", "Q1.02:1"]

    stale = claim.client.post(
        claim.page("unconfirmed"), {"answers": ["Q1.01:1", "Q1.02:7"], "reason": REASON}
    )
    assert stale.status_code == 422
    assert REASON in stale.content.decode()
    assert not is_confirmed(claim)
    for wrong in ([], ["nonsense"], ["Q9.99:1"]):
        data = {"answers": wrong, "reason": REASON}
        assert claim.client.post(claim.page("unconfirmed"), data).status_code == 422

    claim.client.post(claim.page("unconfirmed"), {"answers": both, "reason": REASON})

    assert is_confirmed(claim)
    assert is_confirmed(claim, "Q1.02")
    page = claim.client.get(claim.page("unconfirmed")).content.decode()
    assert "Every high answer is shown by evidence or confirmed" in page


def test_viewer_reads_the_list_and_confirms_nothing(claim):
    client = Client()
    client.force_login(make_member(claim.organization, Role.VIEWER).user)

    page = client.get(claim.page("unconfirmed")).content.decode()

    assert "Q1.01" in page
    assert 'type="checkbox"' not in page
    data = {"answers": ["Q1.01:1"], "reason": REASON}
    assert client.post(claim.page("unconfirmed"), data).status_code == 403


def test_review_and_score_count_what_is_unconfirmed(claim):
    for name in ("review", "scorecard"):
        assert claim.page("unconfirmed") in claim.client.get(claim.page(name)).content.decode()


def test_question_of_another_guide_is_not_confirmed(claim):
    with pytest.raises(NotConfirmed, match="changed in the meantime"):
        answers_confirm(
            assessment=claim.assessment, user=claim.user, seen=[("Q9.99", 1)], reason=REASON
        )


def test_another_day_to_ask_again_makes_nobody_the_giver(claim):
    """Or two people could confirm each one's own claims by touching the other's date."""
    giver = claim.stored("Q1.01").updated_by
    later = timezone.localdate() + timedelta(days=30)

    save_answer(claim.assessment, "Q1.01", 4, user=claim.user, version=1, expires_on=later)

    saved = claim.stored("Q1.01")
    assert (saved.updated_by, saved.expires_on, saved.version) == (giver, later, 2)
    assert confirm(claim, version="2").status_code == 302
