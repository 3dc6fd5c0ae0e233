"""Saving answers, submitting, and what a snapshot refuses."""

import pytest
from django.db import connection

from accounts.models import AuditEntry
from assessments.domain.answers import Answer, AnswerState
from assessments.models import Answer as AnswerRow
from assessments.models import Snapshot, SnapshotIsFrozen
from assessments.queries import answer_set, last_profile
from assessments.services import (
    NOTE_LIMIT,
    AnswerInvalid,
    AssessmentClosed,
    AssessmentIncomplete,
    StaleAnswer,
    assessment_create,
    assessment_import,
    assessment_submit,
    row_fingerprint,
    row_remove,
    row_save,
)
from tests.assessments.factories import make_assessment, save_answer
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


def test_answer_save_stores_the_answer_with_who_and_version():
    assessment = make_assessment()
    user = make_user()

    saved = save_answer(
        assessment, "Q1.01", "3", note=" Seen\r\nin June ", basis="document", user=user
    )

    saved.refresh_from_db()
    assert (saved.state, saved.value, saved.note) == ("answered", 3, "Seen\nin June")
    assert (saved.basis, saved.version, saved.updated_by) == ("document", 1, user)


def test_answer_save_of_a_newer_version_replaces_the_answer():
    assessment = make_assessment()
    save_answer(assessment, "Q1.01", 1)

    save_answer(assessment, "Q1.01", 2, version=1)

    row = AnswerRow.objects.get(assessment=assessment, question_id="Q1.01")
    assert (row.value, row.version) == (2, 2)


@pytest.mark.parametrize("version", [0, 1, 7])
def test_answer_save_refuses_to_overwrite_an_answer_it_has_not_seen(version):
    assessment = make_assessment()
    save_answer(assessment, "Q1.01", 1)
    other = make_user(name="Ada")
    save_answer(assessment, "Q1.01", 2, version=1, user=other)

    with pytest.raises(StaleAnswer) as stale:
        save_answer(assessment, "Q1.01", 4, version=version)

    assert (stale.value.current.value, stale.value.current.updated_by) == (2, other)
    assert answer_set(assessment)["Q1.01"].value == 2


def test_answer_save_of_the_same_answer_twice_changes_nothing():
    assessment = make_assessment()
    first = save_answer(assessment, "Q1.01", 1)

    second = save_answer(assessment, "Q1.01", 1)

    assert (second.version, second.updated_at) == (1, first.updated_at)


@pytest.mark.parametrize(
    ("question_id", "state", "value"),
    [
        ("Q1.01", "answered", 5),
        ("Q1.01", "answered", -1),
        ("Q1.01", "answered", "3.0"),
        ("Q1.01", "answered", True),
        ("Q1.01", "answered", None),
        ("Q1.01", "answered", []),
        ("Q1.01", "certain", 1),
        ("Q9.99", "answered", 1),
        ("T1", "answered", 2),
        ("P.01", "answered", "spaceship"),
        ("P.02", "answered", ["hipaa_covered_entity", "none"]),
        ("P.04", "answered", {"it_ops": -1}),
        ("P.04", "answered", {"it_ops": float("nan")}),
        ("P.04", "answered", {"plumbers": 2}),
    ],
)
def test_answer_save_refuses_what_is_no_answer(question_id, state, value):
    assessment = make_assessment(profile={})

    with pytest.raises(AnswerInvalid) as invalid:
        save_answer(assessment, question_id, value, state=state)

    assert invalid.value.messages
    assert not AnswerRow.objects.exists()


def test_answer_save_names_the_field_by_its_label():
    assessment = make_assessment()

    with pytest.raises(AnswerInvalid) as invalid:
        save_answer(assessment, "P.04", {"it_ops": "many"}, version=1)

    assert invalid.value.messages == [
        "IT operations and support: give a number; 'many' is not one."
    ]


def test_answer_save_takes_a_note_up_to_the_limit_and_no_longer():
    assessment = make_assessment()
    note = "שלום 🙂 " * 2000

    save_answer(assessment, "Q1.01", 1, note=note[:NOTE_LIMIT])
    with pytest.raises(AnswerInvalid) as invalid:
        save_answer(assessment, "Q1.01", 1, note="x" * (NOTE_LIMIT + 1), version=1)

    assert "10,001 characters and 10,000 fit" in invalid.value.messages[0]
    assert answer_set(assessment)["Q1.01"].note == note[:NOTE_LIMIT].strip()


