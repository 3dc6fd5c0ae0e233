"""What the report calls things: names of bands, statuses and kinds, translated when shown."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delivery.enums import Severity
from reports.enums import Audience
from roadmap.enums import DecisionKind, PilotDecision

Words = dict[str, str | Promise]

READINESS_BANDS: Words = {
    "starting": _("Starting"),
    "developing": _("Developing"),
    "established": _("Established"),
    "leading": _("Leading"),
}
EXPOSURE_BANDS: Words = {
    "low": _("Low"),
    "moderate": _("Moderate"),
    "high": _("High"),
    "severe": _("Severe"),
}
STATUSES: Words = {
    "not_started": _("Not started"),
    "in_progress": _("In progress"),
    "done": _("Done"),
    "dropped": _("Dropped"),
}
KINDS: Words = {
    "action": _("Initiative"),
    "review": _("Gate review"),
    "containment": _("Containment"),
}
CLASSES: dict[int, str | Promise] = {
    3: _("urgent: it protects patient data, patient safety or a duty of this organization"),
    2: _("it lifts an answer that holds a whole step back"),
    1: _("it closes a gap found in the assessment"),
}
AUDIENCES: Words = {one.value: one.label for one in Audience}
DESIGNATIONS: Words = {
    "R": _("required"),
    "A": _("addressable"),
    "R/A": _("required and addressable parts"),
}
CONTROL_STATUSES: Words = {
    "confirmed": _("checked against its source"),
    "partly": _("partly checked against its source"),
    "unconfirmed": _("not checked against a source"),
    "proposed": _("proposed, not in force"),
}
BASES: Words = {
    "opinion": _("our own judgement"),
    "interview": _("people we asked"),
    "document": _("a document we saw"),
    "measured": _("measured by a tool"),
}
COVERAGE: Words = {
    "shown": _("Shown with evidence or confirmed"),
    "claimed": _("Claimed, not shown"),
    "done": _("Work done, not shown yet"),
    "planned": _("Planned"),
    "nothing": _("Nothing planned"),
}
SEVERITIES: Words = dict(Severity.choices)
VERDICTS: Words = {"approve": _("approves"), "refuse": _("refuses")}
GATE_DECISIONS: Words = dict(DecisionKind.choices)
PILOT_DECISIONS: Words = dict(PilotDecision.choices)
PILOT_TOLD: Words = {
    "met": _("met"),
    "missed": _("missed"),
    "too_few": _("too few records to tell"),
    "not_measured": _("not measured"),
    "no_number": _("no number to check"),
}
LINE_STYLES: Words = {
    "untested": _("dotted"),
    "touched": _("short dashes"),
    "sampled": _("long dashes"),
    "contract": _("plain line"),
    "end-to-end": _("thick line"),
    "not-stated": _("dash and dot"),
}
