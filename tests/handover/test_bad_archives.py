"""Archives somebody made by hand: each refused in words, and nothing of them stays."""

import hashlib
import json
import os
import zipfile

import pytest

from accounts.enums import Role
from accounts.models import Membership, Organization, User
from assessments.evidence_files import store
from assessments.models import Answer
from handover.models import CarriedPerson
from handover.reading import MAX_DEPTH, Archive, ArchiveRefused, is_sound
from handover.taking import is_empty
from tests.factories import make_member, make_organization
from tests.handover.filling import logo
from tests.handover.test_handover import full_organization, take, written

pytestmark = pytest.mark.django_db

ANSWERS = "data/assessments.Answer.jsonl"
EVIDENCE = "data/assessments.Evidence.jsonl"
PEOPLE = "people.jsonl"


class Forged:
    """An archive in parts, to be changed and put together again with an honest manifest."""

    def __init__(self, path):
        self.path = path
        with zipfile.ZipFile(path) as archive:
            self.manifest = json.loads(archive.read("manifest.json"))
            self.bodies = {name: archive.read(name) for name in self.manifest["parts"]}

    def rows(self, name):
        return [json.loads(line) for line in self.bodies[name].splitlines()]

    def set_rows(self, name, rows):
        self.bodies[name] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)

    def each(self, name, **values):
        self.set_rows(name, [row | values for row in self.rows(name)])

    def written(self, target):
        with zipfile.ZipFile(target, "w") as archive:
            for name, body in self.bodies.items():
                told = self.manifest["parts"].setdefault(name, {})
                told["bytes"], told["sha256"] = len(body), hashlib.sha256(body).hexdigest()
                if name.endswith(".jsonl"):
                    told["rows"] = body.count(b"\n")
                archive.writestr(name, body)
            self.after(archive)
            archive.writestr("manifest.json", json.dumps(self.manifest))
        return target

    def after(self, archive):
        """What a case adds once all is told."""


def with_file_row(forged, **values):
    forged.each(EVIDENCE, **values)


def other_content(forged):
    name = next(name for name in forged.bodies if name.startswith("files/evidence/"))
    forged.bodies[name] = b"Something else was measured."


def a_page(forged):
    name = next(name for name in forged.bodies if name.startswith("files/evidence/"))
    forged.bodies[name] = b"<html><script>alert(1)</script></html>"


def large_logo(forged):
    from io import BytesIO

    from PIL import Image

    picture = BytesIO()
    Image.new("1", (20_000, 20_000)).save(picture, "PNG")
    name = f"files/logos/{hashlib.sha256(picture.getvalue()).hexdigest()}.png"
    forged.bodies[name] = picture.getvalue()


def drawn_logo(forged):
    body = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    forged.bodies[f"files/logos/{hashlib.sha256(body).hexdigest()}.png"] = body


def report_that_is_a_page(forged):
    forged.bodies["files/reports/7-a.pdf"] = b"<html><script>alert(1)</script></html>"


def colour(forged):
    row = {"id": 1, "version": 1, "main": "red;}"}
    forged.set_rows("data/reports.Brand.jsonl", [row])


def twice_the_same_answer(forged):
    (first, *_rest) = forged.rows(ANSWERS)
    forged.set_rows(ANSWERS, [first, first | {"id": 10**6}])


def without(forged, name, column):
    rows = forged.rows(name)
    for row in rows:
        row.pop(column)
    forged.set_rows(name, rows)


def told(forged, **values):
    forged.manifest |= values


def home(forged, **values):
    forged.manifest["organization"] |= values


def part_told(forged, **values):
    def after(archive):
        forged.manifest["parts"][ANSWERS] |= values

    forged.after = after


def a_symlink(forged):
    forged.manifest["parts"]["files/evidence/" + "a" * 32] = {"bytes": 11, "sha256": "0" * 64}

    def after(archive):
        info = zipfile.ZipInfo("files/evidence/" + "a" * 32)
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")

    forged.after = after


def extra(name):
    def change(forged):
        forged.bodies[name] = b"x"

    return change


def deep(levels):
    return json.loads("[" * levels + "]" * levels)


