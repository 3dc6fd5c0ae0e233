"""What the page of disagreements and the agenda of the meeting say: three queries for all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.answer_text import answer_lines
from assessments.domain.answers import AnswerState
from assessments.domain.applicability import asked_questions
from assessments.domain.divergence import Difference, Disagreement, Divergence, Voice, rank
from assessments.models import Assessment, SeatAnswer
from assessments.pages.questionnaire import step_of
from assessments.pages.room.seats import (
    Said,
    Settled,
    is_readable,
    newest_settlements,
    said_by,
    seat_title,
    strip_of,
    voice_of,
)
from assessments.pictures.seat_strip import Strip
from assessments.queries import answer_rows, domain_answers
from guide.model import Guide, Question, Step

# As much as fits into a meeting people come to, unless all is asked for.
MEETING_MINUTES = 60


@dataclass(frozen=True)
class Rung:
    """One level of a question, and who answered it."""

    text: str
    people: Sequence[str]


def _level_of(voice: Voice) -> int | None:
    answered = voice.answer.state is AnswerState.ANSWERED
    return int(voice.answer.value) if answered else None


@dataclass(frozen=True)
class Item:
    """One disagreement in words."""

    guide: Guide
    found: Disagreement
    place: int
    # Settled once, but something changed since; what is settled and stands is no item.
    settled: Settled | None

    @property
    def question(self) -> Question:
        return self.found.question

    @property
    def step(self) -> Step | None:
        return step_of(self.guide, self.question)

    @property
    def said(self) -> list[Said]:
        return said_by(self.guide, self.question, self.found.voices)

    @property
    def ladder(self) -> list[Rung]:
        """The levels, each with who stands on it; empty for other kinds of questions."""
        return [
            Rung(text, [self._who(v) for v in self.found.voices if _level_of(v) == level])
            for level, text in enumerate(self.question.levels)
        ]

    @property
    def off_the_ladder(self) -> list[str]:
        """Who gave no level, and what they said instead."""
        return [
            f"{self._who(voice)}: {' '.join(answer_lines(self.question, voice.answer))}"
            for voice in self.found.voices
            if self.question.levels and _level_of(voice) is None
        ]

    @property
    def notes(self) -> list[Said]:
        return [one for one in self.said if one.note]

    def _who(self, voice: Voice) -> str:
        return f"{voice.person} ({seat_title(self.guide, voice.seat)})"

    @property
    def strip(self) -> Strip | None:
        return strip_of(self.guide, self.question, self.found.voices)

    @property
    def reasons(self) -> list[str]:
        return reasons_for(self.question, self.found.divergence)

    @property
    def seats(self) -> list[str]:
        """The seats that should be in the room."""
        return list(dict.fromkeys(seat_title(self.guide, v.seat) for v in self.found.voices))

    @property
    def headline(self) -> str:
        spread = self.found.divergence.spread
        if spread:
            return ngettext("%s level apart", "%s levels apart", spread) % spread
        differences = self.found.divergence.differences
        if Difference.OPTIONS in differences:
            return _("Different options")
        if Difference.NUMBERS in differences:
            return _("Different numbers")
        if Difference.NOT_APPLICABLE in differences:
            return _("Does not apply, says one")
        return _("Not known to everyone")


@dataclass(frozen=True)
class AgendaItem:
    """An item with when it is over, in minutes from the start."""

    item: Item
    until: int


@dataclass(frozen=True)
class DivergencePage:
    guide: Guide
    items: Sequence[Item]
    settled: Sequence[tuple[Question, Settled]]
    alike: Sequence[Question]
    from_one_seat: Sequence[Question]
    silent_seats: Sequence[str]
    people: Sequence[str]
    answers: int

    @cached_property
    def minutes(self) -> int:
        return sum(item.found.minutes for item in self.items)

    def agenda(self, minutes: int | None) -> list[AgendaItem]:
        """The largest differences that fit into the minutes; at least one, all with None."""
        until, found = 0, []
        for item in self.items:
            until += item.found.minutes
            if found and minutes is not None and until > minutes:
                break
            found.append(AgendaItem(item, until))
        return found


def divergence_page(assessment: Assessment, step: Step | None = None) -> DivergencePage:
    """The page for all steps, or for one of them."""
    guide = assessment.guide
    answers = answer_rows(assessment)
    rows = SeatAnswer.objects.filter(assessment=assessment).select_related("user")
    asked = {
        question.id: question
        for question in asked_questions(guide, domain_answers(answers))
        if step is None or question.step == step.id
    }
    heard: dict[str, list[SeatAnswer]] = {}
    for row in rows:
        if row.question_id in asked and is_readable(asked[row.question_id], row):
            heard.setdefault(row.question_id, []).append(row)
    settlements = newest_settlements(assessment)
    voices = {question_id: [voice_of(row) for row in said] for question_id, said in heard.items()}
    done = [q for q in asked if q in settlements and _stands(settlements[q], heard.get(q, ()))]
    ranked = rank(guide, {key: said for key, said in voices.items() if key not in done})
    open_ids = {found.question.id for found in ranked}
    quiet = [asked[q] for q in asked if q in heard and q not in open_ids and q not in done]
    return DivergencePage(
        guide=guide,
        items=[
            Item(guide, found, place, settlements.get(found.question.id))
            for place, found in enumerate(ranked, start=1)
        ],
        settled=[(asked[q], settlements[q]) for q in done],
        alike=[q for q in quiet if len(heard[q.id]) > 1],
        from_one_seat=[q for q in quiet if len(heard[q.id]) == 1],
        silent_seats=_silent(guide, voices.values()),
        people=_people(guide, ranked),
        answers=sum(len(said) for said in heard.values()),
    )


def _stands(settled: Settled, heard: Iterable[SeatAnswer]) -> bool:
    """Whether the answer is still the settled one and nobody answered from a seat since."""
    return settled.is_current and all(row.updated_at <= settled.row.created_at for row in heard)


def _silent(guide: Guide, voices: Iterable[Sequence[Voice]]) -> list[str]:
    spoken = {voice.seat for said in voices for voice in said}
    return [seat.title for seat in guide.seats if seat.id not in spoken]


def _people(guide: Guide, ranked: Iterable[Disagreement]) -> list[str]:
    """Who answered the questions to be settled, by seat."""
    places = {seat.id: number for number, seat in enumerate(guide.seats)}
    found = {(voice.seat, voice.person) for item in ranked for voice in item.voices}
    ordered = sorted(found, key=lambda pair: (places.get(pair[0], len(places)), pair[1]))
    return [f"{person} ({seat_title(guide, seat)})" for seat, person in ordered]


def reasons_for(question: Question, apart: Divergence) -> list[str]:
    """Why this difference is worth talking about."""
    found = []
    if apart.spread and apart.spread >= 2:
        found.append(
            _(
                "So far apart, people either look at different systems or read the levels "
                "differently."
            )
        )
    if Difference.UNKNOWN in apart.differences:
        found.append(
            _(
                "Someone gives an answer that someone else does not know of: either it is not "
                "practised everywhere, or not everyone has heard of it."
            )
        )
    if Difference.NOT_APPLICABLE in apart.differences:
        found.append(
            _("Someone says it does not apply here: agree first on what the question covers.")
        )
    if question.safety:
        found.append(_("A low answer means that patients or their data are at risk now."))
    if question.cap:
        found.append(_("At level 0 or 1 this question holds the whole step’s band down."))
    return found
