"""Answers that other apps propose for a new round: from finished work, from measured values.

Apps above this one register what they know from their `AppConfig.ready()`; assessments never
imports them. A proposal is offered like an answer of the last round and counts only when a person
confirms it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import Organization
from assessments.domain.answers import Answer, AnswerError, AnswerSet, AnswerState, clean_value
from assessments.enums import SourceOfSuggestion
from guide.model import Guide

ORIGIN_LIMIT = 200


@dataclass(frozen=True)
class Proposal:
    """`origin`: what it rests on, in words that stay true (“A3-07 finished on 12 May 2027, with
    2 pieces of evidence”)."""

    question_id: str
    answer: Answer
    source: SourceOfSuggestion
    origin: str


# Given the organization, the guide of the new round and the last answers in its terms.
Proposer = Callable[[Organization, Guide, AnswerSet], Iterable[Proposal]]

_proposers: dict[Proposer, int] = {}


def register_proposer(proposer: Proposer, *, order: int) -> None:
    """Have `proposer` asked when a round begins; of two for one question the higher order wins."""
    _proposers[proposer] = order


def proposals_for(
    organization: Organization, guide: Guide, answers: AnswerSet
) -> dict[str, Proposal]:
    """What is proposed, by question. What the guide would not take, or says nothing new, is left
    out.
    """
    found: dict[str, Proposal] = {}
    for proposer in sorted(_proposers, key=lambda known: _proposers[known]):
        for proposal in proposer(organization, guide, answers):
            if _is_offerable(guide, answers, proposal):
                found[proposal.question_id] = proposal
    return found


def _is_offerable(guide: Guide, answers: AnswerSet, proposal: Proposal) -> bool:
    question = guide.questions.get(proposal.question_id)
    if question is None or proposal.answer.state is not AnswerState.ANSWERED:
        return False
    try:
        value = clean_value(question, proposal.answer.value)
    except AnswerError:
        return False
    last = answers.get(question.id)
    return last is None or (last.value, last.basis) != (value, proposal.answer.basis)
