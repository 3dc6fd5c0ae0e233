"""Moving a draft to a newer version of its guide, with every answer kept or readable elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from assessments.domain.answers import UNANSWERED
from assessments.domain.guide_migration import Migration, Parked, migrate_answers
from assessments.enums import SourceOfSuggestion, StateOfAnswer
from assessments.guides import GuideNotOffered, newer_guide
from assessments.models import (
    Answer,
    Assessment,
    Assignment,
    Comment,
    Evidence,
    SeatAnswer,
    Suggestion,
    TableUpload,
)
from assessments.queries import answer_set
from assessments.services.answers import lock_draft
from guide.differences import changed_meaning
from guide.model import Guide
from guide.registry import GuideNotFound, get_guide

Entries = dict[str, dict[str, Any]]


@transaction.atomic
def assessment_move(*, assessment: Assessment, user: User | None, version: str) -> bool:
    """Move a draft to that newer version; False when it is there already.

    Answers that the new guide can read stay and count. Where what is asked means something else
    they are marked to be read again. The others are parked with their words.

    Raises:
        GuideNotOffered: that is not the newest version of the assessment's guide.
        AssessmentClosed: the assessment is submitted.
    """
    lock_draft(assessment)
    assessment.refresh_from_db(fields=["guide_id", "guide_version", "parked"])
    if assessment.guide_version == version:
        return False
    old, new = assessment.guide, newer_guide(assessment)
    if new is None or new.version != version:
        raise GuideNotOffered(version)
    migration = migrate_answers(old, new, answer_set(assessment))
    entries = {p.question_id: p.as_json() for p in migration.parked}
    _park_traces(assessment, old, new, entries)
    _move_answers(assessment, new, migration, entries)
    _move_offers(assessment, old, new, entries)
    _offer_to_read_again(assessment, old, migration)
    _move_seats(assessment, old, new, entries)
    TableUpload.objects.filter(assessment=assessment).delete()
    assessment.parked = _beside_earlier(assessment.parked, entries, old.version)
    assessment.guide_version = new.version
    assessment.save(update_fields=["parked", "guide_version"])
    detail = {
        "guide": assessment.guide_id,
        "from": old.version,
        "to": new.version,
        "kept": len(migration.kept),
        "to_review": len(migration.to_review),
        "parked": len(migration.parked),
    }
    record(
        organization=assessment.organization,
        actor=user,
        verb="assessment.moved",
        target=assessment,
        detail=detail,
    )
    return True


def asks_otherwise(assessment: Assessment, question_id: str, version: str) -> bool:
    """Whether the question means something else than in the version that a page was made with."""
    if version in ("", assessment.guide_version) or len(version) > 20:
        return False
    try:
        before = get_guide(assessment.guide_id, version).questions.get(question_id)
    except GuideNotFound:
        return False
    now = assessment.guide.questions.get(question_id)
    return before is not None and now is not None and bool(changed_meaning(before, now))


def asks_otherwise_now() -> str:
    return _(
        "The assessment was moved to a newer guide while this page was open, and this question "
        "asks something else now. Copy what you typed if you need it, load the page anew and "
        "answer what it asks."
    )


def _park_traces(assessment: Assessment, old: Guide, new: Guide, entries: Entries) -> None:
    """An entry for each question that is gone and has anything but an answer, so that its
    evidence and comments are found beside its words.
    """
    gone = [question_id for question_id in old.questions if question_id not in new.questions]
    for model in (Comment, Evidence, SeatAnswer):
        rows = model.objects.filter(assessment=assessment, question_id__in=gone).order_by()
        for question_id in set(rows.values_list("question_id", flat=True)):
            entries.setdefault(question_id, _empty(old, question_id))
    assigned = Assignment.objects.filter(assessment=assessment, scope="question", target__in=gone)
    for question_id in assigned.order_by().values_list("target", flat=True):
        entries.setdefault(question_id, _empty(old, question_id))


def _empty(old: Guide, question_id: str) -> dict[str, Any]:
    question = old.questions[question_id]
    why = "It is no longer asked."
    return Parked(question_id, question.title, question.text, "", why, UNANSWERED).as_json()


def _move_answers(
    assessment: Assessment, new: Guide, migration: Migration, entries: Entries
) -> None:
    rows = {row.question_id: row for row in _answers(assessment)}
    changed: list[Answer] = []
    for question_id in entries:
        row = rows.get(question_id)
        if row is None:
            continue
        entries[question_id] |= {
            "by": str(row.updated_by) if row.updated_by else "",
            "at": timezone.localtime(row.updated_at).date().isoformat(),
            "confirmed_by": str(row.confirmed_by) if row.confirmed_by else "",
            "until": row.expires_on.isoformat() if row.expires_on else "",
        }
        if question_id in new.questions and question_id not in migration.kept:
            # A note still explains; what it was about is parked.
            row.state, row.value, row.reason, row.basis = StateOfAnswer.UNANSWERED, None, "", ""
            changed.append(row)
    for question_id in migration.to_review:
        row = rows[question_id]
        row.value = migration.kept[question_id].value
        changed.append(row)
    for row in changed:
        row.version += 1
        row.confirmed_by, row.confirmed_at = None, None
    fields = ("state", "value", "reason", "basis", "version", "confirmed_by", "confirmed_at")
    Answer.objects.bulk_update(changed, fields)
    gone = [row.pk for row in rows.values() if row.question_id not in new.questions]
    Answer.objects.filter(pk__in=gone).delete()


def _answers(assessment: Assessment) -> Iterable[Answer]:
    return Answer.objects.filter(assessment=assessment).select_related("updated_by", "confirmed_by")


def _move_offers(assessment: Assessment, old: Guide, new: Guide, entries: Entries) -> None:
    """What the last round offers and nobody has taken yet."""
    offers = {s.question_id: s for s in Suggestion.objects.filter(assessment=assessment)}
    answers = {question_id: offer.to_domain() for question_id, offer in offers.items()}
    migration = migrate_answers(old, new, answers)
    for question_id in migration.to_review:
        offer = offers[question_id]
        offer.words = offer.words or migration.said[question_id]
        offer.value = migration.kept[question_id].value
        offer.needs_review = True
    changed = [offers[question_id] for question_id in migration.to_review]
    Suggestion.objects.bulk_update(changed, ["words", "value", "needs_review"])
    left = [offers[question_id].pk for question_id in offers if question_id not in migration.kept]
    Suggestion.objects.filter(pk__in=left).delete()
    for parked in migration.parked:
        entries.setdefault(parked.question_id, parked.as_json() | {"was_offered": True})


def _offer_to_read_again(assessment: Assessment, old: Guide, migration: Migration) -> None:
    """Beside each answer whose question changed: what it said in the words it was given in."""
    Suggestion.objects.filter(assessment=assessment, question_id__in=migration.to_review).delete()
    Suggestion.objects.bulk_create(
        Suggestion(
            assessment=assessment,
            question_id=question_id,
            source=SourceOfSuggestion.MIGRATION,
            state=str(migration.kept[question_id].state),
            value=migration.kept[question_id].value,
            origin=old.version,
            needs_review=True,
            words=migration.said[question_id],
        )
        for question_id in migration.to_review
    )


def _move_seats(assessment: Assessment, old: Guide, new: Guide, entries: Entries) -> None:
    """Answers from seats: the same for each of them; what can't be read is parked beside."""
    seats = {seat.id: seat.title for seat in old.seats}
    changed, left = [], []
    for row in SeatAnswer.objects.filter(assessment=assessment).select_related("user"):
        answer = row.to_domain()
        moved = migrate_answers(old, new, {row.question_id: answer})
        kept = moved.kept.get(row.question_id)
        if kept is not None and kept.value != row.value:
            row.value = kept.value
            changed.append(row)
        elif kept is None:
            left.append(row.pk)
        for parked in (*moved.parked, *_reworded(old, row, moved)):
            entry = entries.setdefault(parked.question_id, _only_seats(parked))
            said = {"seat": seats.get(row.seat, row.seat), "by": str(row.user), "user": row.user_id}
            entry.setdefault("seats", []).append(parked.as_json() | said)
    SeatAnswer.objects.bulk_update(changed, ["value"])
    SeatAnswer.objects.filter(pk__in=left).delete()


def _reworded(old: Guide, row: SeatAnswer, moved: Migration) -> list[Parked]:
    """An answer that stays and now reads otherwise: nobody may take it for what was said."""
    if row.question_id not in moved.said or moved.parked:
        return []
    question = old.questions[row.question_id]
    why = "What is asked has changed. The answer stands as it now reads; ask again."
    words = moved.said[row.question_id]
    return [Parked(question.id, question.title, question.text, words, why, row.to_domain())]


def _only_seats(parked: Parked) -> dict[str, Any]:
    return replace(parked, words="", answer=UNANSWERED).as_json()


def _beside_earlier(
    stored: Mapping[str, dict[str, Any]], entries: Entries, version: str
) -> dict[str, Any]:
    """All that is parked: an entry of an earlier move stays, inside the newer one."""
    found: dict[str, Any] = dict(stored)
    for question_id, entry in entries.items():
        entry["version"] = version
        if question_id in found:
            older = dict(found[question_id])
            entry["earlier"] = [*older.pop("earlier", []), older]
        found[question_id] = entry
    return found
