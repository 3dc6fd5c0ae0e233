"""Answers, plans and other guides refer to ids: once landed, an id stays."""

from __future__ import annotations

from pathlib import Path

from guide.registry import current_guide

LANDED = Path(__file__).with_name("landed_ids.txt")


def test_every_landed_id_still_exists() -> None:
    guide = current_guide()
    parts = {
        "question": guide.questions.values(),
        "challenge": guide.challenges,
        "initiative": guide.initiatives,
        "gate": guide.gates,
        "checklist": [item for gate in guide.gates for item in gate.checklist],
        "role": guide.roles,
        "control": guide.controls,
        "concept": guide.concepts,
        "source": guide.sources,
    }
    present = {f"{kind} {part.id}" for kind, found in parts.items() for part in found}

    # A new id is added to the file when it lands; none is ever taken out.
    assert set(LANDED.read_text(encoding="utf-8").splitlines()) == present
