"""Moving a client by commands: as on the page, for scripts."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from accounts.models import AuditEntry, Organization
from accounts.sealing import seal, verify
from handover.taking import is_empty
from tests.factories import make_member, make_organization, make_user
from tests.handover.comparing import told
from tests.handover.test_handover import full_organization, written

pytestmark = pytest.mark.django_db


def say(*arguments):
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_client_moves_by_two_commands(tmp_path):
    organization, _owner, _colleague = full_organization()
    archive, again = tmp_path / "a.zip", tmp_path / "b.zip"
    owner = make_user()

    assert "SHA-256" in say("export_client", organization.slug, archive)
    assert archive.stat().st_mode & 0o077 == 0
    assert organization.name in say("import_client", archive, "--preview")
    before = Organization.objects.count()
    said = say("import_client", archive, "--owner", owner.email)

    made = Organization.objects.latest("pk")
    assert made.slug in said and Organization.objects.count() == before + 1
    assert made.memberships.get().user == owner and made.memberships.get().role == Role.OWNER
    seal(made.pk)
    assert verify(made).is_sound
    say("export_client", made.slug, again)
    assert told(again) == told(archive)
    entry = AuditEntry.objects.get(organization=organization, verb="handover.downloaded")
    assert entry.actor is None and entry.detail["rows"]


def test_a_client_moves_into_an_organization_that_is_empty(tmp_path):
    organization, _owner, _colleague = full_organization()
    archive = written(organization, tmp_path)
    target = make_organization()
    make_member(target, Role.OWNER)
    say("import_client", archive, "--into", target.slug)

    assert not is_empty(target)
    with pytest.raises(CommandError, match="Nothing was changed"):
        say("import_client", archive, "--into", target.slug)


def test_commands_say_what_is_wrong(tmp_path):
    organization = make_organization()
    archive = written(organization, tmp_path)
    (tmp_path / "no.zip").write_bytes(b"no")
    people = Organization.objects.count()
    for words, *arguments in (
        ("There is no organization", "export_client", "nobody", tmp_path / "x.zip"),
        ("exists already", "export_client", organization.slug, archive),
        ("could not be written", "export_client", organization.slug, tmp_path / "no" / "x.zip"),
        ("There is no file", "import_client", tmp_path / "none.zip", "--preview"),
        ("no zip file", "import_client", tmp_path / "no.zip", "--preview"),
        ("sign up first", "import_client", archive, "--owner", "nobody@example.org"),
        ("There is no organization", "import_client", archive, "--into", "nobody"),
    ):
        with pytest.raises(CommandError, match=words):
            say(*arguments)
    assert Organization.objects.count() == people
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "no.zip"]
