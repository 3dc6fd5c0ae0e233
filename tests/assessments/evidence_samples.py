"""Small files of every kind, sound and wicked."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from PIL import Image

MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
KINDS = {"docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet"}

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" + bytes(200)
ELF = b"\x7fELF\x02\x01\x01" + bytes(64)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SVG_QUIET = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def picture(kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (3, 3), "white").save(out, kind)
    return out.getvalue()


def office(kind: str = "docx", extra: dict[str, bytes] | None = None, types: str = "") -> bytes:
    """An Office document as far as anyone who looks at its parts can tell."""
    parts = {
        "[Content_Types].xml": (types or f'<Types><Override ContentType="{_main(kind)}"/></Types>'),
        "word/document.xml": b"<w:document/>",
        **(extra or {}),
    }
    return zipped(parts)


def _main(kind: str) -> str:
    return MAIN.format(KINDS[kind])


def zipped(parts: dict[str, bytes | str]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def odt() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<office/>")
    return out.getvalue()


def workbook() -> bytes:
    """A workbook as a real program writes it."""
    out, book = BytesIO(), Workbook()
    for number in range(2000):
        book.active.append([number, "PACS", "never"])
    book.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """Few bytes that unpack to many."""
    return office(extra={"word/media/a.xml": bytes(30_000_000)})


def lying_bomb() -> bytes:
    """An entry that says it is small and is not."""
    body = bytearray(office(extra={"word/media/a.xml": bytes(3_000_000)}))
    size = (3_000_000).to_bytes(4, "little")
    while (at := body.find(size)) >= 0:
        body[at : at + 4] = (1_000).to_bytes(4, "little")
    return bytes(body)
