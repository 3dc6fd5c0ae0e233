"""Every page works on a guide nobody here wrote: with little in it, and with next to nothing."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.guides import GuideNotOffered, chosen_guide
from assessments.models import Assessment
from assessments.services import assessment_create, assessment_submit
from guide.registry import forget_kept_guides, get_guide
from reports.frozen.from_roadmap import report_snapshot
from roadmap.models import Roadmap
from roadmap.services import roadmap_create
from tests.assessments.factories import STARTER, save_answer, upload_guide
from tests.factories import make_organization
from tests.guide.sample import FILES

# Nothing but questions: no challenge, gate, initiative, role or rule.
BARE = {
    **{name: text for name, text in FILES.items() if not name.startswith("initiatives")},
    "challenges.yaml": "challenges: []\n",
    "gates.yaml": "gates: []\n",
    "roles.yaml": "roles: []\n",
    "profile.yaml": "id: PROFILE\nsections: []\n",
    "initiatives/1.yaml": "initiatives: []\n",
    "steps/1.yaml": FILES["steps/1.yaml"].replace("        informs: [{challenge: CHAL-A}]\n", ""),
}
PAGES = (
    *("detail", "profile", "review", "unconfirmed", "contradictions", "coverage", "benchmark"),
    *("compare", "reading", "targets", "scorecard", "seats", "divergence", "agenda"),
    *("assignments", "export"),
)


@pytest.fixture(autouse=True)
def nothing_kept():
    """Tests give one key to different guides."""
    forget_kept_guides()
    yield
    forget_kept_guides()


@pytest.fixture(params=["starter", "bare"])
def own(request, visitor, tmp_path: Path) -> Assessment:
    """An assessment with an uploaded guide."""
    folder = STARTER
    if request.param == "bare":
        folder = tmp_path / "bare"
        for name, text in BARE.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    stored = upload_guide(visitor.organization, folder=folder)
    visitor.assessment = assessment_create(
        organization=visitor.organization,
        user=visitor.user,
        name="Our own way",
        profile={},
        guide=chosen_guide(visitor.organization, stored.key),
    )
    save_answer(visitor.assessment, "Q1.01", 4)
    save_answer(visitor.assessment, "Q1.02", None, state="unknown")
    return visitor.assessment


def see_all(visitor) -> None:
    for name in PAGES:
        assert visitor.client.get(visitor.page(name)).status_code == 200, name
    assert visitor.client.get(visitor.page("step", 1)).status_code == 200
    assert visitor.client.get(visitor.page("question", "Q1.01")).status_code == 200
    what_if = reverse("what_if", args=[visitor.organization.slug, visitor.assessment.pk])
    assert visitor.client.get(what_if).status_code == 200
    # Neither guide has a quick scan.
    assert visitor.client.get(visitor.page("quick")).status_code == 404


def test_every_page_of_a_draft_and_of_a_submitted_assessment_works(visitor, own):
    see_all(visitor)
    assert visitor.answer("Q1.01", value="3", version="1").status_code == 302

    assert visitor.client.post(visitor.page("submit")).status_code == 302
    see_all(visitor)
    assert visitor.client.get(visitor.page("submitted")).status_code == 200
    home = reverse("accounts:organization_home", args=[visitor.organization.slug])
    assert visitor.client.get(home).status_code == 200


def test_plan_and_report_follow_from_it(visitor, own):
    snapshot = assessment_submit(assessment=own, user=visitor.user)
    slug = visitor.organization.slug
    page = visitor.client.get(reverse("scenarios:create", args=[slug]))
    assert page.status_code == 200

    roadmap = roadmap_create(
        organization=visitor.organization,
        user=visitor.user,
        snapshot=snapshot,
        name="Plan",
        start_on=date(2027, 1, 4),
    )

    assert visitor.client.get(reverse("roadmap:detail", args=[slug, roadmap.pk])).status_code == 200
    for planned in roadmap.initiatives.all():
        url = reverse("roadmap:initiative", args=[slug, roadmap.pk, planned.initiative_id])
        assert visitor.client.get(url).status_code == 200
    for gate in roadmap.gates.all():
        url = reverse("roadmap:gate", args=[slug, roadmap.pk, gate.gate_id])
        assert visitor.client.get(url).status_code == 200
    assert Roadmap.objects.get().plan
    assert report_snapshot(roadmap)


def test_new_assessment_begins_with_the_chosen_guides_questions(visitor):
    stored = upload_guide(visitor.organization)
    create = visitor.url("create")
    assert "Use this guide" in visitor.client.get(create).content.decode()

    page = visitor.client.get(create, {"guide": stored.key}).content.decode()
    assert "Who runs the systems that patients depend on?" in page

    data = {"guide": stored.key, "shown_guide": stored.key, "name": "Ours", "P.03-value": "we"}
    visitor.client.post(create, data)
    made = Assessment.objects.get(name="Ours")
    assert (made.guide_id, made.guide_version) == (stored.key, "1.0.0")
    assert made.answers.get().value == "we"


@pytest.mark.parametrize("act", ["", "guide"])
def test_choosing_another_guide_shows_its_questions_and_keeps_what_was_typed(visitor, act):
    stored = upload_guide(visitor.organization)
    data = {"guide": stored.key, "shown_guide": "healthcare-devops", "act": act}

    page = visitor.client.post(
        visitor.url("create"), {**data, "name": "Typed name", "P.01-value": "hospital"}
    ).content.decode()

    assert "Typed name" in page
    assert "Who runs the systems that patients depend on?" in page
    assert re.search(r'value="hospital"[^>]*checked', page)
    assert not Assessment.objects.filter(name="Typed name").exists()


def test_another_organizations_guide_starts_nothing(visitor):
    theirs = upload_guide(make_organization())
    create = visitor.url("create")

    assert visitor.client.get(create, {"guide": theirs.key}).status_code == 404
    page = visitor.client.post(create, {"guide": theirs.key, "name": "Taken"})
    assert "not offered any more" in page.content.decode()
    assert visitor.client.post(visitor.url("quick_start"), {"guide": theirs.key}).status_code == 404
    with pytest.raises(GuideNotOffered):
        assessment_create(
            organization=visitor.organization,
            user=None,
            name="Taken",
            profile={},
            guide=get_guide(theirs.key, "1.0.0"),
        )
    assert Assessment.objects.count() == 1


def test_answers_of_one_guide_are_not_offered_to_another(visitor):
    assessment_submit(assessment=visitor.assessment, user=None)
    stored = upload_guide(visitor.organization)

    page = visitor.client.get(visitor.url("create"), {"guide": stored.key}).content.decode()

    assert "Offer the answers of" not in page
    assert "come from your newest assessment" not in page


def test_answers_file_of_an_own_guide_comes_back_into_it(visitor):
    stored = upload_guide(visitor.organization)
    text = 'guide: "my-guide"\nversion: 1.0.0\nanswers:\n  Q1.03: offline\n'
    file = SimpleUploadedFile("answers.yaml", text.encode())

    visitor.client.post(visitor.url("import"), {"name": "Read in", "file": file})

    made = Assessment.objects.get(name="Read in")
    assert made.guide_id == stored.key
    visitor.assessment = made
    exported = visitor.client.get(visitor.page("export")).content.decode()
    assert exported.startswith("guide: my-guide\n")


def test_plan_of_an_own_guide_begins_with_proposals_and_is_shown(visitor):
    stored = upload_guide(visitor.organization)
    made = assessment_create(
        organization=visitor.organization,
        user=None,
        name="Ours",
        profile={},
        guide=chosen_guide(visitor.organization, stored.key),
    )
    snapshot = assessment_submit(assessment=made, user=None)
    url = reverse("scenarios:create", args=[visitor.organization.slug])
    data = {"snapshot": snapshot.pk, "name": "Plan", "start_on": "2027-01-04"}

    response = visitor.client.post(url, data, follow=True)

    assert response.redirect_chain, response.content.decode()[-3000:]
    assert response.status_code == 200
