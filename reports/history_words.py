"""What the history's entries of this app mean to a reader."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.history import register_history


def register() -> None:
    register_history(
        kinds={
            "report": _("Reports"),
            "batch": _("Batches of reports"),
            "template": _("Report templates"),
            "share": _("Shared addresses"),
            "brand": _("Look of documents"),
        },
        verbs=VERBS,
    )


VERBS = {
    "report.requested": _("asked for a report"),
    "report.made": _("finished a report"),
    "report.failed": _("could not make a report"),
    "report.cancelled": _("gave up a report"),
    "report.downloaded": _("downloaded a report"),
    "batch.made": _("put the files of a batch together"),
    "batch.requested": _("asked for many reports at once"),
    "batch.cancelled": _("gave up the rest of a batch of reports"),
    "batch.retried": _("tried again what a batch could not make"),
    "batch.downloaded": _("downloaded a batch of reports"),
    "template.saved": _("saved a report template"),
    "template.renamed": _("renamed a report template"),
    "template.deleted": _("deleted a report template"),
    "template.started_with": _("had new reports begin with a report template"),
    "template.no_start": _("had new reports begin with a report template no longer"),
    "brand.changed": _("changed how documents look"),
    "share.report": _("shared a report by an address"),
    "share.plan": _("shared the live plan by an address"),
    "share.ended": _("ended an address that was shared"),
}
