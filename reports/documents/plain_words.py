"""What people on the wards notice of each initiative of the shipped guide, in their words.

Only what somebody there takes part in or may notice stands here; everything else is counted and not
explained. The page says "update" where others say release, "trial" where they say pilot and "check"
where they say gate. A text that people typed is printed as they typed it.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GUIDE = "healthcare-devops"
"""The ids below mean these things in this guide only."""

FIRST_LIVE_CHECK = "G3"

TAKE_PART: dict[str, str | Promise] = {
    "A1-03": _("Leaders of units say which systems must never stop, and how long care can wait."),
    "A1-08": _("Short talks: what must not stop, what broke last, what people are afraid of."),
    "A2-05": _("A clinician gets agreed hours and the right to say stop to an update."),
    "A2-08": _("What to do by hand while an update is taken back is written down and tried."),
    "A2-10": _("Everyone the trial touches is told in person, on their shift, what will change."),
    "A3-04": _("Clinicians say what has to work before an update is accepted."),
    "A5-05": _("Training for those who use the system, and a button or number to answer back."),
    "A5-10": _("A practice hour with one unit: working without the system, with paper forms."),
    "A5-12": _("People from IT spend half a day beside you; you may sit in when they plan."),
    "A6-03": _("Once a month users and IT look at what went well and what did not, and decide."),
    "A6-10": _("Before a system that care depends on is included, its users agree on a time."),
    "AV-01": _("The vendor is asked for more notice before updates, and a way to take them back."),
    "AV-02": _("What your units do most is tried out before each update of the vendor."),
}
MAY_NOTICE: dict[str, str | Promise] = {
    "AC-01": _("Shared passwords are changed. If you can no longer get in, call IT."),
    "AC-02": _("Passwords that were exposed are changed. If something cannot connect, call IT."),
    "AC-04": _("Patient data in test systems is closed off: some test screens may be empty."),
    "A1-11": _("IT practises bringing back a system that care depends on, beside the live one."),
    "A1-13": _("Test and training systems no longer hold real patients."),
    "A3-08": _("IT staff sign in to live systems in their own name, with a second step."),
    "A3-13": _("Patient data is encrypted. You should notice nothing; if you do, say so."),
    "A3-16": _("Small, safe updates go ahead faster; risky ones are looked at by named people."),
    "A3-19": _("IT is warned when the trial system is slow or fails, before you have to call."),
    "A3-21": _("Signing in from outside may ask for a second step."),
    "A4-08": _("Connections of an old system are led through a new layer, one after the other."),
    "A4-10": _("Medical devices move to their own part of the network, unit by unit, with you."),
    "A4-11": _("IT notices lost results and orders before you miss them."),
    "A6-02": _("Effects on care are measured beside the technical figures."),
    "A6-05": _("The trial is compared with how things were before."),
    "A6-06": _("Leaders decide whether to go on, change something or stop."),
    "AV-03": _("IT notices a broken connection to another system within minutes."),
}

JARGON = (
    "ci/cd",
    "cicd",
    "pipeline",
    "devops",
    "devsecops",
    "sprint",
    "backlog",
    "scrum",
    "kanban",
    "agile",
    "repository",
    "commit",
    "merge",
    "branch",
    "git",
    "deploy",
    "deployment",
    "deployments",
    "continuous delivery",
    "continuous integration",
    "infrastructure as code",
    "as code",
    "container",
    "kubernetes",
    "microservice",
    "artefact",
    "artifact",
    "staging",
    "regression",
    "rollback",
    "runbook",
    "on-call",
    "observability",
    "telemetry",
    "canary",
    "mttr",
    "lead time",
    "change failure rate",
    "deployment frequency",
    "dora",
    "slo",
    "sla",
    "sbom",
    "api",
    "hl7",
    "fhir",
    "endpoint",
    "version control",
    "baseline",
    "stakeholder",
    "governance",
    "p50",
    "p80",
    "person-days",
)
_WORDS = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(re.escape(word) for word in sorted(JARGON, key=len, reverse=True))
    + r")(?![\w-])",
    re.IGNORECASE,
)


def jargon_in(text: str) -> list[str]:
    """The words of the list that the text uses."""
    return _WORDS.findall(text)


STOP_WORDS: dict[str, str | Promise] = {
    "A patient was harmed or nearly harmed by a change of the pilot.": _(
        "A patient was harmed, or nearly, by an update of the trial."
    ),
    "Patient data was exposed by the pilot or its pipeline.": _(
        "Patient data was exposed by the trial."
    ),
    "A failed change could not be taken back within the time agreed in the rollback plan.": _(
        "A failed update could not be taken back within the time agreed."
    ),
    "More changes failed in four weeks than in the same time before the pilot began.": _(
        "More updates failed in four weeks than in the same time before the trial."
    ),
}
"""The product's own proposals for stop rules, in plain words; others are printed as typed."""
