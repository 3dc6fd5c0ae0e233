"""What a question informs, and what of the sources stands behind it."""

from django import template

from guide.model import Challenge, Concept, Guide, Question

register = template.Library()


@register.simple_tag
def challenges_for(guide: Guide, question: Question) -> list[Challenge]:
    """The challenges its answer counts towards, each once."""
    ids = dict.fromkeys(informs.challenge for informs in question.informs)
    return [guide.challenge(challenge) for challenge in ids]


@register.simple_tag
def concepts_for(guide: Guide, question: Question) -> list[Concept]:
    """Requirements, practices, metrics and other parts of the sources it rests on."""
    return [guide.concept(concept) for concept in question.links]
