"""Turns a snapshot into a PDF. WeasyPrint is imported in this room alone, and only when called.

The import costs a second and some 60 MB and needs Pango: a web process never pays for it.
"""

from __future__ import annotations

import atexit
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reports.choices import Choices
from reports.documents.handed_out import as_handed_out
from reports.documents.look import variables
from reports.documents.sections import document_html
from reports.files.forms import Made
from reports.files.plan_json import plan_json
from reports.frozen.brand import BrandEntry
from reports.frozen.snapshot import ReportSnapshot, input_hash
from reports.printing.economy import remember_pages, without_collector
from reports.printing.labels import draw_labels_whole
from reports.printing.own_files import OwnFiles
from reports.printing.progress import ReportTookTooLong, Tell, Watch, listening
from reports.printing.reading import document_of
from reports.printing.scripts import scripts_of
from reports.printing.standards import VARIANT, finish
from reports.printing.styling import answer_unset_at_once

__all__ = ["ReportTookTooLong", "Tell", "make", "render_document", "render_page", "render_pdf"]

TIME_LIMIT_SECONDS = 240
PLAN_FILE = "waymark-plan.json"


@dataclass(frozen=True)
class RenderedReport:
    body: bytes
    pages: int


@dataclass(frozen=True)
class Sheet:
    """What is printed, beside its HTML."""

    identifier: bytes
    files: OwnFiles = field(default_factory=OwnFiles)
    plan: bytes | None = None
    """The machine-readable plan that goes with it."""
    made_on: date | None = None


def render_document(
    snapshot: ReportSnapshot,
    choices: Choices | None = None,
    tell: Tell | None = None,
    time_limit: float | None = None,
) -> RenderedReport:
    """The chosen document as PDF/UA-1 and PDF/A-3a with the plan attached.

    The same snapshot and choices give the same bytes.
    """
    choices = choices or Choices()
    watch = Watch(tell, TIME_LIMIT_SECONDS if time_limit is None else time_limit)
    watch.tell(2, _("Reading the frozen plan…"))
    digest = digest_of(snapshot, choices)
    plan = plan_json(as_handed_out(snapshot, choices))
    sheet = Sheet(digest, OwnFiles(snapshot.brand, choices.page_size), plan, snapshot.generated_on)
    with translation.override(snapshot.language):
        return _lay_out(render_html(snapshot, choices), sheet, watch)


def digest_of(snapshot: ReportSnapshot, choices: Choices) -> bytes:
    """The identifier of a file: the same input, the same file."""
    chosen = json.dumps(choices.to_json(), sort_keys=True, ensure_ascii=False)
    return sha256(f"{input_hash(snapshot)} {chosen}".encode()).hexdigest()[:32].encode()


def render_pdf(
    snapshot: ReportSnapshot, tell: Tell | None = None, time_limit: float | None = None
) -> RenderedReport:
    """The full roadmap as usual."""
    return render_document(snapshot, None, tell, time_limit)


def make(snapshot: ReportSnapshot, choices: Choices, tell: Tell) -> Made:
    """The PDF of the document that was chosen."""
    rendered = render_document(snapshot, choices, tell)
    return Made(rendered.body, rendered.pages)


def render_page(template: str, context: dict[str, Any], identifier: str) -> RenderedReport:
    """Another print document, short enough to need no progress: the status report."""
    watch = Watch(None, TIME_LIMIT_SECONDS)
    html = render_to_string(template, {"variables": variables(), **context})
    return _lay_out(html, Sheet(identifier[:32].encode()), watch)


def render_html(snapshot: ReportSnapshot, choices: Choices | None = None) -> str:
    """The print document as HTML, in the language of the snapshot."""
    return document_html(snapshot, choices)


def _lay_out(html: str, sheet: Sheet, watch: Watch) -> RenderedReport:
    watch.tell(5, _("Loading fonts and styles…"))
    brand = sheet.files.brand or BrandEntry()
    colors = BrandEntry(main=brand.main, accent=brand.accent)
    press = _press(scripts_of(html), OwnFiles(colors, sheet.files.page_size))
    with listening(watch), without_collector():
        # A function of its own: what it made is given up before the collector looks for it.
        return _print(html, sheet, press, watch)


def _print(html: str, sheet: Sheet, press: Press, watch: Watch) -> RenderedReport:
    source = document_of(html, _fetcher(sheet.files), base_url="waymark:print/")
    document = source.render(font_config=press.fonts, stylesheets=press.sheets, pdf_variant=VARIANT)
    watch.tell(90, _("Writing the PDF…"))
    body = BytesIO()
    document.write_pdf(
        body,
        finisher=finish,
        pdf_variant=VARIANT,
        pdf_identifier=sheet.identifier,
        attachments=_attachments(sheet),
    )
    return RenderedReport(body.getvalue(), len(document.pages))


@dataclass(frozen=True)
class Press:
    """What every document of this process is printed with."""

    fonts: Any
    sheets: list[Any]


@lru_cache(maxsize=4)
def _press(scripts: tuple[str, ...], files: OwnFiles) -> Press:
    """Fonts unpacked and style sheets parsed once: together a second of each short report."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    # Its fonts lie in a temporary folder that goes with it, while there still is a Python to ask.
    atexit.register(_press.cache_clear)
    remember_pages()
    draw_labels_whole()
    answer_unset_at_once()
    fonts, fetcher = FontConfiguration(), _fetcher(files)
    names = ("fonts", *(f"fonts-{script}" for script in scripts), "report")
    urls = [f"waymark:print/{name}.css" for name in names]
    sheets = [CSS(url=url, url_fetcher=fetcher, font_config=fonts) for url in urls]
    return Press(fonts, sheets)


def _fetcher(files: OwnFiles) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFilesFetcher(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            body, media_type = files.read(url)
            return URLFetcherResponse(url, body, {"Content-Type": media_type})

    return OwnFilesFetcher()


def _attachments(sheet: Sheet) -> list[Any]:
    from weasyprint import Attachment

    if sheet.plan is None or sheet.made_on is None:
        return []
    day = datetime.combine(sheet.made_on, datetime.min.time())
    return [
        Attachment(
            file_obj=BytesIO(sheet.plan),
            name=PLAN_FILE,
            description=_("The plan for other programs"),
            created=day,
            modified=day,
            relationship="Data",
        )
    ]
