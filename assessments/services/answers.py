"""Saving one answer, so that nobody's newer answer is overwritten unseen."""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from datetime import date, timedelta
from enum import Enum
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.domain import answers as domain
from assessments.models import Answer, Assessment
from assessments.services.answer_history import record_answer
from guide.model import Question

LONGEST_EXPIRY = timedelta(days=3653)
NOTE_LIMIT = domain.MAX_TEXT
REASON_LIMIT = domain.MAX_REASON


class Expiry(Enum):
    """Instead of a day: whoever saves says nothing about when to ask again."""

    KEEP = "keep"


class AssessmentClosed(Exception):
    """The assessment is submitted: its answers are final."""


class AnswerInvalid(ValueError):
    """The input is no answer to the question; `messages` say what to do, one by one.

    `fields` are the ids of the fields or columns they are about, where it is known.
    """

    def __init__(self, messages: Sequence[str], fields: Collection[str] = ()) -> None:
        self.messages = list(messages)
        self.fields = frozenset(fields)
        super().__init__("; ".join(self.messages))


class StaleAnswer(Exception):
    """Someone saved another answer since this one was opened; `current` is theirs."""

    def __init__(self, current: Answer) -> None:
        self.current = current
        super().__init__(f"{current.question_id} is at version {current.version}")


def answer_save(
    *,
    assessment: Assessment,
    user: User | None,
    question_id: str,
    state: str,
    value: Any,
    reason: str = "",
    note: str = "",
    basis: str | None = None,
    expires_on: date | Expiry | None = Expiry.KEEP,
    version: int,
    rows: Mapping[str, Answer] | None = None,
) -> Answer:
    """Save one question's answer, given the `version` the person saw (0: none yet).

    From the day after `expires_on` it counts for less and returns to whoever gave it. `rows`: the
    stored answers, where the caller has just read them; it spares reading this one again.

    The same answer saved twice is fine and changes nothing. Not applicable may lack its reason
    while the assessment is a draft; it cannot be submitted so.

    Raises:
        AnswerInvalid: the input is no answer to the question.
        StaleAnswer: another answer was saved in the meantime.
        AssessmentClosed: the assessment is submitted.
    """
    question = find_question(assessment, question_id)
    given = clean_answer(question, state, value, reason, note, basis)
    try:
        with transaction.atomic():
            before = assessment.guide_version
            lock_draft(assessment)
            if assessment.guide_version != before:
                # It was moved to a newer guide in the meantime, which may take other answers.
                question = find_question(assessment, question_id)
                given = clean_answer(question, state, value, reason, note, basis)
            known = rows is not None and _may_go_by(rows.get(question.id), given, version)
            current = (
                copy(rows.get(question.id))
                if rows is not None and known
                else stored_answer(assessment, question.id)
            )
            return replace_answer(
                current, assessment, user, question.id, given, version, expires_on
            )
    except IntegrityError:
        # Someone's first answer came in between, past the lock.
        winner = stored_answer(assessment, question.id)
        if winner is None:
            raise
        raise StaleAnswer(winner) from None


def find_question(assessment: Assessment, question_id: str) -> Question:
    question = assessment.guide.questions.get(question_id)
    if question is None:
        raise AnswerInvalid([_("There is no question “%s” in this guide.") % question_id[:40]])
    return question


def clean_answer(
    question: Question, state: str, value: Any, reason: str, note: str, basis: str | None
) -> domain.Answer:
    """The answer as the domain knows it, or AnswerInvalid with everything that is wrong."""
    messages: list[str] = []
    try:
        clean_state = domain.AnswerState(state)
    except ValueError:
        raise AnswerInvalid([_("Choose one of the answers offered.")]) from None
    clean_basis = None
    if basis:
        try:
            clean_basis = domain.Basis(basis)
        except ValueError:
            messages.append(_("Choose what the answer rests on from the list."))
    reason, note = _plain(reason), _plain(note)
    messages += _length_messages(_("note"), note, NOTE_LIMIT)
    messages += _length_messages(_("reason"), reason, REASON_LIMIT)
    clean = None
    if clean_state is domain.AnswerState.ANSWERED:
        try:
            clean = domain.clean_value(question, value)
        except domain.AnswerError as error:
            messages += [in_plain_words(question, message) for message in error.messages]
    if messages:
        raise AnswerInvalid(messages)
    if clean_state is not domain.AnswerState.NOT_APPLICABLE:
        reason = ""
    return domain.Answer(clean_state, clean, reason, note, clean_basis)


