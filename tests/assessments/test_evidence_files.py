"""What is taken as evidence is judged by content, whatever the name says."""

from io import BytesIO

import pytest

from assessments.evidence_files import content, names, store
from assessments.evidence_files.content import Refused, judge
from tests.assessments import evidence_samples as samples

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("body", "name", "content_type"),
    [
        (samples.PDF, "policy.pdf", "application/pdf"),
        (samples.picture(), "a.png", "image/png"),
        (samples.picture("JPEG"), "a.jpg", "image/jpeg"),
        (samples.picture("WEBP"), "a.webp", "image/webp"),
        (b"Minutes, 3 May", "minutes.txt", "text/plain"),
        ("\ufeffName;Städte\r\nÄrzte;4".encode(), "list.csv", "text/csv"),
        (b"# Runbook\n\n- a < b and c > d\n- cp <source> <target>", "r.md", "text/markdown"),
        (b'{"checks": [1, 2]}', "scan.json", "application/json"),
        (b"{not json", "scan.json", "text/plain"),
        (b"deploy.log: \x1b[32mok\x1b[0m", "d.log", "text/plain"),
        (samples.office(), "a.docx", DOCX),
        (samples.office("xlsx"), "a.xlsx", XLSX),
        (samples.workbook(), "real.xlsx", XLSX),
    ],
)
def test_file_is_known_by_its_content(body, name, content_type):
    assert judge(BytesIO(body), name).content_type == content_type


@pytest.mark.parametrize(
    ("body", "name", "says"),
    [
        (b"", "empty.pdf", "empty"),
        (samples.EXE, "report.pdf", "program"),
        (samples.ELF, "report.png", "program"),
        (b"#!/bin/sh\nrm -rf /", "notes.txt", "program"),
        (samples.SVG, "logo.svg", "markup"),
        (samples.SVG, "logo.png", "markup"),
        (samples.SVG_QUIET, "logo.txt", "markup"),
        (samples.HTML, "page.html", "markup"),
        (samples.HTML, "notes.txt", "markup"),
        (b"\xef\xbb\xbf\n\n<ScRiPt\n>alert(1)</script>", "notes.md", "markup"),
        (b"Look: <img src='x' onerror=alert(1)>", "notes.md", "markup"),
        (b'<?xml version="1.0"?><x/>', "a.txt", "markup"),
        (b"a" * (content.TEXT_CHUNK - 4) + b"<script>", "long.txt", "markup"),
        (samples.OLE, "old.doc", "DOCX"),
        (samples.odt(), "plan.odt", "OpenDocument"),
        (samples.zipped({"a.txt": b"x"}), "many.docx", "archive"),
        (samples.zipped({"a.txt": b"x"}), "many.zip", "archive"),
        (b"\x1f\x8b\x08\x00" + bytes(20), "logs.txt", "archive"),
        (b"GIF89a" + bytes(40), "a.gif", "gif"),
        (b"%PDF-1.4\nno end", "cut.pdf", "damaged"),
        (samples.picture()[:40], "cut.png", "sound picture"),
        (b"\x89PNG\r\n\x1a\n" + samples.HTML, "page.png", "sound picture"),
        (samples.office(extra={"word/vbaProject.bin": b"x"}), "a.docx", "macros"),
        (samples.office(extra={"word/embeddings/run.exe": samples.EXE}), "a.docx", "macros"),
        (
            samples.office(types='<Override ContentType="x.macroEnabled.main+xml"/>'),
            "a.docm",
            "macros",
        ),
        (samples.office(extra={"../../etc/passwd": b"x"}), "a.docx", "damaged"),
        (samples.office(types="<!DOCTYPE x [<!ENTITY a 'b'>]>"), "a.docx", "damaged"),
        (samples.office()[:-30], "cut.docx", "damaged"),
        (samples.bomb(), "bomb.docx", "larger unpacked"),
        (samples.lying_bomb(), "bomb.docx", "damaged"),
        ("Grüße".encode("utf-16"), "a.txt", "UTF-8"),
        ("Grüße".encode("latin-1"), "a.txt", "UTF-8"),
        (b"text\x00with zeros", "a.txt", "does not take"),
        (bytes(range(256)), "noise.txt", "does not take"),
    ],
)
def test_file_is_refused_with_what_to_do(body, name, says):
    with pytest.raises(Refused, match=says):
        judge(BytesIO(body), name)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("policy.pdf", content.PDF, "policy.pdf"),
        ("Policy v1.2.PDF", content.PDF, "Policy v1.2.pdf"),
        ("photo.jpg", content.PNG, "photo.png"),
        ("run.exe", content.TEXT, "run.txt"),
        ("../../etc/passwd", content.TEXT, "passwd.txt"),
        ("C:\\Users\\ada\\plan.md", content.MARKDOWN, "plan.md"),
        ("exe\u202egpj.pdf", content.PDF, "exegpj.pdf"),
        ('a"b\r\nSet-Cookie: x.txt', content.TEXT, "a bSet-Cookie x.txt"),
        ("", content.PDF, "file.pdf"),
        (".pdf", content.PDF, "file.pdf"),
        ("ممارسة 🏥.png", content.PNG, "ممارسة 🏥.png"),
        ("x" * 400 + ".pdf", content.PDF, "x" * names.MAX_LENGTH + ".pdf"),
    ],
)
def test_name_is_harmless_and_ends_truly(name, kind, expected):
    assert names.safe_name(name, kind) == expected


def test_store_keeps_files_private_and_sweeps_what_nobody_names():
    kept, gone = store.write(BytesIO(b"kept")), store.write(BytesIO(b"gone"))
    now = store.path_of(gone.name).stat().st_mtime

    assert store.path_of(kept.name).stat().st_mode & 0o077 == 0
    assert store.sweep_files({kept.name}, now=now + 60) == 0
    assert store.sweep_files({kept.name}, now=now + store.SWEEP_AFTER_SECONDS + 60) >= 1

    assert store.path_of(kept.name).read_bytes() == b"kept"
    assert not store.path_of(gone.name).exists()
    with pytest.raises(ValueError, match="not the name"):
        store.path_of("../../db.sqlite3")
