"""Turns a snapshot into a PDF. The only place that imports WeasyPrint, and only when called.

The import costs a second and some 60 MB and needs Pango: a web process never pays for it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reports.choices import Choices
from reports.documents.full import report_context
from reports.files.forms import Made
from reports.frozen.snapshot import ReportSnapshot, input_hash
from reports.printing.tagging import mend_tags

TIME_LIMIT_SECONDS = 240
Tell = Callable[[int, str], None]
"""Takes progress (0..100) and a phrase; may raise to stop the rendering."""


class ReportTookTooLong(Exception):
    """The pages were not done within the time limit."""


@dataclass(frozen=True)
class RenderedReport:
    body: bytes
    pages: int


def render_pdf(
    snapshot: ReportSnapshot,
    tell: Tell | None = None,
    time_limit: float | None = None,
) -> RenderedReport:
    """The report as a tagged PDF (PDF/UA-1). The same snapshot gives the same bytes."""
    limit = TIME_LIMIT_SECONDS if time_limit is None else time_limit
    watch = _Watch(tell or (lambda percent, phrase: None), limit)
    watch.tell(2, _("Reading the frozen plan…"))
    return _lay_out(render_html(snapshot), input_hash(snapshot)[:32].encode(), watch)


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    """The PDF of the document that was chosen."""
    rendered = render_pdf(snapshot, tell)
    return Made(rendered.body, rendered.pages)


def render_page(template: str, context: dict[str, Any], identifier: str) -> RenderedReport:
    """Another print document, short enough to need no progress: the status report."""
    watch = _Watch(lambda percent, phrase: None, TIME_LIMIT_SECONDS)
    return _lay_out(render_to_string(template, context), identifier[:32].encode(), watch)


def _lay_out(html: str, identifier: bytes, watch: _Watch) -> RenderedReport:
    watch.tell(5, _("Loading fonts and styles…"))
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    with _listening(watch):
        source = HTML(string=html, url_fetcher=_own_files_fetcher(), base_url="waymark:print/")
        document = source.render(
            font_config=FontConfiguration(), pdf_variant="pdf/ua-1", pdf_tags=True
        )
        watch.tell(90, _("Writing the PDF…"))
        body = BytesIO()
        document.write_pdf(
            body, finisher=mend_tags, pdf_variant="pdf/ua-1", pdf_identifier=identifier
        )
    return RenderedReport(body.getvalue(), len(document.pages))


def render_html(snapshot: ReportSnapshot) -> str:
    """The print document as HTML, in the language of the snapshot."""
    with translation.override(snapshot.language):
        return render_to_string("reports/print/report.html", report_context(snapshot))


class _Watch:
    """Passes progress on and ends a rendering that takes too long."""

    def __init__(self, tell: Tell, limit: float) -> None:
        self._tell = tell
        self._limit = limit
        self._deadline = time.monotonic() + limit
        self._last = 0

    def tell(self, percent: int, phrase: str) -> None:
        if time.monotonic() > self._deadline:
            raise ReportTookTooLong(f"more than {self._limit:.0f} seconds")
        # Page numbers are counted anew in each pass of the layout: never go back.
        self._last = max(self._last, percent)
        self._tell(self._last, phrase)


class _PageListener(logging.Handler):
    """WeasyPrint says in its log which page it is at: the only sign of life while it works."""

    PAGES_EXPECTED = 45
    TELL_EVERY_SECONDS = 0.5

    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self._watch = watch
        self._told_at = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        now = time.monotonic()
        if now - self._told_at < self.TELL_EVERY_SECONDS:
            return
        self._told_at = now
        message = record.getMessage()
        if page := re.search(r"Page (\d+)", message):
            number = int(page[1])
            share = min(1.0, number / self.PAGES_EXPECTED)
            phrase = _("Laying out page %(number)d…") % {"number": number}
            self._watch.tell(10 + round(75 * share), phrase)
        else:
            self._watch.tell(8, _("Laying out pages…"))


@contextmanager
def _listening(watch: _Watch) -> Iterator[None]:
    logger = logging.getLogger("weasyprint.progress")
    listener, level, propagates = _PageListener(watch), logger.level, logger.propagate
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(listener)
        logger.setLevel(level)
        logger.propagate = propagates


MIME_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


def own_file(url: str) -> Path:
    """The file a `waymark:` address names. Anything else is refused: nothing typed by a person
    may make the server read a file or a network address."""
    folders = {
        "fonts": Path(settings.BASE_DIR) / "static" / "fonts",
        "print": Path(settings.BASE_DIR) / "templates" / "reports" / "print",
    }
    match = re.fullmatch(r"waymark:(fonts|print)/((?:[a-z0-9-]+/)*[a-z0-9-]+\.[a-z0-9]+)", url)
    if match is None or Path(match[2]).suffix not in MIME_TYPES:
        raise ValueError(f"not a file of the report: {url}")
    return folders[match[1]] / match[2]


def _own_files_fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesFetcher(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            path = own_file(url)
            body = unpacked_font(path) if path.suffix == ".woff2" else path.read_bytes()
            return URLFetcherResponse(url, body, {"Content-Type": MIME_TYPES[path.suffix]})

    return OwnFilesFetcher()


@cache
def unpacked_font(path: Path) -> bytes:
    """WeasyPrint would unpack all fonts anew for each report, half of the work of a short one."""
    from fontTools.ttLib import woff2

    body = BytesIO()
    with path.open("rb") as packed:
        woff2.decompress(packed, body)
    return body.getvalue()
