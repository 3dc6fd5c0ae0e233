"""Comments that may be chosen for print: those of the assessment and those of the work."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from assessments.models import Comment
from reports.frozen.stated import RemarkEntry
from roadmap.models import Roadmap, WorkComment

MOST = 300


def remark_choices(roadmap: Roadmap) -> tuple[tuple[int, RemarkEntry], ...]:
    """What may be printed, with the number it is chosen by: two queries.

    Of a comment on a question the number is its own, of one on an initiative or a gate its own
    with a minus. Withdrawn ones are not offered.
    """
    return (*_of_answers(roadmap, None), *_of_work(roadmap, None))


def chosen_remarks(roadmap: Roadmap, numbers: Iterable[int]) -> tuple[RemarkEntry, ...]:
    """Those that were chosen, in the order of the choice; what is gone is left out."""
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        return ()
    found = dict(_of_answers(roadmap, [n for n in wanted if n > 0]))
    found |= dict(_of_work(roadmap, [-n for n in wanted if n < 0]))
    return tuple(found[number] for number in wanted if number in found)


def _of_answers(roadmap: Roadmap, only: list[int] | None) -> Iterable[tuple[int, RemarkEntry]]:
    rows = Comment.objects.filter(
        assessment=roadmap.snapshot.assessment_id, withdrawn_at=None
    ).select_related("author")
    if only is not None:
        rows = rows.filter(pk__in=only)
    questions = roadmap.snapshot.guide.questions
    for row in rows.order_by("-created_at", "-pk")[:MOST]:
        title = questions[row.question_id].title if row.question_id in questions else ""
        yield row.pk, _remark(row, row.question_id, title)


def _of_work(roadmap: Roadmap, only: list[int] | None) -> Iterable[tuple[int, RemarkEntry]]:
    rows = WorkComment.objects.filter(roadmap=roadmap, withdrawn_at=None)
    rows = rows.select_related("author", "initiative", "gate").defer(
        "initiative__details", "gate__checklist"
    )
    if only is not None:
        rows = rows.filter(pk__in=only)
    for row in rows.order_by("-created_at", "-pk")[:MOST]:
        about, title = (
            (row.initiative.initiative_id, row.initiative.title)
            if row.initiative
            else (row.gate.gate_id, row.gate.title)
        )
        yield -row.pk, _remark(row, about, title)


def _remark(row: Comment | WorkComment, about: str, title: str) -> RemarkEntry:
    day = timezone.localdate(row.created_at)
    return RemarkEntry(about, title, row.text, str(row.author or ""), day)
