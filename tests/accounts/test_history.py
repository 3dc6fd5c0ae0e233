"""Reading the history and taking it away."""

import csv
import hashlib
import io
import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.audit import record
from accounts.enums import Role
from accounts.models import AuditEntry
from accounts.sealing import seal
from tests.factories import make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    member = make_member(role=Role.EDITOR)
    client.force_login(member.user)
    return member


def address(member, name="history"):
    return reverse(f"accounts:{name}", args=[member.organization.slug])


def happened(organization, verb="gate.opened", **more):
    record(organization=organization, actor=more.pop("actor", None), verb=verb, **more)
    return AuditEntry.objects.order_by("-pk").first()


def test_history_tells_who_did_what_to_what(client, editor):
    member = make_member(editor.organization, Role.VIEWER, user=make_user(name="Grace"))
    happened(
        editor.organization,
        "member.role_changed",
        actor=editor.user,
        target=member,
        detail={"role": ["viewer", "owner"]},
    )

    text = client.get(address(editor)).content.decode()

    assert str(editor.user) in text and "changed a role" in text and "Grace (Viewer)" in text
    assert "<del>Viewer</del>" in text and "<ins>Owner</ins>" in text


def test_filters_by_person_kind_day_and_name(client, editor):
    zone = editor.organization
    zone.time_zone = "Pacific/Kiritimati"  # fourteen hours before UTC
    zone.save()
    kept = happened(zone, "gate.opened", actor=editor.user)
    happened(zone, "member.left")

    def shown(**query):
        return [line.entry.pk for line in client.get(address(editor), query).context["lines"]]

    assert shown(kind="gate") == [kept.pk]
    assert shown(person=editor.user.pk) == [kept.pk]
    day = kept.created_at.astimezone(zone.zone).date()
    assert kept.pk in shown(first=day, last=day)
    assert shown(first="2020-01-01", last="2020-12-31") == []


def test_last_day_before_the_first_is_told(client, editor):
    response = client.get(address(editor), {"first": "2026-05-02", "last": "2026-05-01"})

    assert response.status_code == 422
    assert "swap them" in response.content.decode()
    assert client.get(address(editor, "history_csv"), {"first": "no day"}).status_code == 404


@pytest.mark.parametrize("count", [3, 160])
def test_history_costs_the_same_whatever_its_length(
    client, editor, django_assert_max_num_queries, count
):
    entries = [
        AuditEntry(
            organization=editor.organization,
            actor_name="Ada",
            verb="gate.opened",
            created_at=datetime.now(UTC),
        )
        for _ in range(count)
    ]
    AuditEntry.objects.bulk_create(entries)
    seal(editor.organization.pk)

    with django_assert_max_num_queries(11):
        response = client.get(address(editor))

    assert len(response.context["lines"]) == min(count, 50)


def test_older_entries_are_reached_page_by_page(client, editor):
    for number in range(55):
        happened(editor.organization, detail={"note": str(number)})

    first = client.get(address(editor))
    older = client.get(address(editor), {"before": first.context["next_before"]})

    pages = [line.entry.pk for page in (first, older) for line in page.context["lines"]]
    assert pages == sorted(pages, reverse=True)
    assert len(pages) == 55


@pytest.mark.parametrize("query", [{"last": "9999-12-31"}, {"first": "0001-01-01"}])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_days_at_the_ends_of_the_calendar_are_told(client, editor, query, zone):
    editor.organization.time_zone = zone
    editor.organization.save()

    assert client.get(address(editor), query).status_code == 422


def test_two_of_a_list_are_no_before_and_after(client, editor):
    happened(editor.organization, "records.imported", detail={"systems": ["EHR", "Portal"]})

    (line,) = client.get(address(editor)).context["lines"]

    assert [(d.before, d.after) for d in line.details] == [(None, "EHR, Portal")]


def test_whole_export_holds_what_its_digests_cover(client, editor):
    target = make_member(editor.organization, Role.VIEWER)
    for number in range(3):
        happened(editor.organization, actor=editor.user, target=target, detail={"n": [1, number]})
    seal(editor.organization.pk)

    whole = json.loads(b"".join(client.get(address(editor, "history_json"))))

    before = "0" * 64
    for entry in reversed(whole["entries"]):
        names = ("who", "verb", "target_type", "target_id", "about", "detail", "when")
        content = [before, entry["id"], whole["organization_id"], *(entry[name] for name in names)]
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        before = hashlib.sha256(text.encode()).hexdigest()
        assert before == entry["digest"]


@pytest.mark.parametrize("name", ["=1+1", "'=1+1", "＝1+1", "\n=1"])
def test_csv_defuses_formulas_and_json_carries_the_seals(client, editor, name):
    organization = make_organization(name=name)
    happened(editor.organization, target=organization, detail={"reason": "because"})
    seal(editor.organization.pk)

    table = b"".join(client.get(address(editor, "history_csv"))).decode("utf-8-sig")
    whole = json.loads(b"".join(client.get(address(editor, "history_json"))))

    (row,) = csv.DictReader(io.StringIO(table))
    assert (row["number"], row["about"]) == ("1", f"'{name}")
    assert whole["newest_seal"]["number"] == 1
    assert whole["entries"][0]["digest"] == whole["newest_seal"]["digest"]
