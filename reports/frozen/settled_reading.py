"""Reads what was said from seats and which settlement an answer rests on: two queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils import timezone

from assessments.domain.answers import Answer as Said
from assessments.domain.answers import AnswerState
from assessments.domain.wording import answer_in_words
from assessments.models import Answer, SeatAnswer, Settlement, Snapshot
from assessments.pages.room.seats import is_readable, seat_titles
from reports.frozen.trace import AnswerTrace, SeatTrace

Given = Mapping[str, Answer]


def with_settlements(
    traces: Iterable[AnswerTrace], submitted: Snapshot, given: Given
) -> tuple[AnswerTrace, ...]:
    """`given`: the stored answers, by question."""
    settled, seats = _newest(submitted), _seats(submitted)
    return tuple(
        replace(
            _with_settlement(trace, settled.get(trace.id), given.get(trace.id)),
            seats=tuple(seats.get(trace.id, ())),
        )
        for trace in traces
    )


def _newest(submitted: Snapshot) -> dict[str, Settlement]:
    """The last settlement of each question: an earlier one no longer speaks for any answer."""
    rows = Settlement.objects.filter(assessment=submitted.assessment_id).defer("before")
    return {row.question_id: row for row in rows.order_by("created_at", "pk")}


def _with_settlement(
    trace: AnswerTrace, row: Settlement | None, answer: Answer | None
) -> AnswerTrace:
    if row is None:
        return trace
    return replace(
        trace,
        settled=", ".join(str(person.get("name", "")) for person in row.agreed),
        settled_why=row.note,
        settled_on=timezone.localdate(row.created_at),
        is_changed_since=answer is None or not _is_what_was_settled(row, answer),
    )


def _is_what_was_settled(row: Settlement, answer: Answer) -> bool:
    """A note or a day to ask again, added later, leaves the answer the one agreed on."""
    if row.answer_version == answer.version:
        return True
    said = (row.settled.get("state"), row.settled.get("value"), row.settled.get("reason", ""))
    return said == (answer.state, answer.value, answer.reason)


def _seats(submitted: Snapshot) -> Mapping[str, list[SeatTrace]]:
    guide = submitted.guide
    titles = seat_titles(guide)
    found: dict[str, list[SeatTrace]] = defaultdict(list)
    rows = SeatAnswer.objects.filter(assessment=submitted.assessment_id)
    for row in rows.select_related("user").order_by("seat", "pk"):
        question = guide.questions.get(row.question_id)
        if question is None:
            continue
        said = row.to_domain() if is_readable(question, row) else Said(AnswerState.UNANSWERED)
        found[row.question_id].append(
            SeatTrace(
                seat=titles.get(row.seat, row.seat),
                by=str(row.user),
                state=row.state,
                answer=answer_in_words(question, said),
                basis=row.basis,
                note=row.note,
                on=timezone.localdate(row.updated_at),
            )
        )
    return found