def in_plain_words(question: Question, message: str) -> str:
    """A message of the domain with the field's label for its id, as a sentence."""
    for field in (*question.fields, *question.columns):
        if message.startswith(f"{field.id}: "):
            return f"{field.label}: {message.removeprefix(f'{field.id}: ')}."
    return f"{message[:1].upper()}{message[1:]}."


def fields_of(question: Question, messages: Sequence[str]) -> list[str]:
    """The fields or columns that messages of the domain begin with."""
    return [
        field.id
        for field in (*question.fields, *question.columns)
        if any(message.startswith(f"{field.id}: ") for message in messages)
    ]


def _plain(text: str) -> str:
    # A form sends line ends as two characters; the limit counts what the person typed.
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _length_messages(name: str, text: str, limit: int) -> list[str]:
    if len(text) <= limit:
        return []
    return [
        _(
            "The %(name)s has %(length)s characters and %(limit)s fit. Shorten it, or keep the "
            "long version in a document and name the document here."
        )
        % {"name": name, "length": f"{len(text):,}", "limit": f"{limit:,}"}
    ]


def lock_draft(assessment: Assessment) -> None:
    """Hold the assessment's row until the transaction ends, so that no answer slips in
    while it is being submitted or moved. (SQLite lets one writer in at a time anyway.)
    """
    known = Assessment.objects.only("pk", "status", "guide_version")
    locked = known.select_for_update().get(pk=assessment.pk)
    if locked.is_submitted:
        raise AssessmentClosed
    assessment.guide_version = locked.guide_version


def _may_go_by(known: Answer | None, given: domain.Answer, version: int) -> bool:
    """Whether what was read a moment ago, outside the lock, is enough to write by.

    The write itself asks for the version, or for there being no answer yet; only where nothing
    would be written, or a newer answer has to be shown, does the stored one have to be read.
    """
    if known is None:
        return version == 0
    return known.version == version and not known.to_domain().says_the_same_as(given)


def replace_answer(
    current: Answer | None,
    assessment: Assessment,
    user: User | None,
    question_id: str,
    given: domain.Answer,
    version: int,
    expires_on: date | Expiry | None = Expiry.KEEP,
) -> Answer:
    """The same where the stored answer was just read under the assessment's lock."""
    columns = {**_columns(given), "expires_on": _expiry(current, given, expires_on)}
    if current is None:
        made = Answer.objects.create(
            assessment=assessment,
            question_id=question_id,
            **columns,
            version=version + 1,
            updated_by=user,
            updated_at=timezone.now(),
        )
        record_answer(assessment, user, made, None, given)
        return made
    says_the_same = current.to_domain().says_the_same_as(given)
    if says_the_same and current.expires_on == columns["expires_on"]:
        return current
    if current.version != version:
        raise StaleAnswer(current)
    columns["version"] = version + 1
    if not says_the_same:
        # Another day to ask again makes nobody the giver of the answer, and whoever stood for the
        # old answer has not stood for this one.
        columns |= {"updated_by": user, "updated_at": timezone.now()}
        columns |= {"confirmed_by": None, "confirmed_at": None}
    if not Answer.objects.filter(pk=current.pk, version=version).update(**columns):
        current.refresh_from_db()
        raise StaleAnswer(current)
    if not says_the_same:
        record_answer(assessment, user, current, current.to_domain(), given)
    for name, value in columns.items():
        setattr(current, name, value)
    return current


def _expiry(
    current: Answer | None, given: domain.Answer, expires_on: date | Expiry | None
) -> date | None:
    """The day to store. One that has passed goes when the answer is given anew; it stays while
    only a note is added, or the answer would look fresh without anyone having looked at it.
    """
    stored = current.expires_on if current else None
    day = stored if isinstance(expires_on, Expiry) else expires_on
    today = timezone.localdate()
    if day is None:
        return None
    if day > today + LONGEST_EXPIRY:
        raise AnswerInvalid([_("Ask again within ten years, or leave the day out.")], ["expires"])
    if day >= today:
        return day
    if day != stored or current is None:
        raise AnswerInvalid(
            [_("The day to ask again is past. Give a later one, or leave it out.")], ["expires"]
        )
    old = current.to_domain()
    return stored if (old.state, old.value) == (given.state, given.value) else None


def stored_answer(assessment: Assessment, question_id: str) -> Answer | None:
    """The answer as it is stored, with who saved it."""
    return (
        Answer.objects.select_related("updated_by")
        .filter(assessment=assessment, question_id=question_id)
        .first()
    )


def _columns(given: domain.Answer) -> dict[str, Any]:
    return {
        "state": str(given.state),
        "value": given.value,
        "reason": given.reason,
        "note": given.note,
        "basis": str(given.basis) if given.basis else "",
    }