CASES = {
    "half a character": lambda f: f.each(ANSWERS, note="\ud800"),
    "NUL in a text": lambda f: f.each(ANSWERS, note="a\x00b"),
    "NUL in JSON": lambda f: f.each(ANSWERS, value={"a\x00": 1}),
    "no number": lambda f: f.each(ANSWERS, value=float("nan")),
    "nested deeply": lambda f: f.each(ANSWERS, value=deep(MAX_DEPTH + 10)),
    "nested very deeply": lambda f: f.bodies.update({ANSWERS: b'{"id":' + b"[" * 9000 + b"\n"}),
    "a text is a number": lambda f: f.each(ANSWERS, note=5),
    "a text is too long": lambda f: f.each(ANSWERS, question_id="Q" * 41),
    "a number is a text": lambda f: f.each(ANSWERS, version="many"),
    "a number is negative": lambda f: f.each(ANSWERS, version=-1),
    "a number is too large": lambda f: f.each(ANSWERS, version=10**30),
    "a moment without a zone": lambda f: f.each(ANSWERS, updated_at="2026-01-01T00:00:00"),
    "a mapping is a list": lambda f: f.each("data/assessments.Assessment.jsonl", parked=[1]),
    "a relation is a truth": lambda f: f.each(ANSWERS, assessment=True),
    "a relation is a text": lambda f: f.each(ANSWERS, assessment="1"),
    "somebody else's row": lambda f: f.each(ANSWERS, assessment=10**9),
    "a person nobody names": lambda f: f.each(ANSWERS, updated_by=10**9),
    "an earlier round that is not there": lambda f: f.each(
        "data/assessments.Assessment.jsonl", previous=10**9
    ),
    "a column is missing": lambda f: without(f, ANSWERS, "assessment"),
    "a source that is a script": lambda f: f.each(
        "data/roadmap.PlannedInitiative.jsonl",
        details={"sources": [{"title": "x", "url": "javascript:alert(1)"}]},
    ),
    "two answers to one question": twice_the_same_answer,
    "one person twice": lambda f: f.bodies.update({PEOPLE: f.bodies[PEOPLE] * 2}),
    "a file with another content": other_content,
    "a file that is a page": a_page,
    "a file with another size": lambda f: with_file_row(f, size=1),
    "a file outside": lambda f: with_file_row(f, stored_name="../../../etc/passwd"),
    "a logo too large to open": large_logo,
    "a logo that is a drawing": drawn_logo,
    "a report that is a page": report_that_is_a_page,
    "a colour that is more": colour,
    "a link to a file": a_symlink,
    "up and away": extra("files/evidence/../../../evil"),
    "an absolute name": extra("/etc/cron.d/evil"),
    "a name of Windows": extra("files\\evidence\\evil"),
    "an account": extra("data/accounts.User.jsonl"),
    "negative size": lambda f: part_told(f, bytes=-5),
    "a size that is a text": lambda f: part_told(f, bytes="10"),
    "no hash": lambda f: part_told(f, sha256=None),
    "negative rows": lambda f: part_told(f, rows=-1),
    "more than it may unpack to": lambda f: part_told(f, bytes=5 * 1024**4),
    "missing files are a number": lambda f: told(f, missing_files=5),
    "missing files are lists": lambda f: told(f, missing_files=[[]]),
    "missing files are anywhere": lambda f: told(f, missing_files=["/etc/passwd"]),
    "parts are a list": lambda f: setattr(
        f, "after", lambda archive: f.manifest.update(parts=list(f.manifest["parts"]))
    ),
    "version zero": lambda f: told(f, format_version=0),
    "version is a truth": lambda f: told(f, format_version=True),
    "half a name": lambda f: home(f, name="\ud800"),
    "a language that is a path": lambda f: home(f, language="../../x"),
    "no organization": lambda f: told(f, organization=None),
}


@pytest.fixture
def sound(tmp_path):
    organization, _owner, _colleague = full_organization()
    return written(organization, tmp_path)


