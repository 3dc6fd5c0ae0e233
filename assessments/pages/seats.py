"""What the pages around seats list: how far one's seat is filled, and who may have agreed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from accounts.models import Membership
from accounts.tenancy import Access
from assessments.access import fillable
from assessments.domain.applicability import asked_questions
from assessments.domain.divergence import can_be_seated
from assessments.models import Assessment, SeatAnswer
from assessments.pages.room.seats import seat_title
from assessments.queries import answer_set
from guide.model import Guide, Seat, Step


@dataclass(frozen=True)
class StepFromSeat:
    """How many of a step's questions one person has answered from one seat."""

    step: Step
    answered: int
    asked: int


@dataclass(frozen=True)
class Person:
    pk: int
    name: str
    seat: str
    is_ticked: bool


def seat_progress(access: Access, assessment: Assessment, seat: Seat) -> list[StepFromSeat]:
    """The steps with something to answer from that seat: two queries."""
    asked = asked_questions(assessment.guide, answer_set(assessment))
    allowed = fillable(access, assessment)
    open_ids = {q.id for q in asked if can_be_seated(q) and allowed.allows(q.id)}
    given = set(
        SeatAnswer.objects.filter(
            assessment=assessment, user=access.user, seat=seat.id
        ).values_list("question_id", flat=True)
    )
    found = []
    for step in assessment.guide.steps:
        own = {question.id for question in step.questions} & open_ids
        if own:
            found.append(StepFromSeat(step, len(own & given), len(own)))
    return found


def people_who_may_agree(
    guide: Guide,
    rows: Iterable[SeatAnswer],
    members: Iterable[Membership],
    ticked: Collection[int],
) -> list[Person]:
    """Who answered from a seat first, then the other members."""
    found: dict[int, Person] = {}
    places = {seat.id: place for place, seat in enumerate(guide.seats)}
    for row in sorted(rows, key=lambda row: places.get(row.seat, len(places))):
        if row.user_id not in found:
            found[row.user_id] = Person(
                row.user_id, str(row.user), seat_title(guide, row.seat), row.user_id in ticked
            )
    for member in members:
        if member.user_id not in found:
            found[member.user_id] = Person(
                member.user_id, str(member.user), "", member.user_id in ticked
            )
    return list(found.values())
