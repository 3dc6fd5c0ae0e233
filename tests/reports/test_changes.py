"""What changed since an earlier report: the comparison, its section, and which report it is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.models import Job
from reports.choices import Choices
from reports.documents.changes import changes
from reports.documents.sections import document_html
from reports.frozen.changes import MOVED_FROM, ChangesEntry, compare
from reports.frozen.snapshot import (
    Days,
    PlanSummary,
    Progress,
    Ref,
    ReportSnapshot,
    Risk,
    from_json,
    to_json,
)
from reports.frozen.trace import ProofEntry
from reports.frozen.working_time import CalendarEntry
from reports.models import Report
from reports.services.making import report_request
from roadmap.models import PlannedInitiative
from tests.reports.factories import ONE_STEP, make_roadmap
from tests.reports.samples import initiative, progress_of, small_snapshot

OLD = small_snapshot()
NEW = small_snapshot(generated_on=date(2026, 12, 24))


def test_reports_that_say_the_same_differ_in_nothing_but_the_day() -> None:
    found = compare(OLD, NEW)

    assert found.is_empty
    assert found.since == OLD.generated_on


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"A1_01": "done"}, "done"),
        ({"A1_01": "in_progress"}, "started"),
        ({"A1_01": "dropped"}, "dropped"),
    ],
)
def test_what_was_reported_since_is_told_once(changed: dict[str, str], told: str) -> None:
    found = compare(OLD, progress_of(NEW, **changed))

    assert [row.id for row in getattr(found, told)] == ["A1-01"]
    assert sum(bool(getattr(found, name)) for name in ("done", "started", "dropped")) == 1


def test_work_that_was_done_and_is_open_again_is_told() -> None:
    found = compare(progress_of(OLD, A1_02="done"), NEW)

    assert [row.id for row in found.reopened] == ["A1-02"]
    assert found.done == ()


def test_initiatives_that_came_and_went_are_told_with_why() -> None:
    other = replace(NEW, initiatives=(*NEW.initiatives[1:], initiative(7)))

    found = compare(OLD, other)

    assert [row.id for row in found.new] == ["A1-07"]
    assert [row.id for row in found.gone] == ["A1-01"]


@pytest.mark.parametrize("days", [-14, -7, -1, 1, 4, 7, 21])
def test_moved_work_is_listed_from_a_week_on(days: int) -> None:
    first = NEW.initiatives[0]
    moved = replace(first, finish=first.finish + timedelta(days=days))
    found = compare(OLD, replace(NEW, initiatives=(moved, *NEW.initiatives[1:])))

    listed = [(shift.id, shift.days) for shift in found.moved]
    worked = round(days / 7 * 5) if abs(days) >= 7 else 0
    assert listed == ([("A1-01", worked)] if abs(worked) >= MOVED_FROM else [])


def test_holidays_of_the_newer_plan_do_not_count_as_days_moved() -> None:
    first = NEW.initiatives[0]
    following = first.finish + timedelta(days=7)
    moved = replace(first, finish=following)
    calendar = CalendarEntry(holidays=tuple(following - timedelta(days=n) for n in (1, 2)))

    found = compare(OLD, replace(NEW, initiatives=(moved,), calendar=calendar))

    assert (found.moved, found.moved_less) == ((), 1)


def test_scores_are_compared_as_they_are_printed() -> None:
    near = replace(NEW, overall=replace(NEW.overall, score=31.45))
    far = replace(NEW, overall=replace(NEW.overall, score=31.6))

    assert compare(OLD, near).overall is None
    shift = compare(OLD, far).overall
    assert shift is not None
    assert shift.points == 1


def test_risks_gates_dates_and_effort_are_compared() -> None:
    gate = replace(NEW.gates[0], is_open=True, opened_on=date(2026, 12, 20))
    newer = replace(
        NEW,
        gates=(gate,),
        risks=(Risk(Ref("Q3.05", "Audit log"), Ref("STEP-3", "Build"), "None."),),
        plan=PlanSummary(NEW.plan.start, NEW.plan.finish, Days(3, 9, 16.5)),
    )

    found = compare(OLD, newer)

    assert [row.id for row in found.gates_opened] == ["G1"]
    assert [row.id for row in found.risks_new] == ["Q3.05"]
    assert [row.id for row in found.risks_gone] == ["Q1.13"]
    assert found.effort is not None
    assert found.effort.points == 3


def test_evidence_is_compared_only_where_both_reports_looked_for_it() -> None:
    proof = ProofEntry("w1", "A1-01", "Minutes")

    assert compare(OLD, replace(NEW, proofs=(proof,))).proofs_new == ()
    found = compare(replace(OLD, proofs=()), replace(NEW, proofs=(proof,)))
    assert [row.title for row in found.proofs_new] == ["Minutes"]


STATUSES = st.sampled_from(["not_started", "in_progress", "done", "dropped"])


@given(st.lists(STATUSES, min_size=3, max_size=3), st.lists(STATUSES, min_size=3, max_size=3))
@settings(max_examples=40, deadline=None)
def test_a_report_compared_with_itself_is_empty_and_what_came_one_way_goes_the_other(
    before: list[str], after: list[str]
) -> None:
    older, newer = with_statuses(OLD, before), with_statuses(NEW, after)

    there, back = compare(older, newer), compare(newer, older)

    assert compare(older, older).is_empty
    assert there.is_empty == back.is_empty == (before == after)
    assert {row.id for row in there.done}.isdisjoint(row.id for row in there.reopened)


def with_statuses(snapshot: ReportSnapshot, statuses: list[str]) -> ReportSnapshot:
    items = zip(snapshot.initiatives, statuses, strict=True)
    return replace(snapshot, initiatives=tuple(replace(i, progress=Progress(s)) for i, s in items))


def test_changes_survive_being_stored() -> None:
    found = compare(OLD, progress_of(NEW, A1_01="done"))
    stored = from_json(to_json(replace(NEW, changes=found)))

    assert stored.changes == found


def test_a_snapshot_of_before_there_were_changes_still_loads() -> None:
    data = to_json(OLD)
    for name in ("changes", "proofs", "trace", "clinical", "board", "going"):
        del data[name]

    assert compare(from_json(data), NEW).is_empty


def test_the_section_is_left_out_without_an_earlier_report() -> None:
    assert changes(NEW, Choices()) is None
    assert "What changed since" not in document_html(NEW, Choices(document="board"))


@pytest.mark.parametrize("document", ["full", "board"])
def test_the_section_says_what_changed_and_since_when(document: str) -> None:
    newer = progress_of(NEW, A1_01="done")
    html = document_html(replace(newer, changes=compare(OLD, newer)), Choices(document=document))

    assert "Compared with the report of 22 November 2026." in html
    assert "Reported done since (1)" in html


def test_the_section_says_when_nothing_changed() -> None:
    html = document_html(
        replace(NEW, changes=ChangesEntry(since=OLD.generated_on)), Choices(document="board")
    )

    assert "piece of evidence has changed." in html


@pytest.mark.django_db
def test_the_newest_earlier_report_of_the_same_document_is_looked_back_to() -> None:
    roadmap = make_roadmap(constraints=ONE_STEP)
    board = Choices(document="board")
    first = report_request(roadmap=roadmap, user=None, choices=board)
    again = report_request(roadmap=roadmap, user=None, choices=board)
    assert (again, first.frozen.changes) == (first, None)

    done = roadmap.initiatives.first()
    assert done is not None
    PlannedInitiative.objects.filter(pk=done.pk).update(status="done", version=1)
    second = report_request(roadmap=roadmap, user=None, choices=board)
    told = second.frozen.changes
    assert told is not None
    assert [row.id for row in told.done] == [done.initiative_id]
    assert report_request(roadmap=roadmap, user=None, choices=board) == second

    full = report_request(roadmap=roadmap, user=None, choices=Choices())
    assert full.frozen.changes is None
    chosen = Choices(document="full", since=first.pk)
    assert report_request(roadmap=roadmap, user=None, choices=chosen).frozen.changes is not None
    assert Report.objects.count() == 4


@pytest.mark.django_db
def test_an_export_or_a_report_that_failed_is_not_looked_back_to() -> None:
    roadmap = make_roadmap(constraints=ONE_STEP)
    report_request(roadmap=roadmap, user=None, choices=Choices(form="csv"))
    failed = report_request(roadmap=roadmap, user=None)
    Job.objects.filter(pk=failed.job_id).update(state="failed")
    Report.objects.update(snapshot=to_json(OLD))

    report = report_request(roadmap=roadmap, user=None, choices=Choices(page_size="letter"))

    assert report.frozen.changes is None


@pytest.mark.django_db
def test_a_report_of_somebody_else_is_never_looked_back_to() -> None:
    theirs = report_request(roadmap=make_roadmap(constraints=ONE_STEP), user=None)
    ours = make_roadmap(constraints=ONE_STEP)

    report = report_request(roadmap=ours, user=None, choices=Choices(since=theirs.pk))

    assert report.frozen.changes is None
