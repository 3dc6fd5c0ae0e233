"""Slips that leave a guide usable are told as warnings, with their place."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from guide.loading import guide_warnings, load_guide, read_guide
from guide.registry import current_guide
from guide.rules import parse_rule
from guide.warnings import check_warnings, in_words
from tests.guide.sample import write_guide


def warnings(folder: Path) -> list[str]:
    return [str(warning) for warning in guide_warnings(*read_guide(folder))]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "initiatives/1.yaml",
            "when: Q1.01 <= 2",
            "when: Q1.01 <= 1 and Q1.01 >= 2",
            "initiatives/1.yaml:2: A1-01: no answers bring it into a plan",
        ),
        ("initiatives/1.yaml", "when: Q1.01 <= 2", "when: never", "A1-01: no answers bring it"),
        # It lifts Q1.01, which stands at the planned level whenever the rule holds.
        ("initiatives/1.yaml", "when: Q1.01 <= 2", "when: Q1.01 >= 3", "no answers bring it"),
        (
            "initiatives/1.yaml",
            "when: Q1.01 <= 2",
            "when: Q1.01 <= 2 or Q1.01 > 4",
            "A1-01: no answer makes 'Q1.01 > 4' true in 'Q1.01 <= 2 or Q1.01 > 4'",
        ),
        (
            "initiatives/1.yaml",
            "when: Q1.01 <= 2",
            "when: Q1.01 <= 4",
            "A1-01: every answer makes 'Q1.01 <= 4' true",
        ),
        (
            "initiatives/1.yaml",
            "when: Q1.01 <= 2",
            "when: Q1.01 is answered or not (Q1.01 is answered)",
            "is never false; write 'always'",
        ),
        (
            "steps/1.yaml",
            "        kind: choice\n",
            "        kind: choice\n        applies: Q1.01 > 3 and Q1.01 < 2\n"
            "        not_asked: no\n",
            "steps/1.yaml:15: Q1.02: no answers can make 'Q1.01 > 3 and Q1.01 < 2' true",
        ),
        (
            "steps/1.yaml",
            "        kind: choice\n",
            "        kind: choice\n        applies: Q1.01 is answered or not (Q1.01 is answered)\n"
            "        not_asked: no\n",
            "Q1.02: 'Q1.01 is answered or not (Q1.01 is answered)' is never false: it is always",
        ),
        (
            "gates.yaml",
            "initiatives: [A1-01]",
            'initiatives: [A1-01], applies: "P.01.ops < 1 and P.01.ops > 2"',
            "gates.yaml:2: G1: no answers can make G1-1: applies 'P.01.ops < 1",
        ),
        ("initiatives/1.yaml", "lifts: [{question: Q1.01, to: 3}]", "", "Q1.01: no initiative li"),
        ("initiatives/1.yaml", "kind: action", "kind: action\n    addresses: []", "CHAL-A: no ini"),
        ("steps/1.yaml", "sources: [S1]", "", "sources.yaml:1: S1: nothing cites it"),
        ("steps/1.yaml", "[{challenge: CHAL-A}]", "[]", "CHAL-A: 0 question(s) inform it; give it"),
        ("concepts.yaml", "}]", "}, {id: KC, kind: x, title: y}]", "KC: nothing links to it"),
        ("roles.yaml", "roles:\n", "roles:\n" + "  - {id: DOC, title: D, share: 0.1, "
         "default_fte: 1, covered_by: x}\n", "roles.yaml:2: DOC: no initiative and no gate needs"),
        ("guide.yaml", "title: Assess}", "title: Assess}\n  - {id: PHASE-2, title: Go}\n",
         "guide.yaml:12: PHASE-2: no initiative is in it"),
        ("guide.yaml", "phases:", "pipeline_stages: [{id: build, title: B}]\nphases:",
         "guide.yaml:10: build: no control names it"),
        ("guide.yaml", "phases:", "quick_scan: [Q1.12]\nphases:", "the quick scan has 1 question"),
        ("guide.yaml", "phases:", "quick_scan: [Q1.12]\nphases:", "the quick scan asks Q1.12, wh"),
        ("guide.yaml", "phases:", "quick_scan: [Q1.02]\nphases:", "says nothing about CHAL-A"),
        ("guide.yaml", "id: sample", "id: sample", "others: targets.yaml has no profile without"),
    ],
)  # fmt: skip
def test_each_slip_is_a_warning_with_its_place(
    tmp_path: Path, file: str, old: str, new: str, expected: str
) -> None:
    write_guide(tmp_path, {file: (old, new)})

    found = warnings(tmp_path)

    assert any(expected in warning for warning in found), found


def test_controls_regimes_targets_and_contradictions_are_held_against_the_rest(
    tmp_path: Path,
) -> None:
    write_guide(tmp_path)
    (tmp_path / "controls").mkdir()
    (tmp_path / "controls/law.yaml").write_text(
        "regime: {id: LAW, title: A law, applies: P.01.ops > 5 and P.01.ops < 2}\n"
        "controls:\n  - {id: LAW-1, cite: § 1, title: One, text: Do, status: confirmed}\n"
    )
    (tmp_path / "controls/empty.yaml").write_text(
        "regime: {id: EMPTY, title: No law, applies: always}\ncontrols: []\n"
    )
    (tmp_path / "targets.yaml").write_text("targets: [{why: A guess, steps: {STEP-1: 60}}]\n")
    (tmp_path / "contradictions.yaml").write_text(
        "contradictions:\n"
        "  - {id: X-1, title: x, text: x, when: Q1.01 > 4, questions: [Q1.01, Q1.02]}\n"
    )

    found = "\n".join(warnings(tmp_path))

    assert "controls/law.yaml:3: LAW-1: no question asks for it" in found
    assert "controls/law.yaml:1: LAW: no answers can make applies" in found
    assert "controls/empty.yaml:1: EMPTY: it has no control" in found
    assert "targets.yaml:1: others: no target for CHAL-A" in found
    assert "contradictions.yaml:2: X-1: no answers can make when 'Q1.01 > 4' true" in found


def test_what_only_comes_along_as_a_predecessor_is_no_slip(tmp_path: Path) -> None:
    """A1-01 is never called for itself, but it comes along while nobody knows whether it is."""
    when = "when: Q1.02 = a and Q1.02 = b"
    write_guide(tmp_path, {"initiatives/1.yaml": ("when: Q1.01 <= 2", when)})
    assert "A1-01: no answers bring it" in "\n".join(warnings(tmp_path))

    path = tmp_path / "initiatives/1.yaml"
    path.write_text(path.read_text().replace("when: always", "when: always\n    needs: [A1-01]"))
    assert "A1-01: no answers bring it" not in "\n".join(warnings(tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "Q1.01 <= 2",
        "Q1.04 in (a, b)",
        "P.02 has gdpr",
        "P.02 has any (x, y)",
        "P.02 has none (x)",
        "count(Q1.12 where deploy = they and baa is blank) >= 2",
        "sum(P.04) < 0.5",
    ],
)
def test_a_comparison_is_told_as_it_was_written(text: str) -> None:
    assert in_words(parse_rule(text).comparisons()[0]) == text


def test_a_file_that_nothing_reads_is_a_slip(tmp_path: Path) -> None:
    write_guide(tmp_path)
    (tmp_path / "target.yaml").write_text("targets: []\n")
    (tmp_path / "steps/2.yml").write_text("id: STEP-2\n")
    (tmp_path / "README.md").write_text("About this guide\n")

    unread = [warning for warning in warnings(tmp_path) if "nothing reads this file" in warning]

    assert [warning.split(":")[0] for warning in unread] == ["steps/2.yml", "target.yaml"]


def test_the_shipped_guide_has_no_warning() -> None:
    found: list[str] = []

    check_warnings(current_guide(), lambda kind, part, message: found.append(f"{part}: {message}"))

    assert found == []


def test_guide_check_fails_on_warnings_only_when_strict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_guide(tmp_path)
    assert load_guide(tmp_path)

    call_command("guide_check", str(tmp_path))
    printed = capsys.readouterr().out
    assert "warning: targets.yaml:1: others: " in printed or "warning: guide.yaml:1" in printed
    with pytest.raises(CommandError, match=r"warning\(s\) found"):
        call_command("guide_check", str(tmp_path), "--strict")
