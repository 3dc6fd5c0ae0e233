"""A small, whole guide on disk, for tests that break it in one place."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "guide.yaml": """\
id: sample
version: "1.0.0"
title: Sample
description: A small guide
disclaimer: Not legal advice
estimates_note: Estimates
step_files: [steps/1.yaml]
overall_weights: {STEP-1: 1}
cap_limit: {band: developing, level: 1}
phases:
  - {id: PHASE-1, title: Assess}
""",
    "profile.yaml": """\
id: PROFILE
sections:
  - id: S0
    title: You
    questions:
      - id: P.01
        title: Staff
        text: How many people?
        why: Size matters
        kind: record
        fields: [{id: ops, label: Operations, kind: number}]
""",
    "steps/1.yaml": """\
id: STEP-1
sections:
  - id: S1
    title: Systems
    questions:
      - id: Q1.01
        title: Inventory
        text: Is there a list?
        why: You need one
        kind: level
        levels: [none, some, half, most, all]
        cap: true
        informs: [{challenge: CHAL-A}]
        sources: [S1]
      - id: Q1.02
        title: Copies
        text: Live copies?
        why: Risk
        kind: choice
        options:
          - {id: a, label: Yes, value: 0}
          - {id: b, label: No, value: 1, aliases: [nope]}
      - id: Q1.12
        title: Contracts
        text: Which contracts?
        why: Limits
        kind: table
        columns: [{id: vendor, label: Vendor}, {id: notice, label: Notice, kind: number}]
        scores:
          default: {rule: rows, columns: {notice: {scale: [[0, 0], [30, 1]]}}}
""",
    "challenges.yaml": """\
challenges:
  - {id: CHAL-A, title: Legacy, short: Legacy, description: Old, mitigation: Wrap, usual: 60}
""",
    "initiatives/1.yaml": """\
initiatives:
  - id: A1-01
    kind: action
    title: Build a list
    what: Walk the floors
    step: STEP-1
    phase: PHASE-1
    roles: {OPS: 1}
    effort_days: {low: 1, likely: 2, high: 4}
    lifts: [{question: Q1.01, to: 3}]
    when: Q1.01 <= 2
    done: [The list is complete]
    gate: G1
  - id: A1-14
    kind: review
    title: Review
    what: Meet
    step: STEP-1
    phase: PHASE-1
    roles: {OPS: 1}
    effort_days: {low: 0.5, likely: 1, high: 1}
    when: always
    done: [Decided]
    gate: G1
""",
    "gates.yaml": """\
gates:
  - id: G1
    title: Baseline
    passes_when: The list stands
    checklist: [{id: G1-1, text: List complete, initiatives: [A1-01]}]
    blocks: Choosing a pilot
    review: A1-14
    step: STEP-1
""",
    "roles.yaml": """\
roles:
  - {id: OPS, title: Operations, fte_from: ops, share: 0.3, default_fte: 0.1, covered_by: you}
""",
    "concepts.yaml": "concepts: [{id: STEP-1, kind: step, title: Audit}]\n",
    "sources.yaml": "sources: [{id: S1, author: A. Author, title: A Title}]\n",
}


def write_guide(folder: Path, changes: dict[str, tuple[str, str]] | None = None) -> Path:
    """Write the sample; ``changes`` maps a file to (old text, new text)."""
    for name, text in FILES.items():
        if changes and name in changes:
            old, new = changes[name]
            assert old in text, f"{old!r} is not in {name}"
            text = text.replace(old, new, 1)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
