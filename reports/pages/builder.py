"""The builder's page: what can be chosen, what is chosen, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.tenancy import Access
from reports.choices import Choices
from reports.documents.sections import sections_of
from reports.enums import Audience, Document
from reports.forms.builder import (
    WITH_SECTIONS,
    BuilderForm,
    Options,
    document_and_form,
    initial_of,
    kinds,
)
from reports.frozen.clinical import unit_names
from reports.frozen.remark_reading import remark_choices
from reports.frozen.stated import RemarkEntry
from reports.models import Report
from roadmap.models import Roadmap, Scenario

OFFERED = 60
WORDS = 90


@dataclass(frozen=True)
class SectionRow:
    id: str
    title: Any
    note: Any
    is_chosen: bool
    is_first: bool
    is_last: bool


def options_of(access: Access, roadmap: Roadmap) -> Options:
    """Five queries: comments on answers and on work, plans on trial, earlier reports, the answers
    that name units.
    """
    newest = sorted(remark_choices(roadmap), key=lambda one: one[1].on or date.min, reverse=True)
    scenarios = access.scope(Scenario).filter(roadmap=None).only("name", "organization_id")
    reports = access.scope(Report).defer("snapshot").order_by("-created_at", "-pk")
    return Options(
        comments=[(number, _comment(remark)) for number, remark in newest[:OFFERED]],
        scenarios=[(one.pk, one.name) for one in scenarios.order_by("-pk")[:OFFERED]],
        reports=[(one.pk, report_name(one)) for one in reports[:OFFERED]],
        units=unit_names(roadmap.snapshot.answer_set()),
    )


def report_name(report: Report) -> str:
    return _("%(document)s of %(day)s") % {
        "document": report.get_document_display(),
        "day": date_format(timezone.localtime(report.created_at), "DATETIME_FORMAT"),
    }


def _comment(remark: RemarkEntry) -> str:
    text = " ".join(remark.text.split())
    text = text if len(text) <= WORDS else f"{text[:WORDS]}…"
    return " · ".join(part for part in (remark.title, remark.by, text) if part)


def opened(options: Options, choices: Choices) -> BuilderForm:
    """An unbound form that shows these choices."""
    return BuilderForm(options, initial=initial_of(choices))


def shown_kind(form: BuilderForm) -> str:
    kind = form.data.get("kind") if form.is_bound else form.initial.get("kind")
    known = {value for _title, offered in kinds() for value, _words in offered}
    return str(kind) if kind in known else Document.FULL.value


def shown_audience(form: BuilderForm) -> str:
    audience = form.data.get("audience") if form.is_bound else form.initial.get("audience")
    return str(audience) if audience in Audience.values else Audience.LEADERS.value


def section_rows(
    kind: str,
    chosen: Sequence[str],
    order: Sequence[str],
    audience: str = Audience.LEADERS.value,
) -> list[SectionRow]:
    """The document's sections: those chosen in their order, among the others where they stood."""
    document, form = document_and_form(kind)
    if form not in WITH_SECTIONS:
        return []
    known = {section.id: section for section in sections_of(document, audience)}
    ids = [name for name in dict.fromkeys((*order, *known)) if name in known]
    last = len(ids) - 1
    wanted = set(chosen)
    return [
        SectionRow(
            id=name,
            title=known[name].title,
            note=known[name].note,
            is_chosen=name in wanted if wanted else known[name].is_usual,
            is_first=place == 0,
            is_last=place == last,
        )
        for place, name in enumerate(ids)
    ]


def order_of(choices: Choices) -> list[str]:
    """Chosen sections first, as they were put; the rest in their usual order behind them."""
    usual = [section.id for section in sections_of(choices.document, choices.audience)]
    return [*choices.sections, *(name for name in usual if name not in choices.sections)]


def moved(order: Sequence[str], up: str | None, down: str | None) -> list[str]:
    """The order with one section a place further up or down."""
    ids = list(order)
    name = up or down
    if name not in ids:
        return ids
    place = ids.index(name)
    other = place - 1 if up else place + 1
    if 0 <= other < len(ids):
        ids[place], ids[other] = ids[other], ids[place]
    return ids


def sections_chosen(
    kind: str,
    chosen: Sequence[str],
    order: Sequence[str],
    audience: str = Audience.LEADERS.value,
) -> tuple[str, ...]:
    """In their order; empty where it is what the document has anyway: the same report, then."""
    document, form = document_and_form(kind)
    if form not in WITH_SECTIONS:
        return ()
    wanted = set(chosen)
    ids = tuple(name for name in dict.fromkeys(order) if name in wanted)
    sections = sections_of(document, audience)
    usual = tuple(section.id for section in sections if section.is_usual)
    return () if ids == usual else ids


def read_sections(data: Any, kind: str) -> tuple[list[str], list[str]]:
    """(chosen, order) as sent; nothing of what was sent for another document's sections, nor of
    an order that is nobody's own: that of the reader they were shown for.
    """
    document = document_and_form(kind)[0]
    if data.get("sections_of", document) != document:
        return [], []
    known = {section.id for section in sections_of(document)}
    order = [name for name in data.getlist("order") if name in known]
    chosen = [name for name in data.getlist("section") if name in known]
    if not order or _is_as_shown(document, data.get("sections_for", ""), chosen, order):
        return [], []
    return chosen, order


def _is_as_shown(document: str, audience: str, chosen: list[str], order: list[str]) -> bool:
    sections = sections_of(document, audience)
    usual = [section.id for section in sections if section.is_usual]
    return order == [section.id for section in sections] and chosen == usual


def context_of(form: BuilderForm, rows: Sequence[SectionRow], kind: str) -> Mapping[str, Any]:
    document, file_form = document_and_form(kind)
    return {
        "form": form,
        "kind": kind,
        "document": document,
        "groups": kinds(),
        "sections": rows,
        "sections_for": shown_audience(form),
        "is_pdf": file_form == "pdf",
        "is_for_unit": document == Document.CLINICIAN.value,
        "has_changes": any(row.id == "changes" for row in rows),
    }
