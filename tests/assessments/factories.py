"""Boring makers of assessments for tests."""

from io import BytesIO
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import timezone

from accounts.models import Organization, User
from assessments.models import Answer, Assessment, Evidence, SeatAnswer, StoredGuide
from assessments.services import answer_save, assessment_create
from assessments.services.evidence import evidence_add_file, evidence_add_link
from assessments.services.guides import guide_upload
from guide.archive import guide_to_zip
from guide.registry import CONTENT
from tests.factories import make_member, make_organization, make_user

STARTER = CONTENT / "starter"
PROFILE = {
    "P.01": "hospital",
    "P.02": ["hipaa_covered_entity"],
    "P.04": {"it_ops": 6, "developers": 3, "integration": 1, "security": 1},
    "P.05": "we_onprem",
    "P.06": "own_applications",
    "P.08": "connects",
}


def make_assessment(
    *,
    organization: Organization | None = None,
    user: User | None = None,
    name: str = "Autumn review",
    profile: dict[str, Any] | None = None,
) -> Assessment:
    return assessment_create(
        organization=organization or make_organization(),
        user=user or make_user(),
        name=name,
        profile=PROFILE if profile is None else profile,
    )


def zipped(folder: Path, *changes: tuple[str, str, str]) -> bytes:
    """The zip of a guide's folder with texts replaced: (file, before, after)."""
    with TemporaryDirectory() as name:
        copy = Path(name) / folder.name
        copytree(folder, copy)
        for file, before, after in changes:
            text = (copy / file).read_text(encoding="utf-8")
            assert before in text, (file, before)
            (copy / file).write_text(text.replace(before, after), encoding="utf-8")
        return guide_to_zip(copy)


def upload_guide(
    organization: Organization,
    *changes: tuple[str, str, str],
    user: User | None = None,
    folder: Path = STARTER,
) -> StoredGuide:
    """The starter guide, or another, as the organization's own."""
    data = zipped(folder, *changes)
    return guide_upload(organization=organization, user=user, data=data).stored


def add_file(
    assessment: Assessment, body: bytes, name: str = "notes.txt", **changes: Any
) -> Evidence:
    given = {"question_id": "Q1.01", "user": assessment.created_by}
    return evidence_add_file(
        assessment=assessment, file=BytesIO(body), name=name, **{**given, **changes}
    )


def add_link(assessment: Assessment, question_id: str = "Q1.01", **changes: Any) -> Evidence:
    given = {"url": "https://example.org/policy", "user": assessment.created_by}
    return evidence_add_link(assessment=assessment, question_id=question_id, **{**given, **changes})


def save_answer(
    assessment: Assessment, question_id: str, value: Any = None, **changes: Any
) -> Answer:
    given = {"state": "answered", "value": value, "version": 0, "user": assessment.created_by}
    return answer_save(assessment=assessment, question_id=question_id, **{**given, **changes})


def say_from_seat(
    assessment: Assessment,
    question_id: str,
    seat: str,
    value: Any = None,
    *,
    state: str = "answered",
    note: str = "",
    user: User | None = None,
) -> SeatAnswer:
    """An answer from a seat, of a member of its own unless one is given."""
    return SeatAnswer.objects.create(
        assessment=assessment,
        question_id=question_id,
        seat=seat,
        user=user or make_member(assessment.organization).user,
        state=state,
        value=value,
        note=note,
        updated_at=timezone.now(),
    )
