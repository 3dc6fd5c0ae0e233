"""My work, and the initiative's page as a team member uses it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.tenancy import Access
from inbox.models import Notice
from roadmap.models import GateState, PlannedInitiative
from roadmap.pages.my_work import my_work, waiting_count
from roadmap.services import approver_name
from roadmap.services.work.comments import comment_add
from roadmap.services.work.people import nobodys
from roadmap.services.work.tracking import organization_today
from tests.factories import make_member, make_organization
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    member = make_member(role=Role.CONTRIBUTOR)
    client.force_login(member.user)
    return member


def home(member):
    return reverse("work:mine", args=[member.organization.slug])


def page_of(roadmap, initiative_id="A1"):
    return reverse(
        "roadmap:initiative", args=[roadmap.organization.slug, roadmap.pk, initiative_id]
    )


def plan(member, initiatives=8):
    roadmap = make_roadmap(member.organization, initiatives=initiatives)
    roadmap.initiatives.update(finish_on=organization_today(member.organization) + timedelta(60))
    return roadmap


def own(roadmap, person, initiative_id, **values):
    roadmap.initiatives.filter(initiative_id=initiative_id).update(owner=person, **values)


def ids(rows):
    return [row.item.initiative_id for row in rows]


def rows_of(work):
    return (
        *work.blocked_on_me,
        *work.overdue,
        *work.due,
        *work.blocked,
        *work.running,
        *work.later,
    )


def test_each_initiative_stands_in_one_place(client, member):
    roadmap, today = plan(member), organization_today(member.organization)
    me, other = member.user, make_member(member.organization).user
    soon, past = today + timedelta(14), today - timedelta(1)
    own(roadmap, me, "A1", status="in_progress", finish_on=past)
    own(roadmap, me, "A2", finish_on=soon)
    own(roadmap, me, "A3", status="in_progress", blocked_because="Waits", finish_on=past)
    own(roadmap, me, "A4", status="in_progress", expected_on=today + timedelta(15))
    own(roadmap, me, "A5")
    own(roadmap, me, "A6", status="done", finished_on=today)
    own(roadmap, other, "A7", blocked_because="Asks me", waits_for=me)

    access = Access(member.organization, me, Role.CONTRIBUTOR)
    work = my_work(access, today)

    assert ids(work.overdue) == ["A1"]
    assert (work.overdue[0].is_overdue, work.overdue[0].days_over) == (True, 1)
    assert ids(work.due) == ["A2"]
    assert ids(work.blocked) == ["A3"]
    assert ids(work.running) == ["A4"]
    assert ids(work.later) == ["A5"]
    assert [item.initiative_id for item in work.finished] == ["A6"]
    assert ids(work.blocked_on_me) == ["A7"]
    shown = client.get(home(member)).content.decode()
    assert [
        shown.count(f'wk-row__title" dir="auto" href="{page_of(roadmap, name)}"')
        for name in ids(rows_of(work))
    ] == [1] * 6
    # A1 and A3 are overdue, A7 waits.
    assert (work.all_overdue, waiting_count(access)) == (2, 3)
    assert (work.to_take, work.waits, work.mine) == ((), 1, 5)


def test_gates_and_mentions_wait_until_they_are_answered(member):
    roadmap = plan(member)
    editor = make_member(member.organization).user
    gate = roadmap.gates.get()
    role = gate.roles[0].id
    approver_name(roadmap=roadmap, user=editor, role_id=role, person=member.user)
    GateState.objects.filter(pk=gate.pk).update(asked_at=timezone.now(), asked_by=editor)
    first = PlannedInitiative.objects.get(roadmap=roadmap, initiative_id="A1")
    comment_add(
        roadmap=roadmap, initiative=first, author=editor, text="Look", ticked=[member.user.pk]
    )
    access = Access(member.organization, member.user, Role.CONTRIBUTOR)
    today = organization_today(member.organization)

    before = my_work(access, today)
    gate.approvals.create(
        round=1, role_id=role, verdict="approve", person=member.user, said_at=timezone.now()
    )
    Notice.objects.update(read_at=timezone.now())
    after = my_work(access, today)

    assert ([g.pk for g in before.gates], len(before.mentions)) == ([gate.pk], 1)
    assert (after.gates, after.mentions, after.waits) == ((), (), 0)


def test_work_of_who_was_removed_is_nobodys_and_can_be_taken(client, member):
    roadmap = plan(member)
    gone = make_member(member.organization)
    own(roadmap, gone.user, "A1")
    gone.delete()

    page = client.get(home(member)).content.decode()
    own_page = client.get(page_of(roadmap)).content.decode()
    taken = client.post(
        page_of(roadmap), {"owner": member.user.pk, "version": 0, "back": "work"}, follow=True
    )

    assert "Nobody’s yet" in page
    assert f"Nobody ({gone.user} can no longer work on it)" in own_page
    assert taken.redirect_chain == [(home(member), 302)]
    assert roadmap.initiatives.get(initiative_id="A1").owner == member.user
    assert "A1" not in nobodys(PlannedInitiative.objects.all()).values_list(
        "initiative_id", flat=True
    )


def test_contributor_cannot_take_what_is_somebodys(client, member):
    roadmap = plan(member)
    own(roadmap, make_member(member.organization).user, "A1")
    theirs = make_member(make_organization()).user

    for owner in (member.user.pk, "", theirs.pk):
        response = client.post(page_of(roadmap), {"owner": owner, "version": 0})
        assert response.status_code == 422

    assert roadmap.initiatives.get(initiative_id="A1").version == 0


def test_one_press_starts_and_what_is_in_the_way_is_asked_on_the_page(client, member):
    roadmap = plan(member)
    press = {"status": "in_progress", "version": 0, "back": "work"}

    refused = client.post(page_of(roadmap, "A2"), press)
    again = client.post(page_of(roadmap, "A2"), {**press, "reason_predecessor": "It is urgent"})

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "It builds on “Do thing 1”" in page
    assert 'name="reason_predecessor"' in page
    assert 'name="back" value="work"' in page
    assert (again.status_code, again.url) == (302, home(member))
    assert "It is urgent" in client.get(page_of(roadmap, "A2")).content.decode()


def test_progress_logged_from_the_list_leaves_the_note(client, member):
    roadmap = plan(member)
    own(roadmap, member.user, "A1", status="in_progress", note="Kept")
    log = {"percent": "40", "spent_days": "1,5", "remaining_days": "", "remark": " ", "version": 0}

    client.post(page_of(roadmap), {**log, "back": "work"})

    saved = roadmap.initiatives.get(initiative_id="A1")
    assert (saved.percent, saved.note) == (40, "Kept")
    assert saved.entries.get().spent_days == 1.5


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("percent", "101"),
        ("percent", "1e400"),
        ("percent", "half"),
        ("remaining_days", "1e400"),
        ("spent_days", "nan"),
        ("started_on", "9999-12-31"),
        ("started_on", "01/02/2026"),
        ("expected_on", "1900-01-01"),
        ("version", "x"),
        ("waits_for", "99999999999999999999"),
        ("status", "gone"),
    ],
)
def test_bad_input_is_answered_and_kept(client, member, field, value):
    roadmap = plan(member)
    posted = {"status": "in_progress", "note": "Long\x00 text", "version": 0, field: value}

    response = client.post(page_of(roadmap), posted)

    assert response.status_code == 422
    assert "Long text" in response.content.decode()
    assert roadmap.initiatives.get(initiative_id="A1").version == 0


def test_comment_and_evidence_that_fail_keep_what_was_typed(client, member):
    roadmap = plan(member)
    first = roadmap.initiatives.get(initiative_id="A1")
    slug = member.organization.slug
    long = "x" * 4001

    comment = client.post(reverse("work:initiative_comment", args=[slug, first.pk]), {"text": long})
    on_gate = client.post(
        reverse("work:gate_comment", args=[slug, roadmap.gates.get().pk]), {"text": long}
    )
    evidence = client.post(
        reverse("work:evidence_add", args=[slug, first.pk]),
        {"url": "javascript:alert(1)", "title": "Minutes of June"},
    )

    for response, typed in ((comment, long), (on_gate, long), (evidence, "Minutes of June")):
        assert response.status_code == 422
        assert typed in response.content.decode()


def test_my_work_costs_the_same_queries_however_much_there_is(
    client, member, django_assert_num_queries
):
    roadmap = plan(member, initiatives=2)
    own(roadmap, member.user, "A1")
    client.get(home(member))
    with django_assert_num_queries(13) as few:
        client.get(home(member))
    roadmap.delete()
    many = plan(member, initiatives=60)
    many.initiatives.update(owner=member.user, status="in_progress", waits_for=member.user)
    with django_assert_num_queries(len(few)):
        page = client.get(home(member))

    assert page.content.decode().count("wk-row__title") >= 60
    with django_assert_num_queries(1):
        waiting_count(Access(member.organization, member.user, Role.CONTRIBUTOR))


def test_work_planned_again_still_says_how_late_it_is_against_what_was_agreed(client, member):
    roadmap = plan(member, 1)
    today = organization_today(member.organization)
    own(
        roadmap,
        member.user,
        "A1",
        status="in_progress",
        finish_on=today + timedelta(days=30),
        baseline_finish_on=today - timedelta(days=9),
    )
    page = client.get(home(member)).content.decode()

    assert "9 days past the date first agreed" in page
    assert roadmap.initiatives.get().is_late(today)


def test_viewers_have_no_tab_and_see_what_waits_for_them(client, member):
    member.role = Role.VIEWER
    member.save()
    plan(member)

    response = client.get(home(member))

    assert response.status_code == 200
    assert "Take it" not in response.content.decode()
    assert f'href="{home(member)}"' not in response.content.decode()


def test_reading_a_mention_comes_back_to_my_work(client, member):
    roadmap = plan(member)
    comment_add(
        roadmap=roadmap,
        initiative=roadmap.initiatives.get(initiative_id="A1"),
        author=make_member(member.organization).user,
        text="Look",
        ticked=[member.user.pk],
    )
    notice = Notice.objects.get(person=member.user)
    access = Access(member.organization, member.user, Role.CONTRIBUTOR)
    assert waiting_count(access) == 1
    assert "1 comment names you" in client.get(home(member)).content.decode()
    where = reverse("inbox:read", args=[member.organization.slug, notice.pk])

    answer = client.post(where, {"back": "work"})
    elsewhere = client.post(where, {"query": "show=unread\nX: 1"})

    assert answer.url == home(member)
    assert waiting_count(access) == 0
    assert elsewhere.status_code == 302
    assert "\n" not in elsewhere.url
    assert "show=unread" in elsewhere.url
