"""Every column of every kind that is carried, at its limits, out and in and out again."""

import json
import zipfile

import pytest
from django.apps import apps
from django.db import models

from accounts.audit import record
from accounts.enums import Role
from accounts.models import AuditEntry, AuditSeal, Organization, User
from accounts.sealing import digest_of, seal, verify
from handover.models import CarriedPerson, EarlierEntry
from handover.parts import CARRIED
from handover.reading import ArchiveRefused
from handover.writing import Writer
from tests.factories import make_member, make_organization
from tests.handover.comparing import told
from tests.handover.filling import Filling
from tests.handover.test_handover import brought_in, take, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled():
    organization = make_organization(name="שלום 🏥 " + "ж" * 100, time_zone="Asia/Tokyo")
    people = [make_member(organization, Role.OWNER).user, make_member(organization).user]
    Filling(organization, people).fill()
    record(organization=organization, actor=people[0], verb="assessment.created")
    seal(organization.pk)
    return organization


def test_every_column_at_its_limits_comes_out_as_it_went_in(filled, tmp_path):
    first = written(filled, tmp_path)
    parts = told(first)
    assert [label for label, rows in parts.items() if not rows] == []
    for part in CARRIED:
        for name in part.files:
            assert parts.get(part.label, [{}])[0].get(name, "x"), (part.label, name)

    target = brought_in(first)
    second = written(target, tmp_path, "b.zip")

    assert told(second) == parts
    assert told(written(brought_in(second), tmp_path, "c.zip")) == parts


def test_every_column_left_out_has_a_reason_and_begins_anew():
    for part in CARRIED:
        for name, why in part.left.items():
            field = part.model._meta.get_field(name)
            assert len(str(why)) > 10, (part.label, name)
            assert field.null or field.has_default() or field.blank, (part.label, name)


def test_numbers_inside_json_are_named_in_words_that_exist():
    for part in CARRIED:
        columns = {f.name for f in part.fields if isinstance(f, models.JSONField)}
        for path in (*part.people, *part.rows, *part.pairs):
            assert path.partition(".")[0].removesuffix("[]") in columns, (part.label, path)
        for target in part.rows.values():
            for label in (target,) if isinstance(target, str) else target:
                assert apps.get_model(label)
        assert all(field.related_model is User for field in part.lists)


def test_every_column_of_an_organization_is_told_or_of_its_place():
    told_in_manifest = {"name", "kind", "time_zone", "language", "advises"}
    of_its_place = {"id", "slug", "created_at"}

    assert {f.name for f in Organization._meta.concrete_fields} == told_in_manifest | of_its_place


def test_who_has_not_accepted_keeps_the_address_in_the_next_archive(filled, tmp_path):
    colleague = filled.memberships.exclude(role=Role.OWNER).get().user
    once = brought_in(written(filled, tmp_path))
    twice = brought_in(written(once, tmp_path, "b.zip"))

    kept = CarriedPerson.objects.get(organization=twice, email=colleague.email)
    assert (kept.name, kept.role) == (colleague.name, Role.EDITOR)


def test_people_inside_json_become_those_who_accept(filled, tmp_path):
    colleague = filled.memberships.exclude(role=Role.OWNER).get().user
    target = brought_in(written(filled, tmp_path))
    make_member(target, user=colleague)

    again = written(target, tmp_path, "b.zip")
    with zipfile.ZipFile(again) as archive:
        rows = [json.loads(line) for line in archive.read("people.jsonl").splitlines()]
        entries = archive.read("data/roadmap.ProgressEntry.jsonl").splitlines()
        talks = archive.read("data/assessments.Settlement.jsonl").splitlines()
    assert {row["email"] for row in rows} >= {colleague.email}
    assert json.loads(entries[0])["after"]["owner_id"] == colleague.pk
    assert json.loads(talks[0])["agreed"][0]["user"] == colleague.pk


def test_an_owner_who_was_there_already_is_known_too(filled, tmp_path):
    """Not only whoever presses the button."""
    colleague = filled.memberships.exclude(role=Role.OWNER).get().user
    target = make_organization()
    make_member(target, user=colleague)
    path = written(filled, tmp_path)
    take(path, target, make_member(target, Role.OWNER).user)

    assert CarriedPerson.objects.get(organization=target, user=colleague).matched_at


