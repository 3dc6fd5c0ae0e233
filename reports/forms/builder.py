"""What somebody chooses for a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from reports.choices import Choices
from reports.documents.sections import LAYOUTS
from reports.enums import Audience, Detail, Document, Form, PageSize
from reports.files.forms import FORMS

Text = str | Promise
PDF = Form.PDF.value

DOCUMENTS: dict[str, Text] = {
    Document.FULL.value: _("Everything: where you stand, the plan, each initiative, sources."),
    Document.BOARD.value: _("Two to four pages: risk, money, safety and the decision asked."),
    Document.CLINICIAN.value: _("A page without jargon: what changes on a unit, when, who helps."),
    Document.AUDITOR.value: _("From each answer to rule, initiative, evidence and control."),
}
TO_EDIT = (Form.PPTX, Form.XLSX, Form.DOCX)
TO_COMPUTE = (Form.CSV, Form.JSON, Form.MSPDI, Form.ICS)
BACKLOGS = (Form.JIRA, Form.GITHUB, Form.GITLAB, Form.AZURE)
# Forms whose pages are laid out by what is chosen below; the others have contents of their own.
WITH_SECTIONS = (PDF, Form.DOCX.value)


@dataclass(frozen=True)
class Options:
    """What this roadmap and this person have to choose from: (value, words) each."""

    comments: Sequence[tuple[int, str]] = ()
    scenarios: Sequence[tuple[int, str]] = ()
    reports: Sequence[tuple[int, str]] = ()
    units: Sequence[str] = ()


def kinds() -> list[tuple[Text, list[tuple[str, Text]]]]:
    """Groups of what can be made here: documents as PDF, then other forms of the plan."""
    documents = [
        (value, format_html("<strong>{}</strong> {}", Document(value).label, note))
        for value, note in DOCUMENTS.items()
        if value in LAYOUTS
    ]
    groups: list[tuple[Text, list[tuple[str, Text]]]] = [(_("Documents (PDF)"), documents)]
    for title, names in (
        (_("To edit"), TO_EDIT),
        (_("For other programs"), TO_COMPUTE),
        (_("As a backlog"), BACKLOGS),
    ):
        offered = [(one.value, one.label) for one in names if one.value in FORMS]
        if offered:
            groups.append((title, offered))
    return groups


class BuilderForm(forms.Form):
    kind = forms.ChoiceField(label=_("What to make"), widget=forms.RadioSelect)
    audience = forms.ChoiceField(
        label=_("For whom"),
        choices=Audience.choices,
        help_text=_("Decides what comes first and what the contents point to, never the figures."),
    )
    detail = forms.ChoiceField(label=_("How much"), choices=Detail.choices)
    page_size = forms.ChoiceField(label=_("Page size"), choices=PageSize.choices)
    unit = forms.ChoiceField(label=_("Unit"), required=False)
    since = forms.TypedChoiceField(
        label=_("“What changed” looks back to"), required=False, coerce=int, empty_value=None
    )
    scenarios = forms.TypedMultipleChoiceField(
        label=_("Plans to compare with"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    comments = forms.TypedMultipleChoiceField(
        label=_("Comments to print"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, options: Options, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices: Callable[[str, Iterable[Any]], None] = self._offer
        set_choices("kind", [one for _title, offered in kinds() for one in offered])
        set_choices("unit", [("", _("Everybody")), *((one, one) for one in options.units)])
        set_choices("since", [("", _("The newest earlier report of this kind")), *options.reports])
        set_choices("scenarios", options.scenarios)
        set_choices("comments", options.comments)

    def _offer(self, name: str, choices: Iterable[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = list(choices)

    def chosen(self, sections: Sequence[str]) -> Choices:
        """Of a valid form; `sections` in their order, empty for the document's own."""
        data = self.cleaned_data
        document, form = document_and_form(data["kind"])
        is_pdf = form == PDF
        return Choices(
            document=document,
            form=form,
            sections=tuple(sections) if form in WITH_SECTIONS else (),
            audience=data["audience"],
            detail=data["detail"],
            page_size=data["page_size"] if is_pdf else PageSize.A4.value,
            comments=tuple(data["comments"]),
            scenarios=tuple(data["scenarios"]),
            since=data["since"],
            unit=data["unit"] if document == Document.CLINICIAN else "",
        )


def document_and_form(kind: str) -> tuple[str, str]:
    """A document is printed; every other kind is a form of the full roadmap."""
    return (kind, PDF) if kind in Document.values else (Document.FULL.value, kind)


def kind_of(choices: Choices) -> str:
    return choices.document if choices.form == PDF else choices.form


def initial_of(choices: Choices) -> dict[str, Any]:
    return {
        "kind": kind_of(choices),
        "audience": choices.audience,
        "detail": choices.detail,
        "page_size": choices.page_size,
        "unit": choices.unit,
        "since": choices.since or "",
        "scenarios": list(choices.scenarios),
        "comments": list(choices.comments),
    }
