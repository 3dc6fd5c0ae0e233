"""Choosing what a report holds: on a plain form, in any order, kept as a template."""

import re
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.urls import reverse

from accounts.enums import Role
from jobs.enums import JobState
from jobs.models import Job
from jobs.tasks import run_job
from reports.choices import Choices
from reports.documents.sections import sections_of
from reports.files.forms import FORMS
from reports.forms.builder import BuilderForm, Options, initial_of, kind_of, kinds
from reports.models import Report, ReportTemplate
from reports.pages.builder import (
    moved,
    order_of,
    read_sections,
    section_rows,
    sections_chosen,
)
from reports.services import previews
from reports.services.making import reports_expire
from reports.services.templates import MOST, TemplateInvalid, template_save
from tests.factories import make_engagement, make_member, make_organization
from tests.roadmap.factories import plan_roadmap

USUAL = {"kind": "full", "audience": "leaders", "detail": "usual", "page_size": "a4"}
FULL = [section.id for section in sections_of("full") if section.is_usual]


def test_every_form_that_can_be_made_is_offered():
    offered = {value for _title, group in kinds() for value, _words in group}

    assert offered >= set(FORMS) - {"pdf"}
    assert {"full", "board", "clinician", "auditor"} <= offered


@pytest.mark.parametrize(
    "choices",
    [
        Choices(),
        Choices(document="board", detail="short", page_size="letter", since=4),
        Choices(document="clinician", unit="Ward 3", audience="clinicians"),
        Choices(form="mspdi"),
        Choices(comments=(3, 1), scenarios=(7,)),
    ],
)
def test_form_gives_back_what_it_was_opened_with(choices):
    options = Options(
        comments=[(1, "a"), (3, "b")], scenarios=[(7, "c")], reports=[(4, "d")], units=["Ward 3"]
    )
    form = BuilderForm(options, initial_of(choices))

    assert form.is_valid(), form.errors
    found = form.chosen(choices.sections)
    assert {**found.to_json(), "comments": set(found.comments)} == {
        **choices.to_json(),
        "comments": set(choices.comments),
    }
    assert kind_of(found) == kind_of(choices)


def test_what_is_not_offered_is_refused():
    form = BuilderForm(Options(), USUAL | {"kind": "exe", "scenarios": ["1"], "since": "9"})

    assert not form.is_valid()
    assert set(form.errors) == {"kind", "scenarios", "since"}


def test_usual_sections_in_usual_order_are_no_choice():
    """Else the same report would be made twice."""
    assert sections_chosen("full", FULL, FULL) == ()
    assert sections_chosen("full", FULL[:2], FULL) == tuple(FULL[:2])
    assert sections_chosen("full", FULL, FULL[::-1]) == tuple(FULL[::-1])
    assert sections_chosen("mspdi", FULL, FULL) == ()


@pytest.mark.parametrize(
    ("up", "down", "expected"),
    [
        ("b", None, ["b", "a", "c"]),
        ("a", None, ["a", "b", "c"]),
        (None, "b", ["a", "c", "b"]),
        (None, "c", ["a", "b", "c"]),
        ("x", None, ["a", "b", "c"]),
        (None, None, ["a", "b", "c"]),
    ],
)
def test_sections_move_by_one_place(up, down, expected):
    assert moved(["a", "b", "c"], up, down) == expected


def test_rows_keep_the_chosen_order_and_show_the_rest():
    choices = Choices(sections=(FULL[3], FULL[0]))

    rows = section_rows("full", choices.sections, order_of(choices))

    assert [row.id for row in rows][:2] == [FULL[3], FULL[0]]
    assert {row.id for row in rows if row.is_chosen} == {FULL[3], FULL[0]}
    assert rows[0].is_first and rows[-1].is_last


def test_another_reader_has_the_order_changed_unless_it_was_put_by_hand():
    def sent(order, chosen):
        data = QueryDict(mutable=True)
        data.update({"sections_of": "full", "sections_for": "leaders"})
        data.setlist("order", order)
        data.setlist("section", chosen)
        return read_sections(data, "full")

    shown = [section.id for section in sections_of("full")]
    by_hand = [*shown[1:], shown[0]]
    assert sent(shown, FULL) == ([], [])
    assert sent(by_hand, FULL) == (FULL, by_hand)
    assert sent(shown, FULL[1:]) == (FULL[1:], shown)
    auditors = [row.id for row in section_rows("full", [], [], "auditors")]
    usual = [name for name in auditors if name in FULL]
    assert auditors[2] == "compliance"
    assert sections_chosen("full", usual, auditors, "auditors") == ()
    assert sections_chosen("full", usual, auditors) == tuple(usual)


