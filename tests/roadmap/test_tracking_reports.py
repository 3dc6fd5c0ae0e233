"""Reports on initiatives: what follows from them, what is refused, and what asks for a reason."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile

from accounts.enums import Role
from accounts.models import AuditEntry
from accounts.tenancy import Access
from assessments.evidence_files import store
from assessments.services.evidence import evidence_files_sweep
from inbox.models import Notice
from jobs.models import Job
from roadmap.domain.tracking.due import Reminder, reminder
from roadmap.models import PlannedInitiative, ProgressEntry, StartOverride
from roadmap.services.work.comments import comment_add, comment_edit, comment_withdraw
from roadmap.services.work.due import work_remind
from roadmap.services.work.evidence import (
    EvidenceInvalid,
    evidence_add_file,
    evidence_add_link,
    evidence_remove,
)
from roadmap.services.work.tracking import (
    NeedsReason,
    ProgressInvalid,
    Report,
    StaleInitiative,
    initiative_report,
    limits_of,
    limits_set,
    organization_today,
)
from tests.factories import make_member, make_organization, make_user
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member()


@pytest.fixture
def roadmap(member):
    return make_roadmap(member.organization, initiatives=4)


def item(roadmap, initiative_id="A1"):
    return PlannedInitiative.objects.select_related("roadmap__organization").get(
        roadmap=roadmap, initiative_id=initiative_id
    )


def tell(about, user, *, reasons=None, may_override=False, version=None, **report):
    return initiative_report(
        initiative=about,
        user=user,
        version=about.version if version is None else version,
        report=Report(**report),
        reasons=reasons or {},
        may_override=may_override,
    )


def test_start_and_done_set_their_days_and_are_logged(member, roadmap):
    today = organization_today(member.organization)

    started = tell(item(roadmap), member.user, status="in_progress")
    done = tell(item(roadmap), member.user, status="done")

    assert (started.started_on, started.percent) == (today, 0)
    assert (done.finished_on, done.percent, done.version) == (today, 100, 2)
    first, second = ProgressEntry.objects.order_by("pk")
    assert (first.after["status"], second.after["status"]) == ("in_progress", "done")
    assert second.before["percent"] == 0
    assert AuditEntry.objects.filter(verb="initiative.updated").count() == 2
    assert Job.objects.filter(kind="roadmap.follow").count() == 1


def test_taking_up_again_clears_the_finish_and_remembers_the_percentage(member, roadmap):
    tell(item(roadmap), member.user, status="in_progress", percent=60)
    tell(item(roadmap), member.user, status="done")

    again = tell(item(roadmap), member.user, status="in_progress")

    assert (again.finished_on, again.percent) == (None, 60)


TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("report", "field"),
    [
        ({"status": "in_progress", "percent": 101}, "percent"),
        ({"status": "in_progress", "percent": -1}, "percent"),
        ({"percent": 30}, "percent"),
        ({"remaining_days": float("inf")}, "remaining_days"),
        ({"remaining_days": float("nan")}, "remaining_days"),
        ({"spent_days": -1.0}, "spent_days"),
        ({"status": "in_progress", "started_on": date(9999, 12, 31)}, "started_on"),
        ({"status": "in_progress", "started_on": date(1900, 1, 1)}, "started_on"),
        ({"status": "done", "finished_on": date(9999, 12, 31)}, "finished_on"),
        (
            {
                "status": "done",
                "started_on": TODAY - timedelta(days=1),
                "finished_on": TODAY - timedelta(days=2),
            },
            "finished_on",
        ),
        ({"expected_on": date(9999, 12, 31)}, "expected_on"),
        ({"expected_on": date(1900, 1, 1)}, "expected_on"),
        ({"status": "dropped"}, "note"),
        ({"status": "elsewhere"}, "status"),
        ({"blocked_because": "x" * 2001}, "blocked_because"),
    ],
)
def test_report_refuses_what_makes_no_sense(member, roadmap, report, field):
    with pytest.raises(ProgressInvalid) as caught:
        tell(item(roadmap), member.user, **report)

    assert list(caught.value.messages) == [field]
    assert item(roadmap).version == 0
    assert not ProgressEntry.objects.exists()


def test_owner_is_a_member_who_may_work_and_is_told(member, roadmap):
    stranger = make_member(make_organization()).user
    viewer = make_member(member.organization, Role.VIEWER).user
    worker = make_member(member.organization, Role.CONTRIBUTOR).user
    for person in (stranger, viewer):
        with pytest.raises(ProgressInvalid, match="Choose a member"):
            tell(item(roadmap), member.user, owner=person)

    owned = tell(item(roadmap), member.user, owner=worker)

    assert owned.owner == worker
    assert Notice.objects.get().person == worker
    assert Notice.objects.get().kind == "work.assigned"


def test_block_names_whom_it_waits_for_and_ends_with_the_work(member, roadmap):
    helper = make_member(member.organization, Role.VIEWER).user
    with pytest.raises(ProgressInvalid, match="Say what is in the way"):
        tell(item(roadmap), member.user, waits_for=helper)

    blocked = tell(
        item(roadmap), member.user, blocked_because="The\x00 server room", waits_for=helper
    )
    notice = Notice.objects.get()
    done = tell(item(roadmap), member.user, status="done")

    assert (blocked.blocked_because, blocked.blocked_at is None) == ("The server room", False)
    assert (notice.person, notice.kind) == (helper, "work.blocked_on_you")
    assert "server room" not in notice.text
    assert (done.blocked_because, done.blocked_at, done.waits_for) == ("", None, None)


def test_start_before_a_predecessor_asks_for_a_reason_and_keeps_it(member, roadmap):
    with pytest.raises(NeedsReason) as caught:
        tell(item(roadmap, "A2"), member.user, status="in_progress")
    assert [(o.kind, o.about) for o in caught.value.obstacles] == [("predecessor", "A1")]

    started = tell(
        item(roadmap, "A2"),
        member.user,
        status="in_progress",
        reasons={"predecessor": "The vendor comes this week."},
    )

    assert started.status == "in_progress"
    override = ProgressEntry.objects.get(kind="override")
    assert override.note == "The vendor comes this week."
    assert override.after["obstacles"][0][:2] == ["predecessor", "A1"]
    assert AuditEntry.objects.filter(verb="initiative.started_early").exists()


def test_back_to_not_started_asks_before_it_takes_away_what_was_reported(member, roadmap):
    begun = organization_today(member.organization) - timedelta(days=20)
    tell(item(roadmap), member.user, status="in_progress", started_on=begun, percent=60)

    with pytest.raises(NeedsReason) as asked:
        tell(item(roadmap), member.user, status="not_started")
    assert asked.value.takes_back and "60% done" in str(asked.value)
    assert (item(roadmap).percent, item(roadmap).started_on) == (60, begun)

    tell(item(roadmap), member.user, status="not_started", reasons={"back": "Another system"})
    assert (item(roadmap).percent, item(roadmap).started_on) == (0, None)
    entry = ProgressEntry.objects.first()
    assert (entry.before["percent"], entry.note) == (60, "Another system")


def test_what_was_begun_a_moment_ago_goes_back_unasked(member, roadmap):
    tell(item(roadmap), member.user, status="in_progress")

    assert tell(item(roadmap), member.user, status="not_started").status == "not_started"


def behind_the_gate(roadmap):
    """An initiative that follows the review of the closed gate G1."""
    return PlannedInitiative.objects.create(
        roadmap=roadmap,
        initiative_id="B1",
        title="After the gate",
        kind="action",
        rank=9,
        phase="PHASE-2",
        step="STEP-2",
        start_on=roadmap.finish_on,
        finish_on=roadmap.finish_on,
        working_days=1,
        predecessors=["A4"],
        roles=["OPS"],
        effort={"low": 1, "likely": 2, "high": 3},
    )


@pytest.mark.parametrize("status", ["in_progress", "done"])
def test_nothing_behind_a_closed_gate_starts_without_an_editors_reason(member, roadmap, status):
    late = behind_the_gate(roadmap)
    why = {"gate": "The server must go before the lease ends."}
    with pytest.raises(NeedsReason) as refused:
        tell(late, member.user, status=status, reasons=why)
    with pytest.raises(NeedsReason):
        tell(late, member.user, status=status, may_override=True, reasons={"gate": " \x00 "})

    started = tell(late, member.user, status=status, may_override=True, reasons=why)

    assert refused.value.is_for_editors
    assert started.status == status
    override = StartOverride.objects.get()
    assert (override.gate.gate_id, override.reason, override.made_by) == (
        "G1",
        why["gate"],
        member.user,
    )
    assert AuditEntry.objects.get(verb="initiative.overridden").detail["reason"] == why["gate"]


def test_limits_ask_for_a_reason_whoever_is_blocked(member, roadmap):
    limits_set(roadmap, member.user, {"role:OPS": 1, "all": None})
    tell(item(roadmap), member.user, status="in_progress", blocked_because="Waits")

    with pytest.raises(NeedsReason) as caught:
        tell(item(roadmap, "A2"), member.user, status="in_progress", reasons={"predecessor": "x"})

    assert [o.kind for o in caught.value.obstacles] == ["predecessor", "limit"]
    assert "IT operations: 1 initiative is in progress" in caught.value.obstacles[1].text


@pytest.mark.parametrize(
    "limits", [{"role:GONE": 2}, {"all": 0}, {"all": 1000}, {"all": True}, {"all": "3"}]
)
def test_limits_refuse_what_is_none(member, roadmap, limits):
    with pytest.raises(ProgressInvalid):
        limits_set(roadmap, member.user, limits)

    roadmap.refresh_from_db()
    assert limits_of(roadmap) == {}


def test_two_people_never_overwrite_each_other_unseen(member, roadmap):
    before = item(roadmap)
    tell(before, make_member(member.organization).user, note="Theirs")

    with pytest.raises(StaleInitiative):
        tell(before, member.user, note="Mine", version=0)


def test_the_same_report_sent_twice_counts_once(member, roadmap):
    before = item(roadmap)
    report = {"status": "in_progress", "percent": 20, "spent_days": 1.5}

    tell(before, member.user, version=0, **report)
    again = tell(before, member.user, version=0, **report)

    assert again.version == 1
    assert ProgressEntry.objects.count() == 1


def test_order_of_cards_is_kept_without_a_word(member, roadmap):
    moved = tell(item(roadmap), member.user, position=2.5)

    assert (moved.position, moved.version) == (2.5, 0)
    assert not ProgressEntry.objects.exists()


def test_comment_tells_whom_it_names_and_its_mail_holds_no_text(member, roadmap):
    ann = make_member(member.organization, user=make_user(name="Ann Lee")).user
    outsider = make_user()

    comment = comment_add(
        roadmap=roadmap, initiative=item(roadmap), author=member.user, text="@ann lee look\x00!"
    )
    twice = comment_add(
        roadmap=roadmap, initiative=item(roadmap), author=member.user, text="@ann lee look!"
    )

    assert comment == twice
    notice = Notice.objects.get()
    assert (notice.person, notice.text, comment.text) == (ann, "", "@ann lee look!")
    comment_edit(comment=comment, editor=member.user, text="@Ann Lee again")
    assert Notice.objects.count() == 1
    with pytest.raises(ProgressInvalid, match="no longer a member"):
        comment_add(
            roadmap=roadmap,
            gate=roadmap.gates.get(),
            author=member.user,
            text="You?",
            ticked=[outsider.pk],
        )


def test_comment_withdrawn_loses_text_and_untold_notice(member, roadmap):
    make_member(member.organization, user=make_user(name="Ann"))
    comment = comment_add(
        roadmap=roadmap, initiative=item(roadmap), author=member.user, text="@Ann secret"
    )

    comment_withdraw(
        access=Access(member.organization, member.user, Role.CONTRIBUTOR), comment=comment
    )

    comment.refresh_from_db()
    assert (comment.text, comment.withdrawn_at is None) == ("", False)
    assert not Notice.objects.exists()


def test_evidence_file_survives_the_sweep_until_it_is_removed(member, roadmap, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    piece = evidence_add_file(
        roadmap=roadmap,
        initiative=item(roadmap),
        user=member.user,
        file=ContentFile(b"minutes of the meeting"),
        name="minutes.txt",
    )
    path = store.path_of(piece.stored_name)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
    import os

    os.utime(path, (long_ago, long_ago))

    assert (evidence_files_sweep(), path.exists()) == (0, True)
    assert evidence_remove(evidence=piece, user=member.user)
    assert not evidence_remove(evidence=piece, user=member.user)
    assert (evidence_files_sweep(), path.exists()) == (1, False)
    assert [e.kind for e in ProgressEntry.objects.all()] == ["proof", "proof"]


def test_evidence_of_a_gate_belongs_to_an_item_it_has(member, roadmap):
    gate = roadmap.gates.get()
    link = {"roadmap": roadmap, "gate": gate, "user": member.user, "url": "https://a.example/x"}

    first = evidence_add_link(**link, item_id="G1-1")

    assert evidence_add_link(**link, item_id="G1-1") == first
    with pytest.raises(EvidenceInvalid, match="no such item"):
        evidence_add_link(**link, item_id="G9-9")
    with pytest.raises(EvidenceInvalid, match="password or key"):
        evidence_add_link(**{**link, "url": "https://a.example/?token=1"}, item_id="G1-1")


@pytest.mark.parametrize(
    ("day", "expected"),
    [(6, None), (7, Reminder.BEFORE), (10, Reminder.BEFORE), (11, Reminder.AFTER), (15, None)],
)
def test_reminder_belongs_to_the_days_before_and_after(day, expected):
    assert reminder(date(2027, 1, 10), date(2027, 1, day)) == expected


def test_owners_are_reminded_once_in_the_morning_of_their_organization():
    organization = make_organization(time_zone="America/New_York")
    worker = make_member(organization, Role.CONTRIBUTOR).user
    gone = make_user()
    roadmap = make_roadmap(organization)
    finish = date(2027, 3, 16)
    roadmap.initiatives.update(finish_on=finish, owner=gone)
    roadmap.initiatives.filter(initiative_id="A1").update(owner=worker)
    # The night in which the clock goes from two to three, and the morning after it.
    night = datetime(2027, 3, 14, 10, 30, tzinfo=UTC)

    assert work_remind(night) == 0
    assert work_remind(night + timedelta(hours=2)) == 1
    assert work_remind(night + timedelta(hours=2)) == 0
    assert work_remind(datetime(2027, 3, 17, 12, tzinfo=UTC)) == 1
    assert {notice.person for notice in Notice.objects.all()} == {worker}
