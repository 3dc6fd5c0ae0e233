"""The questions of a step, or of the profile, as one page shows them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from assessments.asides import Aside
from assessments.domain.answers import AnswerSet
from assessments.domain.applicability import Applicability, applicable
from assessments.forms.questions import QuestionForm
from assessments.models import Answer, Assessment
from assessments.progress import Progress, everything, part_progress
from assessments.queries import PROFILE_STEP, domain_answers
from guide.model import Guide, Question, Section, Source, Step


@dataclass(frozen=True)
class NotAsked:
    question: Question
    reason: str


@dataclass(frozen=True)
class SectionOfPage:
    section: Section
    forms: tuple[QuestionForm, ...]
    not_asked: tuple[NotAsked, ...]
    progress: Progress


@dataclass(frozen=True)
class PageOfQuestions:
    """A step's page, or the profile's (`step` is None)."""

    guide: Guide
    step: Step | None
    sections: tuple[SectionOfPage, ...]
    progress: Progress
    not_asked: tuple[NotAsked, ...] = field(default=())
    # Asked questions that are not this person's to see.
    others: int = 0

    @property
    def number(self) -> int:
        return self.step.number if self.step else 0

    @property
    def previous_number(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next_number(self) -> int | None:
        return self.number + 1 if self.number < len(self.guide.steps) else None

    @property
    def offered(self) -> int:
        """How many answers of the last round could be taken over as they are."""
        return sum(
            form.is_unanswered and not form.aside.suggestion.needs_review
            for part in self.sections
            for form in part.forms
            if form.aside.suggestion
        )

    @property
    def forms_with_errors(self) -> list[QuestionForm]:
        return [form for part in self.sections for form in part.forms if form.errors]


Typed = Callable[[Question], QueryDict | None]


def page_of_questions(
    assessment: Assessment,
    step: Step | None,
    rows: Mapping[str, Answer],
    *,
    sections: Sequence[Section] | None = None,
    allows: Callable[[str], bool] = everything,
    bound: QuestionForm | None = None,
    typed: Typed = lambda question: None,
    asides: Mapping[str, Aside] | None = None,
) -> PageOfQuestions:
    """The page with its stored answers, of the questions that `allows` lets be seen: those of the
    step (None: the profile), or of `sections`.

    `bound` stands in for its question's form, and `typed` gives what was typed into a form but
    never saved.
    """
    asides = asides or {}
    guide = assessment.guide
    answers = domain_answers(dict(rows))
    switches = applicable(guide, answers)
    if sections is None:
        sections = step.sections if step else guide.profile

    def form_of(question: Question) -> QuestionForm:
        if bound is not None and bound.question.id == question.id:
            form = bound
        else:
            data = typed(question)
            form = QuestionForm(question, rows.get(question.id), data)
            form.is_unsaved = data is not None
        form.aside = asides.get(question.id, form.aside)
        return form

    questions = [question for part in sections for question in part.questions]
    asked = sum(switches[question.id].asked for question in questions)
    shown = [question for question in questions if allows(question.id)]
    progress = part_progress(shown, answers, switches)
    parts = tuple(
        _section(part, own, form_of, answers, switches)
        for part in sections
        if (own := [question for question in part.questions if allows(question.id)])
    )
    return PageOfQuestions(
        guide=guide,
        step=step,
        sections=parts,
        progress=progress,
        not_asked=tuple(skipped for part in parts for skipped in part.not_asked),
        others=asked - progress.asked,
    )


def _section(
    section: Section,
    questions: Sequence[Question],
    form_of: Callable[[Question], QuestionForm],
    answers: AnswerSet,
    switches: Mapping[str, Applicability],
) -> SectionOfPage:
    asked = [question for question in questions if switches[question.id].asked]
    return SectionOfPage(
        section=section,
        forms=tuple(form_of(question) for question in asked),
        not_asked=tuple(
            NotAsked(question, switches[question.id].reason)
            for question in questions
            if not switches[question.id].asked
        ),
        progress=part_progress(questions, answers, switches),
    )


def step_of(guide: Guide, question: Question) -> Step | None:
    """The step a question belongs to; None for the profile."""
    return None if question.step == PROFILE_STEP else guide.step(question.step)


def sources_of(guide: Guide, question: Question) -> Sequence[Source]:
    return [guide.source(source_id) for source_id in question.sources]
