"""The auditor's trace: the chain holds both ways, names what is missing, and keeps its hashes."""

import gzip
import hashlib
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.audit import record
from accounts.models import AuditSeal
from accounts.sealing import seal
from assessments.domain.scoring import score
from assessments.models import Answer, Evidence
from guide.registry import current_guide, read_release, releases
from reports.choices import Choices
from reports.documents.auditor_lines import Lines
from reports.documents.sections import document_html
from reports.frozen.for_documents import freeze_for
from reports.frozen.snapshot import ReportSnapshot, from_json, to_json
from reports.frozen.trace import (
    AnswerTrace,
    ApprovalTrace,
    ControlTrace,
    DecisionTrace,
    Fingerprint,
    GateTrace,
    HandTrace,
    InitiativeTrace,
    ItemTrace,
    OverrideTrace,
    ProofEntry,
    SealTrace,
    SolverTrace,
    TraceEntry,
    WhyLine,
)
from reports.frozen.trace_reading import seal_of
from reports.frozen.tracing import guide_fingerprint, trace_of
from reports.printing.pdf import render_document
from reports.services.making import report_request
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.document import plan_document
from roadmap.domain.planning import plan_scored
from roadmap.models import Roadmap
from roadmap.services.work.evidence import evidence_add_link
from tests.reports.factories import ONE_STEP, make_roadmap
from tests.reports.samples import MONDAY, demo_answers, small_snapshot

AUDIT = Choices(document="auditor")
WHOLE = replace(AUDIT, detail="everything")
LONG = "Nachweis der jährlichen Überprüfung durch die Aufsicht " * 8
SHA = "0123456789abcdef" * 4


def traced(**changes: Any) -> ReportSnapshot:
    """One of everything an auditor may ask for."""
    proof = ProofEntry("w1", "A1-01", "Minutes", "file", "m.pdf", "", SHA, "Ann", date(2026, 11, 2))
    trace = TraceEntry(
        assessment="First",
        submitted_by="Ann",
        is_recorded=True,
        fingerprints=(Fingerprint("guide", "healthcare-devops 1.0.0", SHA),),
        solver=SolverTrace("serial 2", "rank", True, "9.15", "1", "limit", False, (("runs", "9"),)),
        answers=(
            AnswerTrace(
                "Q1.01",
                "Inventory",
                "STEP-1",
                "answered",
                "There is none.",
                "interview",
                "Asked on the ward.",
                "Ben",
                standing="missing",
                controls=("REG-1",),
                initiatives=("A1-01",),
            ),
            AnswerTrace("Q1.02", "Criticality", "STEP-1", "unanswered"),
        ),
        initiatives=(
            InitiativeTrace(
                "A1-01",
                "Initiative number 1",
                "Q1.01 <= 2",
                "guide",
                (WhyLine("answer", "Q1.01: level 0.", "Q1.01"),),
                ("Q1.01",),
                ("REG-1",),
                status="done",
                proofs=("w1",),
            ),
        ),
        controls=(
            ControlTrace(
                "REG-1",
                "HIPAA Security Rule",
                "45 CFR 164.308",
                "Analysis",
                standing="missing",
                answers=("Q1.01",),
                initiatives=("A1-01",),
            ),
            ControlTrace("REG-2", "HIPAA Security Rule", "45 CFR 164.310", "Places"),
        ),
        gates=(
            GateTrace(
                "G1",
                "Baseline",
                2,
                items=(ItemTrace("G1-1", "The list is complete", "confirmed", True, "Ann"),),
                approvals=(ApprovalTrace("Sponsor", 1, "Cleo", "refuse", "Not yet."),),
                decisions=(DecisionTrace("refused", 1, "Cleo", reason="Too early."),),
            ),
        ),
        overrides=(OverrideTrace("A1-02", "Two", "G1", "A vendor's date.", "Ben"),),
        decisions=(HandTrace(1, "pinned A1-01 to 4 Jan 2027", "Ann"),),
        seal=SealTrace(41, SHA),
    )
    return small_snapshot(trace=trace, proofs=(proof,), **changes)


def words_of(snapshot: ReportSnapshot, choices: Choices = WHOLE) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", document_html(snapshot, choices)))


@pytest.fixture(scope="module")
def chain() -> TraceEntry:
    guide, answers = current_guide(), demo_answers("per-1.yaml")
    plan = plan_scored(guide, answers, score(guide, answers), Constraints(), MONDAY)
    return trace_of(guide, answers, plan_document(guide, plan), {}, 0)


def test_the_chain_is_the_same_from_both_ends(chain: TraceEntry) -> None:
    down = {(a.id, i) for a in chain.answers for i in a.initiatives}
    up = {(a, i.id) for i in chain.initiatives for a in i.answers}
    served = {(i.id, c) for i in chain.initiatives for c in i.controls}
    serving = {(i, c.id) for c in chain.controls for i in c.initiatives}

    assert down == up
    assert served == serving
    assert down


def test_controls_name_the_answers_that_name_them(chain: TraceEntry) -> None:
    asked = {a.id: a for a in chain.answers}

    for control in chain.controls:
        for name in control.answers:
            assert control.id in asked[name].controls
        assert not set(control.initiatives) & set(control.unplanned)


def test_every_initiative_of_the_guide_carries_its_rule(chain: TraceEntry) -> None:
    rules = {item.id: str(item.when) for item in current_guide().initiatives}

    assert {i.id: i.rule for i in chain.initiatives} == {
        i.id: rules[i.id] for i in chain.initiatives
    }


