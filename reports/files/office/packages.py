"""Makes an Office file what it would have been at any other moment, and on any other machine.

The libraries write the hour of the day into zip and properties, also inside the workbooks that lie
in the charts of a presentation. Here every part gets the day of the report.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO

THUMBNAILS = "docProps/thumbnail."
CORE = "docProps/core.xml"
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_THUMBNAIL_RELATION = re.compile(rb"<Relationship [^>]*metadata/thumbnail[^>]*/>")


def sealed(body: bytes, day: date) -> bytes:
    """The same parts in the same order, dated with the day; without a template's thumbnail."""
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(body)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name.startswith(THUMBNAILS):
                continue
            part = _part(name, source.read(name), day, stamp)
            # The format knows no year before 1980.
            info = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            target.writestr(info, part)
    return out.getvalue()


def _part(name: str, part: bytes, day: date, stamp: bytes) -> bytes:
    if name == CORE:
        return _STAMP.sub(rb"\g<1>" + stamp + rb"\g<3>", part)
    if name == "_rels/.rels":
        return _THUMBNAIL_RELATION.sub(b"", part)
    return sealed(part, day) if name.endswith(".xlsx") else part
