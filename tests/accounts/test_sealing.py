"""The chain of hashes over what people did."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.audit import record
from accounts.models import AuditEntry, AuditSeal
from accounts.sealing import seal, seal_all, verify
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed():
    """An organization with five sealed entries."""
    organization, user = make_organization(), make_user(name="Ada")
    for number in range(5):
        record(
            organization=organization,
            actor=user,
            verb="gate.opened",
            detail={"note": f"n{number}", "share": 0.1, "status": ["a", "b"]},
        )
    seal(organization.pk)
    return organization


def alter(statement: str, *values: object) -> None:
    """Write past the models, as somebody with the database in hand would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults(organization):
    return [(fault.number, fault.text) for fault in verify(organization).faults]


def entry_at(organization, number):
    return AuditSeal.objects.get(organization=organization, number=number).entry_id


def test_untouched_history_is_sound(sealed):
    verdict = verify(sealed)

    assert verdict.is_sound
    assert (verdict.sealed, verdict.unsealed, verdict.number) == (5, 0, 5)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_name", "Somebody Else"),
        ("verb", "gate.closed"),
        ("target_name", "another"),
        ("created_at", "2020-01-01 00:00:00+00:00"),
        ("detail", json.dumps({"note": "changed"})),
    ],
)
def test_altered_entry_is_named(sealed, column, value):
    alter(f"UPDATE accounts_auditentry SET {column} = %s WHERE id = %s", value, entry_at(sealed, 3))

    assert faults(sealed) == [(3, "the entry or its seal was altered")]


def test_removed_entry_is_missed(sealed):
    alter("DELETE FROM accounts_auditentry WHERE id = %s", entry_at(sealed, 2))

    assert faults(sealed) == [(2, "the entry was removed")]


def test_removed_seal_breaks_the_chain(sealed):
    alter("DELETE FROM accounts_auditseal WHERE entry_id = %s", entry_at(sealed, 2))

    assert (3, "seal 2 is missing before this one") in faults(sealed)


def test_inserted_entry_with_a_seal_of_its_own_is_found(sealed):
    last = AuditSeal.objects.get(organization=sealed, number=5)
    record(organization=sealed, actor=None, verb="gate.opened")
    forged = AuditEntry.objects.filter(organization=sealed).order_by("pk").last()
    AuditSeal.objects.create(
        organization=sealed, number=last.number + 1, entry_id=forged.pk, digest="f" * 64
    )

    assert faults(sealed) == [(6, "the entry or its seal was altered")]


def test_entry_dated_back_shows_by_its_place_in_the_chain(sealed):
    made_up = record(organization=sealed, actor=None, verb="gate.opened")
    alter(
        "UPDATE accounts_auditentry SET created_at = %s WHERE id = %s",
        "2020-01-01 00:00:00+00:00",
        made_up.pk,
    )
    seal(sealed.pk)

    assert faults(sealed) == [(6, "the entry is dated before those sealed earlier")]


def test_sealing_twice_changes_nothing(sealed):
    before = list(AuditSeal.objects.values_list("number", "digest"))

    assert (seal(sealed.pk), seal_all()) == (0, 0)
    assert list(AuditSeal.objects.values_list("number", "digest")) == before


def test_chains_of_organizations_are_apart(sealed):
    other = make_organization()
    record(organization=other, actor=None, verb="organization.created")
    seal_all()

    assert [s.number for s in AuditSeal.objects.filter(organization=other)] == [1]
    assert verify(other).is_sound and verify(sealed).is_sound


def test_deleted_account_leaves_the_history_sound(sealed):
    AuditEntry.objects.filter(organization=sealed).first().actor.delete()

    assert verify(sealed).is_sound


def test_entries_and_seals_refuse_to_be_changed(sealed):
    for rows in (AuditEntry.objects.all(), AuditSeal.objects.all()):
        with pytest.raises(TypeError):
            rows.update(**{"verb" if rows.model is AuditEntry else "digest": "x"})
        with pytest.raises(TypeError):
            rows.delete()


def test_command_names_the_organization_and_fails_on_a_fault(sealed):
    out = StringIO()
    call_command("audit_verify", sealed.slug, stdout=out)
    assert "5 entries, sound" in out.getvalue()

    alter("UPDATE accounts_auditentry SET verb = 'x' WHERE id = %s", entry_at(sealed, 1))
    with pytest.raises(CommandError, match="1 fault"):
        call_command("audit_verify", sealed.slug, stdout=StringIO())


def test_whole_chain_written_anew_shows_against_an_export(sealed, tmp_path):
    newest = AuditSeal.objects.get(organization=sealed, number=5)
    kept = tmp_path / "export.json"
    kept.write_text(
        json.dumps(
            {
                "organization": sealed.slug,
                "newest_seal": {"number": 5, "digest": newest.digest},
                "entries": [],
            }
        )
    )
    call_command("audit_verify", sealed.slug, against=kept, stdout=StringIO())

    alter("UPDATE accounts_auditentry SET verb = 'x' WHERE id = %s", entry_at(sealed, 1))
    alter("DELETE FROM accounts_auditseal")
    seal(sealed.pk)

    assert verify(sealed).is_sound
    with pytest.raises(CommandError, match="altered"):
        call_command("audit_verify", sealed.slug, against=kept, stdout=StringIO())


def test_export_of_another_organization_proves_nothing_and_says_so(sealed, tmp_path):
    kept = tmp_path / "export.json"
    kept.write_text(
        json.dumps({"organization": "other", "newest_seal": {"number": 1, "digest": "0" * 64}})
    )

    with pytest.raises(CommandError, match="The export is of other"):
        call_command("audit_verify", sealed.slug, against=kept, stdout=StringIO())