def test_answer_save_keeps_a_note_to_a_question_still_open():
    assessment = make_assessment()

    save_answer(assessment, "Q1.01", None, state="unanswered", note="Ask Ada")

    assert answer_set(assessment)["Q1.01"] == Answer(AnswerState.UNANSWERED, note="Ask Ada")


def test_answer_save_refuses_a_submitted_assessment():
    assessment = make_assessment()
    assessment_submit(assessment=assessment, user=None)

    with pytest.raises(AssessmentClosed):
        save_answer(assessment, "Q1.01", 1)


def row_arguments(assessment):
    return {"assessment": assessment, "user": None, "question_id": "T1"}


def test_row_save_adds_changes_and_removes_rows():
    assessment = make_assessment()
    common = row_arguments(assessment)

    row_save(**common, row=None, cells={"name": "EHR", "tier": "1"})
    row_save(**common, row=None, cells={"name": "Lab"})
    ehr = row_fingerprint({"name": "EHR", "tier": "1"})
    row_save(**common, row=0, cells={"name": "EHR", "tier": "2"}, was=ehr)
    row_remove(**common, row=1, was=row_fingerprint({"name": "Lab"}))

    assert answer_set(assessment)["T1"].value == [{"name": "EHR", "tier": "2"}]


def test_row_save_finds_its_row_after_others_moved_it():
    assessment = make_assessment()
    common = row_arguments(assessment)
    for name in ("EHR", "Lab", "Pharmacy"):
        row_save(**common, row=None, cells={"name": name})
    row_remove(**common, row=0, was=row_fingerprint({"name": "EHR"}))

    row_save(
        **common, row=1, cells={"name": "Lab", "tier": "2"}, was=row_fingerprint({"name": "Lab"})
    )

    assert answer_set(assessment)["T1"].value == [
        {"name": "Lab", "tier": "2"},
        {"name": "Pharmacy"},
    ]


def test_row_save_refuses_to_overwrite_a_row_that_changed():
    assessment = make_assessment()
    common = row_arguments(assessment)
    row_save(**common, row=None, cells={"name": "EHR"})
    was = row_fingerprint({"name": "EHR"})
    row_save(**common, row=0, cells={"name": "EHR 2"}, was=was)

    with pytest.raises(StaleAnswer):
        row_save(**common, row=0, cells={"name": "X"}, was=was)
    with pytest.raises(StaleAnswer):
        row_remove(**common, row=0, was=was)
    assert answer_set(assessment)["T1"].value == [{"name": "EHR 2"}]


def test_row_remove_of_the_last_row_leaves_the_question_open():
    assessment = make_assessment()
    common = row_arguments(assessment)
    row_save(**common, row=None, cells={"name": "EHR"})

    row_remove(**common, row=0, was=row_fingerprint({"name": "EHR"}))

    assert answer_set(assessment)["T1"].state is AnswerState.UNANSWERED


@pytest.mark.parametrize("cells", [{}, {"name": ""}, {"nonsense": "1"}, {"tier": "9"}])
def test_row_save_refuses_what_is_no_row(cells):
    with pytest.raises(AnswerInvalid):
        row_save(assessment=make_assessment(), user=None, question_id="T1", row=None, cells=cells)


def test_assessment_create_copies_nothing_from_a_wrong_profile():
    organization = make_organization()

    with pytest.raises(AnswerInvalid):
        assessment_create(
            organization=organization, user=None, name="A", profile={"P.01": "spaceship"}
        )

    assert not organization.assessments.exists()


def test_last_profile_starts_from_the_newest_assessment():
    organization = make_organization()
    make_assessment(organization=organization, profile={"P.01": "lab"})
    newest = make_assessment(organization=organization, profile={"P.01": "pharmacy"})

    found = last_profile(organization, newest.guide)

    assert found == {"P.01": Answer(AnswerState.ANSWERED, "pharmacy")}


