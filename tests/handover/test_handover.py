"""Everything of an organization, out and in again: nothing lost, nothing believed."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.audit import record
from accounts.enums import Role
from accounts.models import AuditEntry
from accounts.sealing import seal, verify
from assessments.domain import answers as domain
from assessments.models import Assessment, Comment, Evidence, SeatAnswer, Settlement
from assessments.services.seats import answer_settle
from handover import services, storage
from handover.models import Arrival, CarriedPerson, EarlierEntry
from handover.parts import CARRIED, NOT_CARRIED
from handover.reading import Archive, ArchiveRefused
from handover.taking import Taking, is_empty
from handover.upgrades import upgraded
from handover.writing import Writer
from jobs.models import Job
from jobs.tasks import run_job as run
from roadmap.models import PlannedInitiative, Roadmap
from tests.assessments.factories import add_file, make_assessment, save_answer, say_from_seat
from tests.factories import make_member, make_organization, make_user
from tests.handover.comparing import told
from tests.roadmap.factories import make_roadmap

pytestmark = pytest.mark.django_db


def quiet(percent: int, phrase: str) -> None:
    pass


def test_every_model_is_carried_or_left_out_with_a_reason():
    here = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    ours = {model._meta.label for app in here for model in app.get_models()}
    carried = {part.label for part in CARRIED}

    assert carried | set(NOT_CARRIED) == ours
    assert not carried & set(NOT_CARRIED)


def test_no_part_names_one_that_comes_later():
    seen = {"accounts.User"}
    for part in CARRIED:
        seen.add(part.label)
        named = {f.related_model._meta.label for f in part.fields if f.is_relation}
        assert named <= seen, part.label


def full_organization():
    organization = make_organization(name="Haus “Übermut” שלום\u202e =1+1", time_zone="Asia/Tokyo")
    owner = make_member(organization, Role.OWNER).user
    colleague = make_member(organization).user
    assessment = make_assessment(organization=organization, user=owner)
    save_answer(assessment, "Q1.01", 2)
    say_from_seat(assessment, "Q1.02", "it", 1, user=colleague)
    answer_settle(
        assessment=assessment,
        user=owner,
        question_id="Q1.02",
        given=domain.Answer(domain.AnswerState.ANSWERED, 1),
        version=0,
        agreed=[colleague.pk],
    )
    add_file(assessment, b"What we measured.")
    Comment.objects.create(
        assessment=assessment, question_id="Q1.01", author=None, text="\x1b[31m \U0001f9ea\n'--"
    ).mentions.add(colleague)
    later = make_assessment(organization=organization, user=owner)
    later.previous = assessment
    later.save()
    roadmap = make_roadmap(organization)
    PlannedInitiative.objects.filter(roadmap=roadmap).update(owner=colleague, note="x" * 400)
    Roadmap.objects.filter(pk=roadmap.pk).update(baseline_of=roadmap.pk)
    record(organization=organization, actor=owner, verb="assessment.created", target=assessment)
    seal(organization.pk)
    return organization, owner, colleague


def written(organization, tmp_path, name="a.zip"):
    path = tmp_path / name
    Writer(organization, path, quiet).write()
    return path


def brought_in(path, user=None):
    target = make_organization()
    take(path, target, user or make_member(target, Role.OWNER).user)
    target.refresh_from_db()
    return target


def take(path, target, user):
    arrival = Arrival.objects.create(organization=target)
    with transaction.atomic(), Archive(path) as archive:
        taking = Taking(archive, target, quiet)
        taking.judge()
        taking.take(arrival, user)


def test_nothing_is_lost_on_a_round_trip(tmp_path):
    organization, _owner, colleague = full_organization()
    first = written(organization, tmp_path)

    target = brought_in(first)

    assert told(written(target, tmp_path, "b.zip")) == told(first)
    assert (target.name, target.time_zone) == (organization.name, "Asia/Tokyo")
    assert not (
        set(Assessment.objects.filter(organization=target))
        & set(Assessment.objects.filter(organization=organization))
    )
    settled = Settlement.objects.get(assessment__organization=target)
    assert settled.agreed[0]["user"] not in (colleague.pk, None)


def test_history_comes_along_with_its_chain(tmp_path):
    organization, _owner, _colleague = full_organization()
    target = brought_in(written(organization, tmp_path))
    seal(target.pk)

    assert verify(target).is_sound
    old = EarlierEntry.objects.filter(organization=target)
    assert old.count() == AuditEntry.objects.filter(organization=organization).count()
    entry = AuditEntry.objects.get(organization=target, verb="handover.imported")
    assert entry.detail["chain"] == verify(organization).digest
    about = AuditEntry.objects.filter(organization=target, verb="assessment.created").last()
    assert Assessment.objects.get(pk=about.target_id).organization == target


def test_who_accepts_an_invitation_gets_back_what_is_theirs(tmp_path):
    organization, _owner, colleague = full_organization()
    target = brought_in(written(organization, tmp_path))
    said = SeatAnswer.objects.get(assessment__organization=target)
    assert not said.user.is_active
    make_member(target, user=make_user())
    said.refresh_from_db()
    assert said.user != colleague

    make_member(target, user=colleague)

    said.refresh_from_db()
    assert said.user == colleague
    assert PlannedInitiative.objects.filter(roadmap__organization=target, owner=colleague).exists()
    assert CarriedPerson.objects.get(organization=target, email=colleague.email).matched_at


def changed(path, tmp_path, name, change, *, honest=True):
    """The archive with one part changed; `honest`: the manifest tells of the change."""
    import hashlib

    out = tmp_path / "changed.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        for info in old.infolist():
            body = old.read(info)
            if info.filename == name:
                body = change(body)
                if honest and name in manifest["parts"]:
                    told_of = manifest["parts"][name]
                    told_of["bytes"] = len(body)
                    told_of["sha256"] = hashlib.sha256(body).hexdigest()
                    if "rows" in told_of:
                        told_of["rows"] = body.count(b"\n")
            if info.filename != "manifest.json":
                new.writestr(info.filename, body)
        body = json.dumps(manifest).encode()
        new.writestr("manifest.json", change(body) if name == "manifest.json" else body)
    return out


ANSWERS = "data/assessments.Answer.jsonl"
BAD = [
    (ANSWERS, lambda b: b.replace(b'"assessment":', b'"assessment":99'), True),
    (ANSWERS, lambda b: b.replace(b'"basis"', b'"is_superuser"'), True),
    (ANSWERS, lambda b: b.replace(b'"state":"answered"', b'"state":"owned"'), True),
    (ANSWERS, lambda b: b + b"\n", True),
    (ANSWERS, lambda b: b + b, True),
    (ANSWERS, lambda b: b.replace(b"2", b"3"), False),
    (ANSWERS, lambda b: b + b" " * 10_000_000, False),
    ("data/accounts.AuditEntry.jsonl", lambda b: b.replace(b"created", b"deleted"), True),
    ("manifest.json", lambda b: b.replace(b'"format_version": 1', b'"format_version": 99'), True),
    ("manifest.json", lambda b: b.replace(b"waymark-archive", b"other"), True),
    ("manifest.json", lambda b: b.replace(b"assessments.Answer", b"accounts.Password"), True),
    ("manifest.json", lambda b: b"[" * 100_000, True),
    ("manifest.json", lambda b: b.replace(b"Asia/Tokyo", b"../etc/pass"), True),
    (
        "data/assessments.Evidence.jsonl",
        lambda b: b.replace(b'"url":""', b'"url":"javascript:1"'),
        True,
    ),
    (
        "data/assessments.Evidence.jsonl",
        lambda b: b.replace(b'"stored_name":"', b'"stored_name":"f'),
        True,
    ),
]


def test_what_is_not_sound_is_refused_and_changes_nothing(tmp_path):
    organization, _owner, _colleague = full_organization()
    path = written(organization, tmp_path)
    for name, change, honest in BAD:
        bad = changed(path, tmp_path, name, change, honest=honest)
        target = make_organization()
        with pytest.raises(ArchiveRefused), Archive(bad) as archive:
            taking = Taking(archive, target, quiet)
            taking.judge()
            taking._write_history(_nobody(archive))
        assert is_empty(target) or name.endswith("AuditEntry.jsonl")


def _nobody(archive):
    from handover.rows import Reader

    reader = Reader({}, {})
    reader.numbers = {part.label: {} for part in CARRIED}
    return reader


def test_no_zip_and_no_part_beside_the_manifest(tmp_path):
    for body in (b"", b"PK\x03\x04", b"%PDF-1.7"):
        (tmp_path / "x.zip").write_bytes(body)
        with pytest.raises(ArchiveRefused):
            Archive(tmp_path / "x.zip")
    path = written(make_organization(), tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../evil.py", "x")
    with pytest.raises(ArchiveRefused):
        Archive(path)


def test_pages_from_asking_to_bringing_in(django_capture_on_commit_callbacks):
    organization, owner, _colleague = full_organization()
    client = Client()
    client.force_login(owner)
    page = reverse("handover:index", args=[organization.slug])
    client.post(page)
    client.post(page)
    job = Job.objects.get(kind=services.EXPORT_JOB)
    run(job.pk)
    archive = organization.archives.get()
    response = client.get(reverse("handover:download", args=[organization.slug, archive.pk]))
    body = b"".join(response.streaming_content)
    assert AuditEntry.objects.filter(verb="handover.downloaded").count() == 1

    target = make_organization()
    make_member(target, Role.OWNER, user=owner)
    upload = io.BytesIO(body)
    upload.name = "a.zip"
    sent = client.post(reverse("handover:import", args=[target.slug]), {"archive": upload})
    preview = client.get(sent.headers["Location"])
    assert organization.name in preview.context["arrival"].found["name"]
    unnamed = client.post(sent.headers["Location"], {"name": " "})
    assert unnamed.status_code == 422 and "Give the organization a name" in unnamed.text
    client.post(sent.headers["Location"], {"name": "Haus Nord"})
    run(Job.objects.get(kind=services.IMPORT_JOB).pk)

    assert Arrival.objects.get().taken_at
    target.refresh_from_db()
    assert target.name == "Haus Nord"
    assert Evidence.objects.filter(assessment__organization=target).count() == 1
    assert "All of it is here" in client.get(sent.headers["Location"]).content.decode()
    upload.seek(0)
    again = client.post(reverse("handover:import", args=[target.slug]), {"archive": upload})
    assert again.status_code == 422


def test_secrets_and_private_notes_are_in_no_archive(tmp_path):
    from desk.models import PrivateNote
    from roadmap.models import StatusLink

    organization, owner, _colleague = full_organization()
    link = StatusLink.objects.create(
        roadmap=Roadmap.objects.get(organization=organization),
        name="Board",
        password="pbkdf2-secret",
        expires_on=date(2100, 1, 1),
        created_by=owner,
    )
    PrivateNote.objects.create(
        consultancy=make_organization(), client=organization, text="They will not like this."
    )
    with zipfile.ZipFile(written(organization, tmp_path)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())

    for secret in (link.nonce, "pbkdf2-secret", "They will not like this", owner.password):
        assert secret.encode() not in everything


def test_older_rows_are_brought_up_step_by_step():
    steps = {1: lambda name, row: {**row, "b": row["a"]}, 2: lambda name, row: {**row, "c": name}}

    assert upgraded(1, "x", {"a": 1}, steps) == {"a": 1, "b": 1, "c": "x"}
    assert upgraded(3, "x", {"a": 1}, steps) == {"a": 1}


def test_files_over_their_time_are_swept():
    storage.path_of("in-0.zip").write_bytes(b"x")
    assert storage.sweep([]) == 0
