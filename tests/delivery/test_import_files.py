"""Files of records: what is read of them, each bad cell named, and what becomes of it."""

import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from delivery.domain.files.coverage import CoverageProblem, read_coverage
from delivery.domain.files.table import FileProblem, Reading, read_table
from delivery.intake.csv_cells import read_cells
from delivery.models import Coverage, Deployment, Incident, RecordUpload
from delivery.services.imports import ImportRefused, upload_import, upload_preview
from delivery.tasks import prune_events
from tests.delivery.intake_factories import make_system
from tests.factories import make_member, make_organization

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


def read(text: str | bytes, kind: str = "deployment", order: str = "") -> Reading:
    content = text if isinstance(text, bytes) else text.encode()
    return read_table(kind, read_cells(content, kind).rows, ZONE, NOW, order)


PLAIN = "Id;Deployed at;Result\nd1;31.10.2026 14:05;Failed\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.replace(";", ",").encode(),
        PLAIN.replace(";", "\t").encode("cp1252"),
        f"sep=;\n{PLAIN}".encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        f"Our deployments;;\n\n{PLAIN}".encode(),
        b'"Id";"DEPLOYED_AT";"Status"\n"d1";"31.10.2026 14:05";"failed"',
    ],
)
def test_encodings_and_separators_are_found(content: bytes):
    found = read(content)

    assert (found.bad, len(found.rows)) == ([], 1)
    record: Any = found.rows[0].record
    assert record.external_id == "d1"
    assert record.deployed_at == datetime(2026, 10, 31, 13, 5, tzinfo=UTC)
    assert record.result == "failed"


def test_every_bad_cell_is_named_with_its_row_and_column():
    found = read(
        "Id,Deployed at,Result,First commit,Address\n"
        "a,2026-11-01,done,,\n"
        "b,,success,,javascript:alert(1)\n"
        "c,2026-11-02,success,2026-11-03,\n"
        "d,2027-01-01,success,,\n"
        "e,2026-11-02,success,,,more\n"
    )

    assert [(cell.row, cell.column) for cell in found.bad] == [
        (2, "Result"),
        (3, "Deployed at"),
        (3, "Address"),
        (4, "First commit"),
        (5, "Deployed at"),
        (6, ""),
    ]


def test_order_of_day_and_month_is_asked_proven_or_contradicted():
    asked = read("Id,Deployed at\na,03/04/2026\n")
    proven = read("Id,Deployed at\na,03/04/2026\nb,25/03/2026\n")
    mixed = read("Id,Deployed at\na,03/25/2026\nb,25/03/2026\nc,03/04/2026\n")

    assert (asked.asks_order, asked.rows) == (True, [])
    assert (proven.asks_order, proven.order_from, len(proven.rows)) == (False, "25/03/2026", 2)
    assert mixed.asks_order
    chosen = read("Id,Deployed at\na,03/25/2026\nb,25/03/2026\n", order="mdy")
    assert [(cell.row, cell.value) for cell in chosen.bad] == [(3, "25/03/2026")]


def test_rows_without_ids_get_the_same_id_in_every_file():
    first = read("Deployed at,Version\n2026-11-01 10:00,1.0\n2026-11-02 10:00,1.1\n")
    second = read("Version;Deployed at\n1.0;01.11.2026 10:00\n")

    assert first.derived == 2
    assert first.rows[0].record.external_id == second.rows[0].record.external_id
    assert first.rows[1].record.external_id != second.rows[0].record.external_id


def test_repeated_ids_are_told():
    found = read("Id,Deployed at\na,2026-11-01\na,2026-11-01\na,2026-11-02\n")

    assert found.notes["same"] == 1
    assert [(first, then) for first, then, _name in found.repeated] == [(3, 4)]


@pytest.mark.parametrize(
    ("text", "count"), [("1,234", 1234), ("1.234", 1234), ("1 234 567", 1234567), ("12", 12)]
)
def test_counts_are_read_with_their_groups(text: str, count: int):
    found = read(f"Measured at;Covered;Total\n2026-11-01;{text};9.999.999\n", "coverage")

    record: Any = found.rows[0].record
    assert record.lines_covered == count


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Id,Version\n1,2\n",
        b"Id,Deployed at\n",
        b'Id,Deployed at\n"a,2026-11-01\n',
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"<html><body>",
        b"\x00\x01\x02\x03" * 50,
        b"Id,Deployed at\n" + b"a,2026-11-01\n" * 20_001,
    ],
)
def test_files_that_are_no_such_table_are_refused(content: bytes):
    with pytest.raises(FileProblem):
        read(content)