# --- In the app ------------------------------------------------------------------------------


@pytest.fixture
def roadmap(db):
    editor = make_member(role=Role.EDITOR)
    made = plan_roadmap(editor.organization, user=editor.user)
    made.editor = editor.user
    return made


@pytest.fixture
def visit(client, roadmap):
    client.force_login(roadmap.editor)

    def at(name, *args):
        return reverse(f"reports:{name}", args=[roadmap.organization.slug, roadmap.pk, *args])

    client.at = at
    return client


def checked(page, name):
    return re.findall(rf'name="{name}" value="([^"]+)"(?= checked)', page)


def test_report_of_chosen_sections_is_made_once(visit, roadmap):
    order = [FULL[2], FULL[0], *FULL[3:]]
    sent = USUAL | {"order": order, "section": [FULL[2], FULL[0]], "page_size": "letter"}

    first = visit.post(visit.at("new"), sent)
    second = visit.post(visit.at("new"), sent)

    report = Report.objects.get()
    assert first["Location"] == second["Location"] == visit.at("report", report.pk)
    assert report.chosen == Choices(sections=(FULL[2], FULL[0]), page_size="letter")


def test_another_kind_shows_its_sections_and_keeps_the_rest(visit):
    page = visit.get(visit.at("new"), USUAL | {"kind": "board", "detail": "short"}).content.decode()

    assert re.search(r'value="board" checked', page)
    assert "section-board-summary" in page and "section-standing" not in page
    assert re.search(r'<option value="short" selected', page)


def test_sections_of_another_kind_are_forgotten(visit):
    """Both documents have a section of the same name: it alone would be printed."""
    sent = USUAL | {"kind": "board", "sections_of": "full", "order": FULL, "section": FULL}

    visit.post(visit.at("new"), sent)

    assert Report.objects.get().chosen == Choices(document="board")


def test_sections_move_without_script(visit):
    sent = USUAL | {"order": FULL, "section": FULL[1:], "up": FULL[1]}

    page = visit.get(visit.at("new"), sent).content.decode()

    assert re.findall(r'name="order" value="([^"]+)"', page)[:2] == [FULL[1], FULL[0]]
    assert checked(page, "section") == FULL[1:]


