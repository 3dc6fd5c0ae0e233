"""What a gate asks to see, not only to hear of."""

from __future__ import annotations

import pytest

from guide.registry import current_guide, get_guide, known_versions
from guide.work import ChecklistItem

ASKED_FOR_SINCE_THE_BEGINNING = {"G3-1", "G3-2", "G3-3", "G3-4"}


def test_the_first_production_deployment_has_to_be_shown() -> None:
    found = {item.id for item in current_guide().gate("G3").checklist if item.needs_evidence}

    assert found == ASKED_FOR_SINCE_THE_BEGINNING | {"G3-16", "G3-17"}


@pytest.mark.parametrize("version", known_versions("healthcare-devops"))
def test_every_version_of_the_guide_asks_for_it(version: str) -> None:
    guide = get_guide("healthcare-devops", version)

    found = {item.id for item in guide.gate("G3").checklist if item.must_be_shown}

    assert found >= ASKED_FOR_SINCE_THE_BEGINNING


@pytest.mark.parametrize(
    ("text", "says_so", "must"),
    [
        ("Rollback Shown Working: twice", False, True),
        ("The list is complete", True, True),
        ("The list is complete", False, False),
        ("It was shown, and is working", False, False),
    ],
)
def test_an_item_must_be_shown_by_its_attribute_or_its_words(
    text: str, says_so: bool, must: bool
) -> None:
    assert ChecklistItem(id="X-1", text=text, needs_evidence=says_so).must_be_shown is must
