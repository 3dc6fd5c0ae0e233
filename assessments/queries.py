"""Reading assessments and their answers."""

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from assessments.domain import answers as domain
from assessments.enums import SourceOfSuggestion, StateOfAnswer
from assessments.models import Answer, Assessment, Evidence, Suggestion
from guide.model import Guide, Question

# What the loader calls the step of the profile's questions.
PROFILE_STEP = "PROFILE"
# The profile's question whose options are the kinds of organizations.
KIND_QUESTION = "P.01"


def answer_rows(assessment: Assessment) -> dict[str, Answer]:
    """The stored answers by question id, with who saved them and what shows them: one query."""
    rows = (
        Answer.objects.with_evidence(timezone.localdate())
        .select_related("updated_by")
        .filter(assessment=assessment)
    )
    return {row.question_id: row for row in rows}


def domain_answers(rows: dict[str, Answer]) -> dict[str, domain.Answer]:
    return {question_id: row.to_domain() for question_id, row in rows.items()}


def answer_set(assessment: Assessment) -> dict[str, domain.Answer]:
    """The assessment's answers as the domain knows them; missing means unanswered."""
    rows = Answer.objects.with_evidence(timezone.localdate()).filter(assessment=assessment)
    return {row.question_id: row.to_domain() for row in rows}


def evidence_in_words(assessment: Assessment) -> dict[str, list[str]]:
    """Titles and addresses, or file names, of the evidence of each question."""
    found: dict[str, list[str]] = {}
    for piece in Evidence.objects.filter(assessment=assessment, removed_at=None):
        place = piece.url or piece.file_name
        found.setdefault(piece.question_id, []).append(f"{piece.title} ({place})")
    return found


def annotate_answer_count(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Add `answer_count`: the questions with an answer of any kind, the profile's included."""
    given = ~Q(answers__state=StateOfAnswer.UNANSWERED)
    return assessments.annotate(answer_count=Count("answers", filter=given))


def last_profile(organization: Organization, guide: Guide) -> dict[str, domain.Answer]:
    """The profile answers of the organization's newest assessment with this guide, in whatever
    version, to start the next one from.

    Reasons and values come along; notes and what they rest on belong to that assessment.
    """
    newest = Assessment.objects.filter(organization=organization, guide_id=guide.id).first()
    if newest is None:
        return {}
    known = {question.id: question for question in guide.profile_questions}
    found = {}
    for row in newest.answers.filter(question_id__in=known):
        answer = row.to_domain()
        if answer.state is not domain.AnswerState.ANSWERED:
            found[row.question_id] = domain.Answer(answer.state, reason=answer.reason)
            continue
        try:
            value = domain.clean_value(known[row.question_id], answer.value)
        except domain.AnswerError:
            continue  # the question changed since; ask anew
        found[row.question_id] = domain.Answer(answer.state, value)
    return found


def profile_start(organization: Organization, guide: Guide) -> dict[str, domain.Answer]:
    """What is known of a profile before any assessment: the kind given with the organization."""
    kind = guide.questions.get(KIND_QUESTION)
    if kind is None or all(option.id != organization.kind for option in kind.options):
        return {}
    return {kind.id: domain.Answer(domain.AnswerState.ANSWERED, organization.kind)}


def last_place(rows: dict[str, Answer], user: User) -> Answer | None:
    """The answer of a step this person saved last: where they left off.

    The profile does not count: it is filled in before the first step is opened.
    """
    own = [
        row
        for row in rows.values()
        if row.updated_by_id == user.pk and not row.question_id.startswith("P.")
    ]
    return max(own, key=lambda row: row.updated_at, default=None)


def question_anchor(question_id: str) -> str:
    """The id of a question's element in its page (dots would need escaping in CSS)."""
    return question_id.replace(".", "-")


def proposed_questions(
    assessment: Assessment, slug: str, answered: Collection[str]
) -> list[tuple[Question, str]]:
    """What finished work and measured values propose and nobody has answered yet, with the way to
    each question, in the order of the guide: one query.
    """
    offered = Suggestion.objects.filter(
        assessment=assessment,
        source__in=[SourceOfSuggestion.FINISHED_WORK, SourceOfSuggestion.MEASURED],
    )
    ids = set(offered.values_list("question_id", flat=True)) - set(answered)
    questions = [question for id, question in assessment.guide.questions.items() if id in ids]
    return [(question, question_url(assessment, question, slug)) for question in questions]


def question_url(assessment: Assessment, question: Question, slug: str) -> str:
    """Where a question is answered: its step's page, or the profile's, at the question."""
    if question.step == PROFILE_STEP:
        path = reverse("assessments:profile", args=[slug, assessment.pk])
    else:
        number = assessment.guide.step(question.step).number
        path = reverse("assessments:step", args=[slug, assessment.pk, number])
    return f"{path}#{question_anchor(question.id)}"
