"""Private notes: kept with every version, and in nothing that a client can see or take along."""

import ast
from pathlib import Path

import pytest
from django.urls import get_resolver, reverse

from accounts.enums import Role
from accounts.models import AuditEntry, Engagement
from desk.models import NoteVersion, PrivateNote
from desk.services.notes import StaleNote, note_add, note_change, note_delete
from reports.choices import Choices
from reports.frozen.for_documents import freeze_for
from reports.frozen.snapshot import to_json
from tests.factories import make_engagement, make_member, make_organization
from tests.reports.factories import make_roadmap

ROOT = Path(__file__).resolve().parents[2]
SECRET = "Zwiebelfisch: their CIO will leave"

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultant():
    return make_member(make_organization(advises=True), Role.EDITOR)


@pytest.fixture
def engagement(consultant):
    return make_engagement(consultancy=consultant.organization)


def write(engagement, user, text=SECRET, **values):
    return note_add(engagement=engagement, user=user, text=text, **values)


def test_every_version_is_kept_and_a_newer_save_is_not_overwritten(consultant, engagement):
    note = write(engagement, consultant.user)

    note_change(note=note, user=consultant.user, text="Second.", version=1)
    note_change(note=note, user=consultant.user, text="Second.", version=2)

    with pytest.raises(StaleNote) as stale:
        note_change(note=note, user=consultant.user, text="Mine.", version=1)
    assert stale.value.current.text == "Second."
    assert [(one.version, one.text) for one in NoteVersion.objects.all()] == [(1, SECRET)]


def test_deleting_leaves_no_word_behind(consultant, engagement):
    note = write(engagement, consultant.user)
    note_change(note=note, user=consultant.user, text="Other.", version=1)

    note_delete(note=note, user=consultant.user)

    assert (PrivateNote.objects.count(), NoteVersion.objects.count()) == (0, 0)
    details = list(AuditEntry.objects.values_list("verb", "target_name", "detail"))
    assert "Zwiebelfisch" not in str(details)


def test_page_of_the_client_at_the_desk_shows_them_until_they_are_deleted(
    client, consultant, engagement
):
    write(engagement, consultant.user)
    client.force_login(consultant.user)
    slug, theirs = consultant.organization.slug, engagement.client.slug
    url = reverse("desk:client", args=[slug, theirs])
    assert "Zwiebelfisch" in client.get(url).content.decode()

    # One's own notes stay after the end, and nothing else of the client does.
    Engagement.objects.update(until="2020-01-01")
    page = client.get(url).content.decode()
    assert ("Zwiebelfisch" in page, "Figures</h2>" in page) == (True, False)


def test_stale_text_is_shown_beside_what_was_typed(client, consultant, engagement):
    note = write(engagement, consultant.user)
    note_change(note=note, user=consultant.user, text="Theirs.", version=1)
    client.force_login(consultant.user)
    url = reverse("desk:note", args=[consultant.organization.slug, engagement.client.slug, note.pk])

    found = client.post(url, {"text": "Mine alone.", "version": "1"})

    assert found.status_code == 409
    assert "Mine alone." in found.content.decode() and "Theirs." in found.content.decode()
    assert client.post(url, {"text": " ", "version": "2"}).status_code == 422


def test_note_of_another_consultancy_does_not_exist(client, consultant, engagement):
    other = make_member(make_organization(advises=True), Role.OWNER)
    theirs = make_engagement(engagement.client, other.organization)
    note = write(theirs, other.user)
    client.force_login(consultant.user)
    slug, name = consultant.organization.slug, engagement.client.slug

    assert (
        "Zwiebelfisch" not in client.get(reverse("desk:client", args=[slug, name])).content.decode()
    )
    assert client.get(reverse("desk:note", args=[slug, name, note.pk])).status_code == 404


def test_nothing_of_the_client_holds_a_note(client, consultant, engagement):
    """Everything that the client's owner can open or take along, as far as it needs no other key
    than the roadmap, the assessment or nothing; and the frozen input of every report.
    """
    house = engagement.client
    owner = make_member(house, Role.OWNER)
    roadmap = make_roadmap(house)
    for values in ({}, {"about": "step", "about_id": "STEP-1"},
                   {"about": "initiative", "about_id": "A1"}):  # fmt: skip
        write(engagement, consultant.user, **values)
    client.force_login(owner.user)

    seen = [
        (name, b"".join(found) if found.streaming else found.content)
        for name, url in addresses(house.slug, roadmap)
        if (found := client.get(url)).status_code == 200
    ]

    assert len(seen) > 30
    assert [name for name, body in seen if b"Zwiebelfisch" in body] == []
    assert "Zwiebelfisch" not in str(to_json(freeze_for(roadmap, Choices())))


def addresses(slug, roadmap):
    """Pages of a tenant whose other arguments the roadmap and its assessment can fill."""
    known = {
        "assessments": roadmap.snapshot.assessment_id,
        "what_if": roadmap.snapshot.assessment_id,
        "roadmap": roadmap.pk,
        "reports": roadmap.pk,
        "shares": roadmap.pk,
    }

    def walk(resolver, namespace):
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                yield from walk(entry, entry.namespace or namespace)
            elif entry.name:
                yield namespace, entry.name

    for namespace, name in walk(get_resolver(), ""):
        full = f"{namespace}:{name}" if namespace else name
        for arguments in ([slug], [slug, known.get(namespace or name)]):
            try:
                yield full, reverse(full, args=arguments)
            except Exception:  # another set of arguments
                continue


def test_only_the_desk_knows_the_tables_of_notes():
    """What no other app names, no page, export, hand-over or API of it can hold."""
    names = {"PrivateNote", "NoteVersion", "private_notes"}
    found = []
    for path in ROOT.glob("*/**/*.py"):
        app = path.relative_to(ROOT).parts[0]
        if app in ("desk", "tests", ".venv", "var") or "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if not any(name in text for name in names):
            continue
        tree = ast.parse(text)
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if used & names:
            found.append(str(path.relative_to(ROOT)))
    assert found == []