@pytest.mark.parametrize("case", CASES)
def test_what_was_made_by_hand_is_refused_in_words_and_leaves_nothing(case, sound, tmp_path):
    forged = Forged(sound)
    CASES[case](forged)
    bad = forged.written(tmp_path / "bad.zip")
    target = make_organization(name="Empty")
    owner = make_member(target, Role.OWNER).user
    people, files = User.objects.count(), set(os.listdir(store.folder()))

    with pytest.raises(ArchiveRefused) as refused:
        take(bad, target, owner)

    words = str(refused.value)
    assert words[0].isupper() or words[0] == "“"
    assert words.endswith(".") and words.count(". ") >= 1, words
    target.refresh_from_db()
    assert is_empty(target) and target.name == "Empty"
    assert User.objects.count() == people
    assert not CarriedPerson.objects.filter(organization=target).exists()
    assert set(os.listdir(store.folder())) == files


def test_an_archive_put_together_again_by_an_honest_hand_is_taken(sound, tmp_path):
    """So the cases above fail for what they change."""
    target = make_organization()
    take(Forged(sound).written(tmp_path / "x.zip"), target, make_member(target, Role.OWNER).user)

    assert Answer.objects.filter(assessment__organization=target).exists()


def test_an_archive_gives_nobody_a_role_or_an_account(sound, tmp_path):
    """It claims that somebody with an account here owned the organization."""
    stranger = make_member(make_organization(), Role.OWNER).user
    password = stranger.password
    forged = Forged(sound)
    forged.each(PEOPLE, email=stranger.email, role="owner", is_superuser=True, is_active=True)
    target = make_organization()
    take(forged.written(tmp_path / "x.zip"), target, make_member(target, Role.OWNER).user)

    assert not Membership.objects.filter(organization=target, user=stranger).exists()
    stranger.refresh_from_db()
    assert (stranger.password, stranger.is_superuser) == (password, False)
    for carried in CarriedPerson.objects.filter(organization=target).select_related("user"):
        user = carried.user
        assert not (user.is_active or user.is_staff or user.is_superuser)
        assert not user.has_usable_password() and user.email.endswith("@people.invalid")
    assert Organization.objects.filter(memberships__user=stranger).count() == 1


@pytest.mark.parametrize("kind", ["locked", "odd packing", "cut off", "a long list", "bomb"])
def test_a_zip_that_is_none_of_ours(kind, sound, tmp_path):
    bad = tmp_path / "bad.zip"
    body = bytearray(sound.read_bytes())
    at = body.rfind(b"PK\x01\x02")  # the manifest's line in the zip's list of contents
    if kind == "locked":
        body[at + 8] |= 1
    elif kind == "odd packing":
        body[at + 10] = 99
    elif kind == "cut off":
        del body[len(body) // 2 :]
    elif kind == "a long list":
        with zipfile.ZipFile(bad, "w") as archive:
            for number in range(60_000):
                archive.writestr(f"{number}{'x' * 150}", b"")
        body = bytearray(bad.read_bytes())
    elif kind == "bomb":
        with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("manifest.json", b" " * 40_000_000)
        body = bytearray(bad.read_bytes())
    bad.write_bytes(bytes(body))

    with pytest.raises(ArchiveRefused):
        Archive(bad)


def test_what_every_database_can_keep():
    assert is_sound({"a": [1, 1.5, None, True, "שלום 🏥\u2028\x1b", {"": []}], "б": -(10**40)})
    for bad in ("\x00", "\udfff", float("inf"), float("nan"), {"\x00": 1}, [["\ud800"]]):
        assert not is_sound(bad)
    assert is_sound(deep(MAX_DEPTH)) and not is_sound(deep(900))


def test_a_logo_of_ours_is_taken(sound, tmp_path):
    from reports import logos

    forged = Forged(sound)
    name = logo()
    forged.bodies[f"files/logos/{name}"] = logos.read(name)
    row = {"id": 1, "version": 1, "main": "#123abc", "accent": "", "logo": name}
    forged.set_rows("data/reports.Brand.jsonl", [row])
    target = make_organization()
    take(forged.written(tmp_path / "x.zip"), target, make_member(target, Role.OWNER).user)

    assert target.brand.logo == name
