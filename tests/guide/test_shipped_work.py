"""What the shipped guide says about the work and the rules it serves."""

from __future__ import annotations

import pytest

from guide.model import Initiative
from guide.registry import current_guide

GUIDE = current_guide()
FEWEST_WORDS = 25


@pytest.mark.parametrize("initiative", GUIDE.initiatives, ids=lambda initiative: initiative.id)
def test_every_initiative_says_what_who_how_long_and_what_shows_it(initiative: Initiative) -> None:
    assert len(initiative.what.split()) >= FEWEST_WORDS
    assert initiative.roles and initiative.effort_days.high > 0
    assert len(initiative.done) >= 2
    assert initiative.sources
    assert initiative.addresses


def test_every_control_is_served_by_a_question_or_an_initiative() -> None:
    served = {control for part in GUIDE.questions.values() for control in part.controls}
    served |= {control for part in GUIDE.initiatives for control in part.controls}

    assert [control.id for control in GUIDE.controls if control.id not in served] == []


def test_what_the_law_may_change_says_when_it_was_checked() -> None:
    undated = [c.id for c in GUIDE.controls if c.time_sensitive and not c.status_checked_on]
    proposed = [c for c in GUIDE.controls if c.status == "proposed"]

    assert undated == []
    assert proposed
    assert [c.id for c in proposed if not c.time_sensitive or "not binding" not in c.text] == []


def test_every_regime_says_that_it_is_no_legal_advice() -> None:
    assert [r.id for r in GUIDE.regimes if "legal" not in r.note or "planning" not in r.note] == []


def test_each_pipeline_stage_leaves_a_record_that_shows_a_control() -> None:
    shown = {stage for control in GUIDE.controls for stage in control.stages}

    assert {stage.id for stage in GUIDE.pipeline_stages} == shown
    assert all(stage.record for stage in GUIDE.pipeline_stages)


# The crosswalk for gate G3: what each of its four proofs serves.
CROSSWALK = {
    "G3-1": {
        "REG-HIPAA-312b", "REG-HIPAA-308a1iiD", "REG-HIPAA-316b", "REG-GDPR-5", "REG-GDPR-32",
        "REG-SSDF-PO", "REG-SSDF-PS3", "REG-CPG-H", "REG-CSF2",
    },
    "G3-2": {
        "REG-HIPAA-312a2i", "REG-HIPAA-312d", "REG-HIPAA-308a3", "REG-HIPAA-308a4",
        "REG-GDPR-32", "REG-SSDF-PS1", "REG-SSDF-PO", "REG-CPG-E", "REG-CSF2",
    },
    "G3-3": {
        "REG-HIPAA-308a1iiB", "REG-HIPAA-308a8", "REG-GDPR-25", "REG-GDPR-32",
        "REG-SSDF-PO", "REG-SSDF-PW7", "REG-CPG-H", "REG-CSF2",
    },
    "G3-4": {
        "REG-HIPAA-308a7iiB", "REG-HIPAA-308a7iiD", "REG-GDPR-32", "REG-SSDF-PS3", "REG-CSF2",
    },
}  # fmt: skip


@pytest.mark.parametrize("item_id", CROSSWALK)
def test_gate_g3_leads_from_its_proof_to_the_controls_it_serves(item_id: str) -> None:
    item = next(item for item in GUIDE.gate("G3").checklist if item.id == item_id)
    initiatives = [GUIDE.initiative(initiative) for initiative in item.initiatives]

    assert CROSSWALK[item_id] <= {c for initiative in initiatives for c in initiative.controls}
    assert all(initiative.done for initiative in initiatives)


def test_every_worked_item_of_gate_g3_leads_to_a_control() -> None:
    worked = [item for item in GUIDE.gate("G3").checklist if item.initiatives]
    bare = [
        item.id
        for item in worked
        if not any(GUIDE.initiative(initiative).controls for initiative in item.initiatives)
    ]

    assert bare == []