def test_wrong_choices_lose_nothing(visit, roadmap):
    sent = USUAL | {"kind": "board", "since": "999999", "order": ["board-risk"], "section": []}

    answer = visit.post(visit.at("new"), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose at least one section" in page and "looks back to" in page
    assert re.search(r'value="board" checked', page) and not Report.objects.exists()


def test_template_keeps_what_suits_every_plan(visit, roadmap):
    sent = USUAL | {
        "kind": "board",
        "detail": "everything",
        "order": ["board-risk", "board-money"],
        "section": ["board-risk"],
        "save_template": "1",
        "template_name": "  For the   board ",
    }

    answer = visit.post(visit.at("new"), sent, follow=True)

    made = ReportTemplate.objects.get()
    assert made.name == "For the board"
    assert made.chosen == Choices(document="board", detail="everything", sections=("board-risk",))
    assert checked(answer.content.decode(), "section") == ["board-risk"]
    again = visit.post(visit.at("new"), sent)
    assert again.status_code == 422 and "of this name" in again.content.decode()
    assert "For the   board" in again.content.decode()


def test_consultancy_keeps_templates_for_all_its_clients(client, roadmap):
    adviser = make_member(make_organization(name="Elm", advises=True), Role.EDITOR)
    make_engagement(roadmap.organization, adviser.organization, role=Role.EDITOR)
    client.force_login(adviser.user)
    url = reverse("reports:new", args=[roadmap.organization.slug, roadmap.pk])
    sent = USUAL | {"save_template": "1", "template_name": "House", "template_where": "consultancy"}

    assert client.post(url, sent).status_code == 302

    made = ReportTemplate.objects.get()
    assert made.organization == adviser.organization
    client.force_login(roadmap.editor)  # the client's own people do not see it
    assert client.get(url, {"template": made.pk}).status_code == 404


def test_reader_in_the_consultancy_keeps_no_template_there(client, roadmap):
    adviser = make_member(make_organization(advises=True), Role.VIEWER)
    make_engagement(roadmap.organization, adviser.organization, role=Role.EDITOR)
    client.force_login(adviser.user)
    url = reverse("reports:new", args=[roadmap.organization.slug, roadmap.pk])

    assert client.post(url, USUAL).status_code == 403


def test_template_is_renamed_by_its_newest_version_only(client, roadmap):
    made = template_save(
        organization=roadmap.organization, user=roadmap.editor, name="A", choices=Choices()
    )
    client.force_login(roadmap.editor)
    url = reverse("look:template_rename", args=[roadmap.organization.slug, made.pk])

    assert client.post(url, {"name": "B", "version": 0}).status_code == 302
    late = client.post(url, {"name": "Mine", "version": 0})

    assert late.status_code == 409 and "Mine" in late.content.decode()
    made.refresh_from_db()
    assert (made.name, made.version) == ("B", 1)


def test_templates_end_at_a_number(roadmap):
    ReportTemplate.objects.bulk_create(
        ReportTemplate(organization=roadmap.organization, name=str(n)) for n in range(MOST)
    )

    with pytest.raises(TemplateInvalid):
        template_save(
            organization=roadmap.organization, user=roadmap.editor, name="A", choices=Choices()
        )


def test_preview_of_newer_choices_gives_up_the_older(visit, roadmap):
    visit.post(visit.at("preview"), USUAL, headers={"HX-Request": "true"})
    visit.post(visit.at("preview"), USUAL, headers={"HX-Request": "true"})
    answer = visit.post(visit.at("preview"), USUAL | {"detail": "short"})

    first, second = Job.objects.filter(kind=previews.PREVIEW_JOB).order_by("pk")
    assert (first.state, second.state) == (JobState.CANCELLED, JobState.QUEUED)
    assert answer["Location"] == visit.at("previewed", second.pk)


def test_preview_draws_pages_for_whoever_asked_alone(visit, client, roadmap, monkeypatch):
    monkeypatch.setattr(previews, "freeze_for", lambda roadmap, choices: small())
    visit.post(visit.at("preview"), USUAL)
    job = Job.objects.get(kind=previews.PREVIEW_JOB)

    run_job(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    page = visit.get(visit.at("previewed", job.pk)).content.decode()
    numbers = range(1, page.count("<img ") + 1)
    assert len(numbers) > 2
    picture = visit.get(visit.at("preview_page", job.pk, 1))
    assert b"".join(picture.streaming_content).startswith(b"\x89PNG")
    assert visit.get(visit.at("preview_page", job.pk, 999)).status_code == 404
    other = make_member(roadmap.organization, Role.OWNER)
    client.force_login(other.user)
    assert client.get(visit.at("preview_page", job.pk, 1)).status_code == 404
    assert previews.previews_sweep(now=1e12) == 1
    assert previews.pages_made(job.pk) == 0


def test_preview_wears_the_look_the_report_will_have(roadmap, monkeypatch):
    adviser = make_member(make_organization(name="Elm", advises=True), Role.OWNER)
    make_engagement(roadmap.organization, adviser.organization, role=Role.EDITOR)
    seen = []
    making = SimpleNamespace()
    monkeypatch.setattr(previews, "freeze_for", lambda roadmap, choices: small())
    monkeypatch.setattr(previews, "form_of", lambda form: making)
    monkeypatch.setattr(previews, "_draw", lambda *_given: None)
    making.make = lambda snapshot, _choices, _tell: (
        seen.append(snapshot.brand) or SimpleNamespace(body=b"")
    )

    previews.preview_make(
        roadmap=roadmap, user=adviser.user, choices=Choices(), job_id=1, tell=lambda *_said: None
    )

    assert [brand.name for brand in seen] == ["Elm"]


def small():
    from tests.reports.samples import small_snapshot

    return small_snapshot()


def test_form_without_pages_says_so(visit):
    answer = visit.post(
        visit.at("preview"), USUAL | {"kind": "csv"}, headers={"HX-Request": "true"}
    )

    assert "no pages of its own" in answer.content.decode()
    page = visit.post(visit.at("preview"), USUAL | {"kind": "csv"}).content.decode()
    assert "no pages of its own" in page and "<h1" in page
    assert not Job.objects.filter(kind=previews.PREVIEW_JOB).exists()


def test_report_is_cancelled_and_asked_for_again(visit, roadmap):
    visit.post(visit.at("new"), USUAL | {"kind": "json"})
    report = Report.objects.get()

    visit.post(visit.at("report_cancel", report.pk))
    page = visit.get(visit.at("report", report.pk)).content.decode()
    assert "Make it after all" in page
    visit.post(visit.at("report_again", report.pk))
    run_job(Report.objects.get().job_id)

    report.refresh_from_db()
    assert report.is_ready and report.kept_until


def test_file_past_its_time_goes_and_comes_back_the_same(visit, roadmap):
    visit.post(visit.at("new"), USUAL | {"kind": "json"})
    report = Report.objects.get()
    run_job(report.job_id)
    body = b"".join(visit.get(visit.at("report_download", report.pk)).streaming_content)
    Report.objects.update(kept_until="2020-01-01T00:00Z")

    assert reports_expire() == 1
    page = visit.get(visit.at("report", report.pk)).content.decode()
    assert "no longer kept" in page
    visit.post(visit.at("report_again", report.pk))
    run_job(Report.objects.get().job_id)

    assert b"".join(visit.get(visit.at("report_download", report.pk)).streaming_content) == body


@pytest.mark.parametrize("number", [1, 15])
def test_lists_stay_within_their_queries(visit, roadmap, number, django_assert_max_num_queries):
    for n in range(number):
        Report.objects.create(
            organization=roadmap.organization, roadmap=roadmap, snapshot={}, input_hash=str(n)
        )
        ReportTemplate.objects.create(organization=roadmap.organization, name=str(n))

    with django_assert_max_num_queries(14):
        assert visit.get(visit.at("list")).status_code == 200
    with django_assert_max_num_queries(18):
        assert visit.get(visit.at("new")).status_code == 200


def builder_of(client, roadmap, query=""):
    page = reverse("reports:new", args=[roadmap.organization.slug, roadmap.pk])
    return client.get(page + query)


@pytest.mark.django_db
def test_builder_opens_as_it_was_left_and_begins_afresh_when_asked(client, monkeypatch):
    roadmap = plan_roadmap()
    editor = make_member(roadmap.organization, Role.EDITOR).user
    client.force_login(editor)
    preview = reverse("reports:preview", args=[roadmap.organization.slug, roadmap.pk])
    client.post(preview, {**USUAL, "kind": "board", "detail": "short", "page_size": "letter"})

    left = builder_of(client, roadmap)
    afresh = builder_of(client, roadmap, "?afresh=1")

    assert (left.context["kind"], left.context["form"].initial["detail"]) == ("board", "short")
    assert "As you left it." in left.content.decode()
    assert afresh.context["kind"] == "full"
    client.force_login(make_member(roadmap.organization, Role.EDITOR).user)
    assert builder_of(client, roadmap).context["kind"] == "full"


@pytest.mark.django_db
def test_new_reports_begin_with_the_template_chosen_for_it(client):
    roadmap = plan_roadmap()
    organization = roadmap.organization
    editor = make_member(organization, Role.EDITOR).user
    client.force_login(editor)
    made = [
        template_save(organization=organization, user=editor, name=kind, choices=choices)
        for kind, choices in {
            "b": Choices(document="board"),
            "c": Choices(document="clinician"),
        }.items()
    ]
    for one in made:
        start = reverse("look:template_start", args=[organization.slug, one.pk])
        assert client.post(start).status_code == 302

    assert builder_of(client, roadmap).context["kind"] == "clinician"
    assert [one.is_start for one in ReportTemplate.objects.order_by("pk")] == [False, True]
    client.post(start, {"start": "no"})
    assert builder_of(client, roadmap).context["kind"] == "full"


@pytest.mark.django_db
def test_the_clients_own_start_goes_before_the_consultancys(client):
    roadmap = plan_roadmap()
    engagement = make_engagement(client=roadmap.organization, role=Role.EDITOR)
    consultant = make_member(engagement.consultancy, Role.EDITOR).user
    client.force_login(consultant)
    for owner, document in ((engagement.consultancy, "board"), (roadmap.organization, "auditor")):
        template_save(
            organization=owner,
            user=consultant,
            name=document,
            choices=Choices(document=document),
            is_start=True,
        )
        assert builder_of(client, roadmap).context["kind"] == document
