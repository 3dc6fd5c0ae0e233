"""What an auditor's trace calls things."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

STANDINGS: Words = {
    "shown": _("shown or confirmed"),
    "claimed": _("claimed, not shown"),
    "partly": _("partly"),
    "open": _("open"),
    "missing": _("missing"),
    "not_asked": _("not judged"),
}
STATES: Words = {
    "answered": _("answered"),
    "unknown": _("we don't know"),
    "not_applicable": _("not applicable"),
    "unanswered": _("not answered"),
}
BASES: Words = {
    "opinion": _("own judgement"),
    "interview": _("people who were asked"),
    "document": _("a document that was seen"),
    "measured": _("measured by a tool"),
}
ITEM_STATES: Words = {
    "done": _("its work is done"),
    "confirmed": _("confirmed by a person"),
    "in_place": _("in place, as the answers say"),
    "not_applicable": _("not applicable"),
    "open": _("open"),
}
VERDICTS: Words = {"approve": _("approves"), "refuse": _("refuses"), "": _("has not spoken")}
DECISIONS: Words = {
    "asked": _("asked for"),
    "withdrawn": _("request withdrawn"),
    "opened": _("opened"),
    "refused": _("refused"),
    "closed": _("closed again"),
}
ORIGINS: Words = {
    "own": _("added by people"),
    "wave": _("a wave that people added"),
    "guide": _("from the guide"),
}
FINGERPRINTS: Words = {
    "guide": _("Guide, compiled"),
    "answers": _("Answers as submitted"),
    "scenario": _("Scenario: answers, constraints, decisions, planner"),
    "roadmap": _("Roadmap as adopted"),
    "forecast": _("Forecast: what was simulated"),
}
ENDS: Words = {
    "proven": _("the proof that nothing better exists"),
    "limit": _("its limits"),
    "clock": _("the clock"),
    "stopped": _("a person"),
}
