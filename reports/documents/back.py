"""The end of the full roadmap: method, sources, the words it uses, the legal note. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.choices import Choices
from reports.documents.section import Context
from reports.frozen.snapshot import ReportSnapshot

Text = str | Promise


@dataclass(frozen=True)
class Term:
    """`used`: whether a report speaks of it; `pattern`: looked for in what it says of the work."""

    name: Text
    text: Text
    used: Callable[[ReportSnapshot], bool] | None = None
    pattern: str = ""


def _forecast(snapshot: ReportSnapshot) -> bool:
    return snapshot.forecast is not None or snapshot.going is not None


TERMS: tuple[Term, ...] = (
    Term(
        _("Baseline (dates)"),
        _("The dates agreed earlier; how far the plan moved is counted from them."),
        lambda s: any(item.progress.baseline for item in s.initiatives),
    ),
    Term(
        _("Change fail rate"),
        _("The part of deployments after which something had to be mended at once."),
        lambda s: bool(s.measured),
    ),
    Term(
        _("CI/CD"),
        _("Building, testing and delivering software by a chain of automatic steps."),
        pattern=r"\bCI/CD\b|\bpipelines?\b",
    ),
    Term(
        _("Confidence"),
        _("How much of what applies was answered, and on what the answers rest; 0 to 100%."),
    ),
    Term(
        _("Containment"),
        _("Urgent work that protects patient data which may be exposed now. It waits for nothing."),
        lambda s: any(item.kind == "containment" for item in s.initiatives),
    ),
    Term(
        _("Critical chain"),
        _("The initiatives that decide when the plan ends: a day later here is a day later there."),
        lambda s: any(item.is_critical for item in s.initiatives),
    ),
    Term(
        _("EHR"),
        _("Electronic health record: the system that holds the patients' records."),
        pattern=r"\bEHR\b",
    ),
    Term(
        _("Exposure"),
        _("How far a known challenge of such programmes is open here, 0 to 100; high is bad."),
        lambda s: bool(s.challenges),
    ),
    Term(
        _("Freeze"),
        _("Days on which nothing goes live, or on which fewer people work."),
        lambda s: bool(s.freezes),
    ),
    Term(
        _("Four chances in five"),
        _("In 80 of 100 runs of the forecast it was done by that day. Planners call it P80."),
        _forecast,
    ),
    Term(
        _("Gate"),
        _("A point that opens only when its checklist is met and the people named have agreed."),
        lambda s: bool(s.gates),
    ),
    Term(
        _("HL7, FHIR"),
        _("Standards by which health systems exchange data."),
        pattern=r"\bHL7\b|\bFHIR\b",
    ),
    Term(
        _("Initiative"),
        _("A piece of work with an owner, an effort and a proof that it is done."),
        lambda s: bool(s.initiatives),
    ),
    Term(
        _("Interval (95%)"),
        _("The span in which the true value lies in 19 of 20 cases; wide where there is little."),
        lambda s: any(f.interval for one in s.measured for f in one.figures),
    ),
    Term(
        _("Lead time"),
        _("From the first change of the code, or the ticket, until it runs in production."),
        lambda s: bool(s.measured),
    ),
    Term(_("Person-day"), _("The work of one person on one day. Always an estimate here.")),
    Term(
        _("PHI"),
        _("Protected health information: data about the health of a person who can be known."),
        pattern=r"\bPHI\b|\bePHI\b",
    ),
    Term(
        _("Priority"),
        _("The place of an initiative by how much it matters; 1 matters most."),
        lambda s: bool(s.initiatives),
    ),
    Term(_("Readiness"), _("How far a step is in place, 0 to 100; high is good.")),
    Term(
        _("Rollback"),
        _("Going back to what ran before, when a change goes wrong."),
        pattern=r"\broll(?:ed|ing)?[ -]?backs?\b",
    ),
    Term(
        _("SBOM"),
        _("A list of all the parts a piece of software is made of."),
        pattern=r"\bSBOM\b",
    ),
    Term(
        _("Target"),
        _("The readiness aimed at for a step, or the exposure accepted from a challenge."),
        lambda s: s.targets is not None,
    ),
    Term(
        _("Tier"),
        _("How long care can go without a system: tier 1 is what it can least do without."),
        lambda s: any(system.tier for system in s.flows.systems) if s.flows else False,
    ),
)


def glossary(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    """The terms this report uses, in the order of the alphabet of its language."""
    said = _said(snapshot)
    found = [term for term in TERMS if _is_used(term, snapshot, said)]
    return {"terms": sorted(found, key=lambda term: str(term.name).casefold())} if found else None


def _is_used(term: Term, snapshot: ReportSnapshot, said: str) -> bool:
    if term.pattern:
        return re.search(term.pattern, said, re.IGNORECASE) is not None
    return term.used(snapshot) if term.used else True


def _said(snapshot: ReportSnapshot) -> str:
    """What the report says of the work and of the gates."""
    parts: list[str] = []
    for item in snapshot.initiatives:
        parts += [item.title, item.what, *item.done]
    for gate in snapshot.gates:
        parts += [gate.passes_when, *(line.text for line in gate.checklist)]
    parts += [risk.question.title for risk in snapshot.risks]
    return "\n".join(parts)


def sources(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    return {} if snapshot.sources else None


def legal(snapshot: ReportSnapshot, choices: Choices) -> Context | None:
    note = snapshot.brand.legal if snapshot.brand else ""
    return {"note": note} if note or snapshot.disclaimer else None
