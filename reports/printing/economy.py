"""Three ways of doing the same with less: measured on the full roadmap of 95 initiatives.

- Python's collector looks for unused cycles again and again while pages are laid out, and finds
  none: nearly all that is made is needed to the end. Without it the layout takes a quarter less.
- WeasyPrint's writer puts every part of a file together twice, compression included: once for the
  file, once for its checksum. Parts that are put together beforehand need it once.
- For every element of the structure it lists all pages anew, to take one: a twentieth of the work
  at sixty pages, and most of it at a thousand.
"""

from __future__ import annotations

import gc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

COMPRESSION = 6
"""The highest level takes twice as long for one per cent."""


@contextmanager
def without_collector() -> Iterator[None]:
    """One search at the end instead of hundreds on the way, among what was made on the way."""
    was_on = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if was_on:
            gc.enable()


def remember_pages() -> None:
    """The references of a file's pages, listed again only when there are more pages."""
    import pydyf

    listed = pydyf.PDF.page_references.fget
    if getattr(listed, "remembers", False):
        return

    def page_references(pdf: Any) -> tuple[bytes, ...]:
        count = len(pdf.pages["Kids"])
        known: tuple[int, tuple[bytes, ...]] = getattr(pdf, "listed_pages", (0, ()))
        if known[0] != count:
            known = pdf.listed_pages = (count, listed(pdf))
        return known[1]

    page_references.remembers = True  # type: ignore[attr-defined]
    pydyf.PDF.page_references = property(page_references)


def put_together(pdf: Any) -> None:
    """The last step of a finisher: every part of the file as the bytes that will be written."""
    import pydyf

    class Part(pydyf.Object):  # type: ignore[misc]
        def __init__(self, whole: Any) -> None:
            super().__init__()
            self.number, self.generation = whole.number, whole.generation
            self.body, self.is_small = whole.data, whole.compressible

        @property
        def data(self) -> bytes:
            return bytes(self.body)

        @property
        def compressible(self) -> bool:
            """Whether it may lie in a stream together with others."""
            return bool(self.is_small)

    for place, whole in enumerate(pdf.objects):
        if whole.free == "f":
            continue
        if isinstance(whole, pydyf.Stream) and whole.compress:
            _compress(whole)
        pdf.objects[place] = Part(whole)
    add = pdf.add_object

    def add_compressed(late: Any) -> None:
        """What the writer adds itself: the small parts in one stream, and where each part lies."""
        if isinstance(late, pydyf.Stream) and late.compress:
            _compress(late)
        add(late)

    pdf.add_object = add_compressed


def _compress(stream: Any) -> None:
    import pydyf

    plain = pydyf.Stream(stream.stream).data
    body = plain.partition(b"stream\n")[2].removesuffix(b"\nendstream")
    stream.stream = [zlib.compress(body, COMPRESSION)]
    stream.compress = False
    stream.extra = {**stream.extra, "Filter": "/FlateDecode"}
