"""What an assignment covers: the questions of a step, a section or one question. Pure."""

from collections.abc import Iterable

from guide.model import Guide, Question, Section

STEP, SECTION, QUESTION = "step", "section", "question"
# What the loader calls the step of the profile's questions.
PROFILE = "PROFILE"


class NoSuchPart(LookupError):
    """The guide has no step, section or question of that id."""


def questions_in(guide: Guide, scope: str, target: str) -> tuple[Question, ...]:
    """The questions of the part, in the guide's order.

    Raises:
        NoSuchPart: this version of the guide has no such part.
    """
    if scope == QUESTION and target in guide.questions:
        return (guide.questions[target],)
    if scope == SECTION:
        return find_section(guide, target).questions
    if scope == STEP and target == PROFILE:
        return guide.profile_questions
    if scope == STEP:
        for step in guide.steps:
            if step.id == target:
                return step.questions
    raise NoSuchPart(f"{scope} {target}")


def question_ids_in(guide: Guide, parts: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The ids of all questions of several (scope, target). Parts that are gone cover nothing."""
    found: set[str] = set()
    for scope, target in parts:
        try:
            found.update(question.id for question in questions_in(guide, scope, target))
        except NoSuchPart:
            continue
    return frozenset(found)


def find_section(guide: Guide, section_id: str) -> Section:
    for sections in (guide.profile, *(step.sections for step in guide.steps)):
        for section in sections:
            if section.id == section_id:
                return section
    raise NoSuchPart(f"section {section_id}")
