"""The part "Evidence" of a question's page: what shows the answer, and how to add more."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.tenancy import Access
from assessments.access import fillable
from assessments.evidence_files.pieces import MAX_TITLE, EvidenceInvalid, clean_link, too_large
from assessments.evidence_files.uploads import is_too_large
from assessments.models import Answer, Assessment, Evidence
from assessments.patient_data import find_patient_data
from guide.model import Question

ACCEPT = ".pdf,.png,.jpg,.jpeg,.webp,.txt,.log,.md,.csv,.tsv,.json,.docx,.xlsx,.pptx"


class EvidenceForm(forms.Form):
    """A link or a file; one of them."""

    url = forms.CharField(label=gettext_lazy("Link"), required=False, max_length=2000)
    file = forms.FileField(label=gettext_lazy("File"), required=False, allow_empty_file=True)
    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=MAX_TITLE)
    expires_on = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={
            "invalid": gettext_lazy("Write the date as year-month-day, as in 2027-06-30.")
        },
    )

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        try:
            return clean_link(url) if url else ""
        except EvidenceInvalid as invalid:
            raise forms.ValidationError(invalid.message) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.request is not None and is_too_large(self.request, "file"):
            self.add_error("file", too_large())
        elif "url" in data and not self.has_error("file"):
            if data["url"] and data.get("file"):
                message = _("Give a link or a file, not both: each becomes a piece of its own.")
                self.add_error("file", message)
            elif not data["url"] and not data.get("file"):
                self.add_error("url", _("Give the address of a link, or choose a file below."))
        return data

    def refuse(self, invalid: EvidenceInvalid) -> None:
        self.add_error(invalid.field, invalid.message)


class Piece:
    """A piece of evidence as the page shows it."""

    def __init__(self, row: Evidence, access: Access, day: date) -> None:
        self.row = row
        self.is_expired = not row.is_valid_on(day)
        self.may_remove = may_remove(access, row)
        self.host = urlsplit(row.url).hostname or "" if row.url else ""


def may_remove(access: Access, row: Evidence) -> bool:
    """Whoever added it, while they may answer, and every editor."""
    return access.can_edit or (access.can_answer and row.added_by_id == access.user.pk)


def evidence_context(
    access: Access, assessment: Assessment, question: Question, row: Answer | None
) -> dict[str, Any]:
    day = timezone.localdate()
    rows: Sequence[Evidence] = list(
        Evidence.objects.filter(
            assessment=assessment, question_id=question.id, removed_at=None
        ).select_related("added_by")
    )
    may_fill = access.can_answer and fillable(access, assessment).allows(question.id)
    return {
        "pieces": [Piece(piece, access, day) for piece in rows],
        "may_add_evidence": may_fill and not assessment.is_submitted,
        "evidence_accept": ACCEPT,
        "upload_megabytes": settings.WAYMARK_UPLOAD_BYTES // 1_000_000,
        "today": day,
        "titles_with_patient_data": find_patient_data(piece.title for piece in rows),
    }