def test_assessment_submit_freezes_answers_and_score():
    user = make_user()
    assessment = make_assessment(user=user)
    save_answer(assessment, "Q1.01", 1, note="n", basis="interview")
    before = answer_set(assessment)

    snapshot = assessment_submit(assessment=assessment, user=user)

    assert assessment.is_submitted
    assert snapshot.answer_set() == before
    assert snapshot.scorecard["steps"][0]["answered"] == 1
    assert len(snapshot.input_hash) == 64
    assert AuditEntry.objects.filter(verb="assessment.submitted").count() == 1


def test_assessment_submit_twice_gives_the_same_snapshot():
    assessment = make_assessment()

    first = assessment_submit(assessment=assessment, user=None)
    second = assessment_submit(assessment=assessment, user=None)

    assert first == second
    assert Snapshot.objects.count() == 1


def test_assessment_submit_wants_a_reason_for_not_applicable():
    assessment = make_assessment()
    save_answer(assessment, "Q1.01", None, state="not_applicable")

    with pytest.raises(AssessmentIncomplete) as incomplete:
        assessment_submit(assessment=assessment, user=None)

    assert [question.id for question in incomplete.value.questions] == ["Q1.01"]
    assert not Snapshot.objects.exists()


def test_snapshot_refuses_every_change():
    snapshot = assessment_submit(assessment=make_assessment(), user=None)

    with pytest.raises(SnapshotIsFrozen):
        snapshot.save()
    with pytest.raises(SnapshotIsFrozen):
        snapshot.delete()
    with pytest.raises(SnapshotIsFrozen):
        Snapshot.objects.update(input_hash="x")
    with pytest.raises(SnapshotIsFrozen):
        Snapshot.objects.filter(pk=snapshot.pk).delete()
    with pytest.raises(SnapshotIsFrozen):
        Snapshot.objects.bulk_update([snapshot], ["input_hash"])


def test_snapshot_goes_with_its_organization():
    snapshot = assessment_submit(assessment=make_assessment(), user=None)

    snapshot.organization.delete()

    assert not Snapshot.objects.exists()


def test_equal_answers_have_equal_hashes():
    organization = make_organization()
    profile = {"P.01": "lab", "P.06": "none"}
    backwards = dict(reversed(profile.items()))

    hashes = {
        assessment_submit(
            assessment=make_assessment(organization=organization, profile=given), user=None
        ).input_hash
        for given in (profile, backwards)
    }

    assert len(hashes) == 1


def test_assessment_import_stores_all_answers_and_is_recorded():
    organization = make_organization()
    answers = {"Q1.01": Answer(AnswerState.ANSWERED, 2), "Q1.02": Answer(AnswerState.UNKNOWN)}

    assessment = assessment_import(
        organization=organization, user=None, name="From a file", answers=answers
    )

    assert answer_set(assessment) == answers
    assert AuditEntry.objects.get().detail == {"answers": 2}


def after_reading(act):
    """An execute wrapper that lets someone else act right after the stored answer was read."""
    waiting = [act]

    def wrapper(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if waiting and sql.startswith("SELECT") and 'FROM "assessments_answer"' in sql:
            waiting.pop()()
        return result

    return connection.execute_wrapper(wrapper)


def test_answer_save_loses_to_an_update_that_came_in_between():
    assessment = make_assessment()
    save_answer(assessment, "Q1.01", 1)
    rows = AnswerRow.objects.filter(assessment=assessment, question_id="Q1.01")

    with (
        after_reading(lambda: rows.update(value=4, version=2)),
        pytest.raises(StaleAnswer) as stale,
    ):
        save_answer(assessment, "Q1.01", 3, version=1)

    # One connection plays both parts, so the other's save is rolled back with this one.
    assert stale.value.current.value == 4
    assert rows.get().value == 1


def test_answer_save_loses_to_a_first_answer_it_could_not_see():
    assessment = make_assessment()
    save_answer(assessment, "Q1.01", 4)
    looks = []

    def blind_once(execute, sql, params, many, context):
        if not looks and sql.startswith("SELECT") and 'FROM "assessments_answer"' in sql:
            looks.append(sql)
            params = tuple("none" if part == "Q1.01" else part for part in params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(blind_once), pytest.raises(StaleAnswer) as stale:
        save_answer(assessment, "Q1.01", 3)

    assert stale.value.current.value == 4
    assert answer_set(assessment)["Q1.01"].value == 4
