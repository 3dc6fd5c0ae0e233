"""Taking a file or link from a form, for an initiative, a gate or an item of its checklist."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.tenancy import Access
from assessments.evidence_files.pieces import EvidenceInvalid, too_large
from assessments.evidence_files.uploads import is_too_large
from assessments.patient_data import find_patient_data
from roadmap.gate_forms import ProofForm
from roadmap.services.work.evidence import evidence_add_file, evidence_add_link


def taken(request: HttpRequest, access: Access, form: ProofForm, **about: Any) -> bool:
    """Add what the form holds and say so; False where the form says why it can't be taken.

    `about`: what the services want to know of its place.
    """
    if is_too_large(request, "file"):
        form.errors.clear()
        form.add_error("file", too_large())
        return False
    if not form.is_valid():
        return False
    data, upload = form.cleaned_data, form.cleaned_data["file"]
    given = {**about, "user": access.user, "title": data["title"]}
    try:
        if data["url"]:
            evidence_add_link(**given, url=data["url"])
        else:
            evidence_add_file(**given, file=upload.file, name=upload.name or "")
    except EvidenceInvalid as invalid:
        form.add_error(invalid.field if invalid.field in form.fields else "url", invalid.message)
        return False
    messages.success(request, _("The evidence was added."))
    if find_patient_data([data["title"], data["url"]]):
        messages.warning(
            request, _("What you added looks as if it held patient data. Please take it out.")
        )
    return True
