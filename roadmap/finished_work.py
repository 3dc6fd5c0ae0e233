"""What finished work says for the next round: the levels it was to reach, where it was shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization
from assessments.domain.answers import Answer, AnswerSet, AnswerState, Basis
from assessments.enums import SourceOfSuggestion
from assessments.proposals import Proposal
from guide.model import Guide
from roadmap.enums import InitiativeStatus
from roadmap.models import PlannedInitiative, Roadmap


@dataclass(frozen=True)
class _Shown:
    """A level that finished work with evidence was to reach."""

    level: int
    initiative: str
    finished_on: date | None
    pieces: int


def finished_work_answers(
    organization: Organization, guide: Guide, last: AnswerSet
) -> Iterable[Proposal]:
    """Levels proposed by initiatives that are done and have evidence: three queries.

    Finished without evidence proposes nothing. Of several for one question the highest level
    counts, and nothing is proposed that is not higher than the last answer.
    """
    newest = Roadmap.objects.filter(organization=organization).select_related("snapshot")
    roadmap = newest.only("organization_id", "snapshot__guide_id").first()
    if roadmap is None or roadmap.snapshot.guide_id != guide.id:
        return []
    return [
        _proposal(question, shown)
        for question, shown in _shown(roadmap).items()
        if _is_higher(guide, last, question, shown.level)
    ]


def _shown(roadmap: Roadmap) -> dict[str, _Shown]:
    done = PlannedInitiative.objects.filter(roadmap=roadmap, status=InitiativeStatus.DONE)
    pieces = _evidence_by_initiative(roadmap)
    found: dict[str, _Shown] = {}
    for row in done.only("roadmap_id", "initiative_id", "finished_on", "facts"):
        count = pieces.get(row.initiative_id, 0)
        for lift in row.facts.get("lifts", []) if count else []:
            level, known = lift["to"], found.get(lift["question"])
            if isinstance(level, int) and (known is None or known.level < level):
                found[lift["question"]] = _Shown(level, row.initiative_id, row.finished_on, count)
    return found


def _evidence_by_initiative(roadmap: Roadmap) -> dict[str, int]:
    # Only of this roadmap: it was carried over with the work (services/gates/carrying), and what
    # was taken away here still stands on the roadmap before.
    rows = PlannedInitiative.objects.filter(roadmap=roadmap).order_by()
    counted = rows.values("initiative_id").annotate(
        pieces=Count("evidence", filter=Q(evidence__removed_at=None))
    )
    return {row["initiative_id"]: row["pieces"] for row in counted if row["pieces"]}


def _is_higher(guide: Guide, last: AnswerSet, question_id: str, level: int) -> bool:
    question = guide.questions.get(question_id)
    if question is None or question.kind != "level":
        return False
    answer = last.get(question_id)
    if answer is None or answer.state is not AnswerState.ANSWERED:
        return True
    return isinstance(answer.value, int) and answer.value < level


def _proposal(question: str, shown: _Shown) -> Proposal:
    pieces = ngettext("%s piece of evidence", "%s pieces of evidence", shown.pieces) % shown.pieces
    values = {"initiative": shown.initiative, "pieces": pieces}
    if shown.finished_on:
        values["day"] = date_format(shown.finished_on)
        origin = _("%(initiative)s was finished on %(day)s, with %(pieces)s") % values
    else:
        origin = _("%(initiative)s was finished, with %(pieces)s") % values
    answer = Answer(AnswerState.ANSWERED, shown.level, basis=Basis.DOCUMENT)
    return Proposal(question, answer, SourceOfSuggestion.FINISHED_WORK, origin)