def test_the_hash_of_a_released_guide_is_that_of_what_its_file_unpacks_to() -> None:
    key, path = next(iter(releases().items()))
    unpacked = hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest()

    found = guide_fingerprint(read_release(path))

    assert found == Fingerprint("guide", " ".join(key), unpacked)


def test_the_document_tells_the_whole_chain() -> None:
    said = words_of(traced())

    for text in (
        "Q1.01 &lt;= 2",
        "There is none.",
        "Asked on the ward.",
        "basis: people who were asked; by: Ben",
        "45 CFR 164.308",
        "pinned A1-01 to 4 Jan 2027",
        "A vendor&#x27;s date.",
        "refused",
        "Too early.",
        "Not yet.",
        "Seal number 41",
        "01234567 89abcdef",
        "solver 9.15, seed 1",
    ):
        assert text in said, text


def test_what_nobody_recorded_is_said_not_to_be_shown() -> None:
    bare = replace(traced(), proofs=(), trace=replace(traced().trace, seal=None, is_recorded=False))
    said = words_of(bare)

    assert "Evidence not shown" in said
    assert "Not shown: nothing of the history is sealed yet" in said
    assert "names, days and evidence are not shown" in said
    assert "frozen without a trace" in words_of(small_snapshot())


def test_what_is_missing_is_counted() -> None:
    missing = Lines(traced()).missing()

    assert (missing.unanswered, missing.no_basis, missing.no_evidence_done) == (1, 0, 0)
    assert Lines(replace(traced(), proofs=())).missing().no_evidence_done == 1


def test_the_document_says_that_it_is_no_certificate() -> None:
    said = words_of(traced()).lower()

    assert "it is no certificate" in said
    assert "compliant" not in said


@pytest.mark.parametrize("detail", ["short", "usual"])
def test_a_summary_says_what_it_leaves_out(detail: str) -> None:
    said = words_of(traced(), replace(AUDIT, detail=detail))

    assert "This is a summary" in said
    assert "Asked on the ward." not in said


def test_links_inside_lead_somewhere() -> None:
    html = document_html(traced(), WHOLE)
    targets = set(re.findall(r'href="#([^"]+)"', html))

    assert targets <= set(re.findall(r'id="([^"]+)"', html))


@pytest.mark.parametrize("snapshot", [small_snapshot(), traced(organization=LONG, roadmap=LONG)])
def test_the_trace_prints_whatever_is_there(snapshot: ReportSnapshot) -> None:
    assert render_document(snapshot, WHOLE).pages >= 1


def test_the_trace_survives_being_stored() -> None:
    assert from_json(to_json(traced())) == traced()


@pytest.fixture
def roadmap(db: None) -> Roadmap:
    return make_roadmap(constraints=ONE_STEP)


def test_a_stored_roadmap_is_traced_with_names_days_and_hashes(roadmap: Roadmap) -> None:
    owner = roadmap.created_by
    answer = Answer.objects.filter(assessment=roadmap.snapshot.assessment).first()
    assert answer is not None
    Evidence.objects.create(
        assessment=roadmap.snapshot.assessment,
        question_id=answer.question_id,
        kind="file",
        title="Minutes",
        sha256=SHA,
        added_by=owner,
    )
    first = roadmap.initiatives.order_by("rank").first()
    evidence_add_link(
        roadmap=roadmap, user=owner, initiative=first, url="https://example.org/x", title="Record"
    )

    frozen = freeze_for(roadmap, AUDIT)
    trace = frozen.trace

    assert trace is not None
    assert frozen.proofs is not None
    assert {(p.about, p.title, p.sha256) for p in frozen.proofs} == {
        (answer.question_id, "Minutes", SHA),
        (first.initiative_id, "Record", ""),
    }
    told = {a.id: a for a in trace.answers}[answer.question_id]
    assert (told.by, told.proofs) == (str(owner), (frozen.proofs[0].key,))
    marks = {mark.of: mark.sha256 for mark in trace.fingerprints}
    assert marks["answers"] == roadmap.snapshot.input_hash
    assert marks["roadmap"] == roadmap.input_hash
    assert len(trace.gates) == roadmap.gates.count()
    assert "Minutes" in words_of(frozen)


def test_asking_for_a_trace_does_not_change_the_next_one(roadmap: Roadmap) -> None:
    organization = roadmap.organization
    seal(organization.pk)
    before = seal_of(organization)

    first = report_request(roadmap=roadmap, user=None, choices=AUDIT)
    seal(organization.pk)

    assert before is not None
    assert seal_of(organization) == before
    assert report_request(roadmap=roadmap, user=None, choices=AUDIT) == first
    record(organization=organization, actor=None, verb="roadmap.renamed", target=roadmap)
    seal(organization.pk)
    newest = AuditSeal.objects.filter(organization=organization).latest("number")
    after = seal_of(organization)
    assert after is not None
    assert (after.number, after.digest) == (newest.number, newest.digest)


def test_the_trace_reads_no_more_often_as_it_grows(
    roadmap: Roadmap, django_assert_num_queries: Any
) -> None:
    freeze_for(roadmap, AUDIT)
    with CaptureQueriesContext(connection) as once:
        freeze_for(roadmap, AUDIT)
    for item in roadmap.initiatives.all()[:5]:
        evidence_add_link(
            roadmap=roadmap,
            user=roadmap.created_by,
            initiative=item,
            url="https://example.org/x",
            title="Record",
        )
    with django_assert_num_queries(len(once)):
        freeze_for(roadmap, AUDIT)