def test_details_of_the_history_name_rows_of_this_place(filled, tmp_path):
    from assessments.models import Assessment
    from roadmap.models import Roadmap

    owner = filled.memberships.filter(role=Role.OWNER).get().user
    assessment, roadmap = (
        m.objects.filter(**w).first()
        for m, w in ((Assessment, {"organization": filled}), (Roadmap, {"organization": filled}))
    )
    details = {"assessment": assessment.pk, "roadmap": roadmap.pk, "question": "Q1.01"}
    record(organization=filled, actor=owner, verb="answer.given", detail=details)
    record(organization=filled, actor=owner, verb="roadmap.created", detail={"from": roadmap.pk})
    record(organization=filled, actor=owner, verb="answer.given", detail={"assessment": 10**9})
    target = brought_in(written(filled, tmp_path))

    given, gone = AuditEntry.objects.filter(organization=target, verb="answer.given").order_by("pk")
    assert Assessment.objects.get(pk=given.detail["assessment"]).organization == target
    assert Roadmap.objects.get(pk=given.detail["roadmap"]).organization == target
    assert given.detail["question"] == "Q1.01"
    assert gone.detail == {"assessment": None}
    made = AuditEntry.objects.get(organization=target, verb="roadmap.created")
    assert made.detail["from"] == given.detail["roadmap"]


def test_history_page_opens_where_entries_name_what_is_gone(filled, tmp_path, client):
    owner = filled.memberships.filter(role=Role.OWNER).get().user
    for kind in ("assessments.assessment", "roadmap.scenario", "delivery.system"):
        AuditEntry.objects.create(
            organization=filled, verb="x.deleted", target_type=kind, target_id="999999999"
        )
    target = brought_in(written(filled, tmp_path))
    make_member(target, Role.OWNER, user=owner)
    client.force_login(owner)

    assert client.get(f"/o/{target.slug}/history/").status_code == 200


def test_entries_sealed_out_of_turn_are_no_fault(tmp_path):
    """Two people at one moment: the entry with the lower number may be committed later."""
    organization = make_organization()
    first, second = (
        AuditEntry.objects.create(organization=organization, verb="a.b") for _n in range(2)
    )
    before = "0" * 64
    for number, entry in enumerate((second, first), 1):
        before = digest_of(entry, before)
        AuditSeal.objects.create(
            organization=organization, number=number, entry_id=entry.pk, digest=before
        )
    assert verify(organization).is_sound

    target = brought_in(written(organization, tmp_path))

    entry = AuditEntry.objects.get(organization=target, verb="handover.imported")
    assert entry.detail["chain"] == before


def test_what_is_sealed_while_the_archive_is_written_does_not_spoil_it(tmp_path, monkeypatch):
    organization = make_organization()
    record(organization=organization, actor=None, verb="a.b")
    stream = Writer._stream

    def meanwhile(self, name, rows):
        stream(self, name, rows)
        if name.endswith("AuditEntry.jsonl"):
            record(organization=organization, actor=None, verb="c.d")
            seal(organization.pk)

    monkeypatch.setattr(Writer, "_stream", meanwhile)
    target = brought_in(written(organization, tmp_path))

    assert [e.verb for e in AuditEntry.objects.filter(organization=target).order_by("pk")] == [
        "a.b",
        "handover.imported",
    ]


def test_a_history_that_was_brought_in_before_is_computed_anew_too(tmp_path):
    organization = make_organization()
    for _n in range(3):
        record(organization=organization, actor=None, verb="a.b")
    once = brought_in(written(organization, tmp_path))
    brought_in(written(once, tmp_path, "sound.zip"))
    forged = EarlierEntry.objects.filter(organization=once).order_by("pk")[1]
    EarlierEntry.objects.filter(pk=forged.pk).update(content=forged.content | {"verb": "a.c"})

    with pytest.raises(ArchiveRefused, match="does not fit its seals"):
        brought_in(written(once, tmp_path, "forged.zip"))


def test_an_earlier_import_excuses_no_entry_of_this_place(tmp_path):
    organization = make_organization()
    make_member(organization, Role.OWNER)
    detail = {"entries": [0, 10**18], "rows": 3}
    AuditEntry.objects.create(organization=organization, verb="handover.imported", detail=detail)
    target = brought_in(written(organization, tmp_path))

    old = AuditEntry.objects.filter(organization=target, verb="handover.imported").order_by("pk")
    assert old[0].detail == {"rows": 3}
    assert old[1].detail["entries"] == [old[0].pk, old[0].pk]
