"""Guides an organization uploads: stored or refused as a whole, and nobody else's."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry
from assessments.domain.guide_keys import key_of
from assessments.guides import GuideNotOffered, chosen_guide, guide_choices, version_parts
from assessments.models import StoredGuide
from assessments.services.guides import guide_retire
from guide.registry import GuideNotFound, current_guide, forget_kept_guides, get_guide
from tests.assessments.factories import STARTER, upload_guide, zipped
from tests.factories import make_member, make_organization

NEXT = ("guide.yaml", '"1.0.0"', '"1.1.0"')
OTHER_TITLE = ("guide.yaml", "Restoring what patients depend on", "Bringing systems back")


@pytest.fixture(autouse=True)
def nothing_kept():
    """Tests give one key to different guides."""
    forget_kept_guides()
    yield
    forget_kept_guides()


def send(visitor, data: bytes, name: str = "guide.zip"):
    file = SimpleUploadedFile(name, data, content_type="application/zip")
    return visitor.client.post(visitor.url("guide_upload"), {"file": file})


def test_uploaded_guide_is_stored_shown_and_read_from_the_registry(visitor):
    response = send(visitor, zipped(STARTER))

    stored = StoredGuide.objects.get()
    assert response.url == visitor.url("guide", stored.pk)
    assert stored.key == f"my-guide@{visitor.organization.pk}"
    assert get_guide(stored.key, "1.0.0").id == stored.key
    page = visitor.client.get(response.url).content.decode()
    assert "Restoring what patients depend on" in page
    assert "Outages last too long" in page
    assert AuditEntry.objects.filter(verb="guide.uploaded", target_id=str(stored.pk)).exists()
    assert "Restoring what" in visitor.client.get(visitor.url("guides")).content.decode()


def test_every_mistake_is_named_with_its_file_and_line_and_nothing_is_stored(visitor):
    data = zipped(
        STARTER,
        ("challenges.yaml", "S-EXAMPLE", "S-NOWHERE"),
        ("guide.yaml", "language: en", "languages: en"),
        ("targets.yaml", "STEP-1: 75", "STEP-9: 75"),
    )

    response = send(visitor, data)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Nothing was stored" in page
    assert "guide.yaml</code>, line" in page
    assert not StoredGuide.objects.exists()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file is empty"),
        (b"not a zip", "can&#x27;t be read"),
        (b"\x00" * 5_000_001, "larger than 5 MB"),
        (b"\x00" * 16_000_000, "larger than 5 MB"),
    ],
    ids=["empty", "no-zip", "large", "larger-than-any-upload"],
)
def test_wrong_file_is_refused(visitor, data, says):
    response = send(visitor, data)

    assert response.status_code == 422
    assert says in response.content.decode()
    assert not StoredGuide.objects.exists()


def _zip(name: str, content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (_zip("../../guide.yaml", b"id: x"), "plain letters"),
        (_zip("guide.yaml", b" " * 500_000), "hundred times"),
        (_zip("notes.txt", b"hello"), "no guide.yaml"),
    ],
    ids=["traversal", "bomb", "no-guide"],
)
def test_hostile_zip_is_refused_with_the_reason(visitor, data, says):
    response = send(visitor, data)

    assert response.status_code == 422
    assert says in response.content.decode()
    assert not StoredGuide.objects.exists()


def test_no_file_is_said(visitor):
    page = visitor.client.post(visitor.url("guide_upload"))

    assert page.status_code == 422
    assert "Choose the zip file" in page.content.decode()


def test_same_content_again_is_fine_and_other_content_needs_a_new_version(visitor):
    send(visitor, zipped(STARTER))

    assert send(visitor, zipped(STARTER)).status_code == 302
    refused = send(visitor, zipped(STARTER, OTHER_TITLE))
    assert refused.status_code == 422
    assert "raise the version in guide.yaml, to 1.0.1 say" in refused.content.decode()
    assert StoredGuide.objects.count() == 1
    assert send(visitor, zipped(STARTER, OTHER_TITLE, NEXT)).status_code == 302
    assert StoredGuide.objects.count() == 2


def test_warnings_are_kept_and_the_guide_accepted(visitor):
    more = '  - {id: S-UNUSED, author: "A", title: "Nobody cites it", year: 2026}'
    changed = ("sources.yaml", "sources:", f"sources:\n{more}")

    stored = upload_guide(visitor.organization, changed)

    assert stored.warnings
    page = visitor.client.get(visitor.url("guide", stored.pk)).content.decode()
    assert "like a slip" in page or "like slips" in page
    assert "sources.yaml</code>" in page


def test_newest_version_is_offered_until_it_is_retired(visitor):
    organization = visitor.organization
    first = upload_guide(organization)
    second = upload_guide(organization, NEXT)
    assert [c.version for c in guide_choices(organization)] == [current_guide().version, "1.1.0"]

    visitor.client.post(visitor.url("guide_retire", second.pk), {"act": "retire"})
    assert chosen_guide(organization, first.key).version == "1.0.0"
    guide_retire(stored=first, user=visitor.user, retired=True)
    with pytest.raises(GuideNotOffered):
        chosen_guide(organization, first.key)
    # Assessments made with it still read it.
    assert get_guide(second.key, "1.1.0").version == "1.1.0"

    visitor.client.post(visitor.url("guide_retire", second.pk), {"act": "offer"})
    assert chosen_guide(organization, first.key).version == "1.1.0"
    verbs = AuditEntry.objects.filter(target_type="assessments.storedguide")
    assert verbs.filter(verb="guide.retired").count() == 2
    assert verbs.filter(verb="guide.offered_again").count() == 1


def test_versions_are_compared_by_number():
    assert version_parts("1.10.0") > version_parts("1.9.3")


def test_changes_between_two_versions_are_shown(visitor):
    upload_guide(visitor.organization)
    changed = ("challenges.yaml", "Outages last too long", "Outages last much too long")
    second = upload_guide(visitor.organization, NEXT, changed)

    asked = {"guide": second.key, "from": "1.0.0", "to": "1.1.0"}
    page = visitor.client.get(visitor.url("guide_changes"), asked).content.decode()

    assert "Outages last much too long" in page
    assert "changed: title" in page


def test_another_organizations_guide_does_not_exist(visitor):
    theirs = upload_guide(make_organization())

    assert theirs.key not in visitor.client.get(visitor.url("guides")).content.decode()
    assert visitor.client.get(visitor.url("guide", theirs.pk)).status_code == 404
    asked = {"guide": theirs.key, "from": "1.0.0", "to": "1.0.0"}
    assert visitor.client.get(visitor.url("guide_changes"), asked).status_code == 404
    with pytest.raises(GuideNotOffered):
        chosen_guide(visitor.organization, theirs.key)
    with pytest.raises(GuideNotFound):
        get_guide(key_of("my-guide", visitor.organization.pk), "1.0.0")


def test_viewers_read_guides_and_cannot_upload(visitor, client):
    stored = upload_guide(visitor.organization)
    viewer = make_member(visitor.organization, Role.VIEWER).user
    client.force_login(viewer)

    page = client.get(visitor.url("guides")).content.decode()
    assert "Restoring what" in page
    assert reverse("assessments:guide_upload", args=["north"]) not in page
    assert "Retire" not in client.get(visitor.url("guide", stored.pk)).content.decode()


def test_downloads_hold_what_one_needs_to_write_a_guide(visitor):
    starter = visitor.client.get(visitor.url("guide_starter")).content
    with zipfile.ZipFile(io.BytesIO(starter)) as archive:
        assert "starter/guide.yaml" in archive.namelist()
    assert send(visitor, starter).status_code == 302  # as it is, it can be used

    assert b"The format of a guide" in visitor.client.get(visitor.url("guide_format")).content
    schema = visitor.client.get(visitor.url("guide_schema")).content
    with zipfile.ZipFile(io.BytesIO(schema)) as archive:
        assert "guide-schema/guide.json" in archive.namelist()


def test_list_of_guides_costs_the_same_for_many(visitor, django_assert_max_num_queries):
    for minor in range(4):
        upload_guide(visitor.organization, ("guide.yaml", '"1.0.0"', f'"1.{minor}.0"'))

    with django_assert_max_num_queries(7):
        visitor.client.get(visitor.url("guides"))


def test_changes_of_an_answers_parts_are_shown_before_and_now(visitor):
    fields = ("profile.yaml", 'label: "IT operations"', 'label: "IT operations, on call"')
    upload_guide(visitor.organization)
    second = upload_guide(visitor.organization, NEXT, fields)

    asked = {"guide": second.key, "from": "1.0.0", "to": "1.1.0"}
    page = visitor.client.get(visitor.url("guide_changes"), asked).content.decode()

    assert "Read answers again" in page
    assert "IT operations, on call" in page
    assert "parts of the answer, before" in page