COBERTURA = b"""<?xml version="1.0"?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage lines-covered="80" lines-valid="100" line-rate="0.8" timestamp="1793448000000">
<packages><package><classes><class filename="a.py"><lines><line number="1" hits="1"/></lines>
</class></classes></package></packages></coverage>"""
OLD_COBERTURA = b"""<coverage line-rate="0.5" timestamp="1793448000"><packages><package><classes>
<class filename="A.java"><methods><method><lines><line number="1" hits="2"/></lines></method>
</methods><lines><line number="1" hits="2"/><line number="2" hits="0"/></lines></class>
</classes></package></packages></coverage>"""
JACOCO = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">
<report name="portal"><sessioninfo id="x" start="1793440000000" dump="1793448000000"/>
<package name="p"><counter type="LINE" missed="1" covered="1"/></package>
<counter type="BRANCH" missed="5" covered="5"/><counter type="LINE" missed="30" covered="70"/>
</report>"""
BOMB = b"""<?xml version="1.0"?><!DOCTYPE coverage [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><coverage lines-covered="1" lines-valid="1">&b;
</coverage>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE coverage [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<coverage lines-covered="1" lines-valid="1">&a;</coverage>"""


@pytest.mark.parametrize(
    ("content", "tool", "covered", "total"),
    [
        (COBERTURA, "Cobertura", 80, 100),
        (OLD_COBERTURA, "Cobertura", 1, 2),
        (JACOCO, "JaCoCo", 70, 100),
    ],
)
def test_coverage_reports_are_counted_in_lines(content: bytes, tool: str, covered: int, total: int):
    found = read_coverage(content)

    assert (found.tool, found.covered, found.total) == (tool, covered, total)
    assert found.measured_at == datetime(2026, 10, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        OUTSIDE,
        b"",
        b"no xml",
        b"<html/>",
        b"<report/>",
        b"<coverage/>",
        b"<coverage lines-covered='9' lines-valid='3'/>",
        b"<coverage lines-covered='-1' lines-valid='3'/>",
        b"<coverage lines-covered='1e9' lines-valid='NaN'/>",
        b"<coverage>" + b"<a>" * 5000,
    ],
)
def test_what_is_no_coverage_report_is_refused(content: bytes):
    with pytest.raises(CoverageProblem):
        read_coverage(content)


class Importer:
    """Somebody at the pages of an organization."""

    def __init__(self) -> None:
        self.organization = make_organization(time_zone="Europe/Berlin")
        self.system = make_system(self.organization, name="Portal", key="portal")
        self.client = Client()
        self.client.force_login(make_member(self.organization, Role.CONTRIBUTOR).user)

    def url(self, name: str, *arguments: Any) -> str:
        return reverse(f"delivery:{name}", args=[self.organization.slug, *arguments])

    def choose(self, text: str, kind: str = "deployment", **data: Any) -> Any:
        file = SimpleUploadedFile("table.csv", text.encode())
        given = {"kind": kind, "file": file, "system": self.system.pk} | data
        return self.client.post(self.url("import"), given)


@pytest.mark.django_db
def test_file_is_looked_at_then_imported_and_again_changes_nothing():
    importer = Importer()
    text = "Id,Deployed at,Result\na,2026-11-01 10:00,success\nb,2026-11-02 10:00,failed\n"

    importer.choose(text)
    upload = RecordUpload.objects.get()
    look = importer.client.get(importer.url("import_preview", upload.pk))
    assert not Deployment.objects.exists()
    done = importer.client.post(importer.url("import_preview", upload.pk))
    importer.client.post(importer.url("import_preview", upload.pk))

    assert (look.status_code, done.status_code) == (200, 302)
    assert Deployment.objects.count() == 2
    assert {each.origin for each in Deployment.objects.all()} == {"file"}
    assert AuditEntry.objects.filter(verb="records.imported").count() == 1

    importer.choose(text)
    again = RecordUpload.objects.latest("pk")
    told = importer.client.post(importer.url("import_preview", again.pk), follow=True)
    assert "0 new, 0 changed, 2 known already" in told.content.decode()
    assert Deployment.objects.count() == 2


@pytest.mark.django_db
def test_order_is_chosen_on_the_page_and_kept_for_the_import():
    importer = Importer()
    importer.choose("Id,Began\ni1,03/04/2026 08:00\n", "incident")
    url = importer.url("import_preview", RecordUpload.objects.get().pk)

    assert "Which comes first" in importer.client.get(url).content.decode()
    assert importer.client.post(url).status_code == 422
    chosen = importer.client.get(url, {"order": "dmy"}).content.decode()
    assert 'name="order" value="dmy"' in chosen
    importer.client.post(url, {"order": "dmy"})

    assert Incident.objects.get().opened_at == datetime(2026, 4, 3, 6, tzinfo=UTC)


@pytest.mark.django_db
def test_unknown_systems_and_bad_cells_stop_the_import():
    importer = Importer()
    importer.choose("System,Id,Deployed at\nPORTAL,a,2026-11-01\nOther,b,2026-11-01\n")
    url = importer.url("import_preview", RecordUpload.objects.get().pk)

    shown = importer.client.get(url).content.decode()

    assert "Other" in shown
    assert importer.client.post(url).status_code == 422
    assert not Deployment.objects.exists()


@pytest.mark.django_db
def test_file_that_is_no_table_is_told_on_the_form():
    answer = Importer().choose("nothing,known\n1,2\n")

    assert answer.status_code == 422
    assert "needs a heading with" in answer.content.decode()


@pytest.mark.django_db
def test_coverage_report_becomes_one_reading():
    importer = Importer()

    def send(content: bytes) -> int:
        file = SimpleUploadedFile("coverage.xml", content)
        data = {"coverage-system": importer.system.pk, "coverage-file": file}
        return importer.client.post(importer.url("import_coverage"), data).status_code

    assert [send(JACOCO), send(JACOCO), send(BOMB)] == [302, 302, 422]
    reading = importer.system.coverage.get()
    assert (reading.lines_covered, reading.lines_total, reading.tool) == (70, 100, "JaCoCo")


@pytest.mark.parametrize("kind", ["incident", "change"])
def test_the_id_of_a_deployment_is_never_taken_for_the_id_of_what_names_it(kind: str):
    moment = "Opened" if kind == "incident" else "Deployed"
    found = read(f"{kind} ID,Deployment ID,{moment}\ni1,d7,2026-11-01 10:00\n", kind)

    record: Any = found.rows[0].record
    assert (record.external_id, record.deployment, found.left_out) == ("i1", "d7", [])


@pytest.mark.parametrize("stamp", ["", "-1", "2026-11-22T10:00:00"])
def test_a_report_that_says_oddly_when_it_was_made_is_still_counted(stamp: str):
    found = read_coverage(
        f'<coverage lines-valid="4" lines-covered="3" timestamp="{stamp}"/>'.encode()
    )

    assert (found.covered, found.total, found.measured_at) == (3, 4, None)


def test_empty_elements_do_not_fill_the_memory():
    content = b"<report>" + b"<a/>" * 100_000
    content += b'<counter type="LINE" missed="1" covered="1"/></report>'
    tracemalloc.start()
    try:
        read_coverage(content)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 3_000_000


@pytest.mark.django_db
def test_a_file_sent_twice_at_once_is_one_import():
    importer = Importer()
    importer.choose("Id,Deployed at\na,2026-11-01 10:00\n")
    first, second = RecordUpload.objects.get(), RecordUpload.objects.get()
    user = make_member(importer.organization).user

    upload_import(upload=first, user=user)
    with pytest.raises(ImportRefused):
        upload_import(upload=second, user=user)

    assert AuditEntry.objects.filter(verb="records.imported").count() == 1


@pytest.mark.django_db
def test_a_name_that_two_systems_have_is_asked_about():
    importer = Importer()
    make_system(importer.organization, name="Portal", key="portal-2")
    importer.choose("Id,System,Deployed at\na,PORTAL-2,2026-11-01 10:00\n", system="")
    by_key = upload_preview(RecordUpload.objects.latest("pk"))
    make_system(importer.organization, name="Twin", key="one")
    make_system(importer.organization, name="Twin", key="two")
    importer.choose("Id,System,Deployed at\na,Twin,2026-11-01 10:00\n", system="")
    by_name = upload_preview(RecordUpload.objects.latest("pk"))

    assert [system.key for system in by_key.by_system] == ["portal-2"]
    assert (dict(by_name.unknown), by_name.can_import) == ({"Twin": [2]}, False)


@pytest.mark.django_db
def test_a_reading_before_2000_is_refused():
    importer = Importer()
    report = b'<coverage lines-covered="8" lines-valid="10"/>'

    answer = importer.client.post(
        importer.url("import_coverage"),
        {
            "coverage-system": importer.system.pk,
            "coverage-measured_at": "1926-11-22T10:00",
            "coverage-file": SimpleUploadedFile("coverage.xml", report),
        },
    )

    assert (answer.status_code, Coverage.objects.exists()) == (422, False)


@pytest.mark.django_db
def test_files_nobody_imported_are_forgotten_by_themselves():
    importer = Importer()
    for _n in range(2):
        importer.choose("Id,Deployed at\na,2026-11-01 10:00\n")
    old, kept = RecordUpload.objects.order_by("pk")
    RecordUpload.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=3))

    prune_events()
    prune_events()

    assert list(RecordUpload.objects.all()) == [kept]
