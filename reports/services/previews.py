"""Pictures of a report's pages while somebody chooses: made by the worker, kept for a day."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.enums import OPEN_STATES
from jobs.models import Job
from jobs.services import job_cancel, job_request
from reports.brands import brand_for
from reports.choices import Choices
from reports.files.forms import form_of
from reports.frozen.for_documents import freeze_for
from roadmap.models import Roadmap

PREVIEW_JOB = "reports.preview"
KEPT_SECONDS = 24 * 3600
MOST_PAGES = 80
TOTAL = "pages.txt"
# Pixels a point: an A4 page is 714 pixels wide.
SCALE = 1.2


@transaction.atomic
def preview_request(*, roadmap: Roadmap, user: User, choices: Choices) -> Job:
    """Ask for pictures of these choices; what the person asked for before is given up.

    The very same choices while they are made lead to the job under way.
    """
    chosen = choices.to_json()
    rows = Job.objects.filter(
        organization=roadmap.organization_id,
        kind=PREVIEW_JOB,
        requested_by=user,
        state__in=OPEN_STATES,
    )
    for job in rows.filter(payload__roadmap=roadmap.pk):
        if job.payload.get("choices") == chosen:
            return job
        job_cancel(job=job)
    return job_request(
        organization=roadmap.organization,
        user=user,
        kind=PREVIEW_JOB,
        payload={"roadmap": roadmap.pk, "choices": chosen},
    )


def preview_make(
    *,
    roadmap: Roadmap,
    user: User | None,
    choices: Choices,
    job_id: int,
    tell: Callable[[int, str], None],
) -> None:
    """Lay the report out and draw its pages into the folder of the job. Slow, repeatable."""
    # In the look the report will have: a consultancy sees its own, as in `report_request`.
    look = brand_for(roadmap.organization, user)
    snapshot = replace(freeze_for(roadmap, choices), brand=look)
    made = form_of(choices.form).make(snapshot, choices, tell)
    _draw(made.body, folder_of(job_id), tell)


def page_path(folder: Path, number: int) -> Path:
    return folder / f"{number:04}.png"


def pages_made(job_id: int) -> int:
    folder = folder_of(job_id)
    return sum(1 for path in folder.glob("*.png")) if folder.is_dir() else 0


def pages_in_all(job_id: int) -> int:
    """Of the whole report, of which no more than `MOST_PAGES` are drawn; 0 while it isn't known."""
    try:
        return int((folder_of(job_id) / TOTAL).read_text())
    except (OSError, ValueError):
        return 0


def folder_of(job_id: int) -> Path:
    return Path(settings.FILES_DIR) / "previews" / str(job_id)


def previews_sweep(now: float | None = None) -> int:
    """Remove pictures older than a day; how many folders went."""
    now = time.time() if now is None else now
    root = Path(settings.FILES_DIR) / "previews"
    gone = 0
    for folder in root.iterdir() if root.is_dir() else ():
        if now - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _draw(pdf: bytes, folder: Path, tell: Callable[[int, str], None]) -> None:
    import pypdfium2

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    document: Any = pypdfium2.PdfDocument(pdf)
    try:
        (folder / TOTAL).write_text(str(len(document)))
        pages = min(len(document), MOST_PAGES)
        for number in range(1, pages + 1):
            tell(90 + round(9 * number / pages), _("Drawing the pages…"))
            picture = document[number - 1].render(scale=SCALE).to_pil()
            unfinished = folder / f"{number:04}.part"
            picture.convert("P", palette=1, colors=64).save(unfinished, format="PNG")
            unfinished.replace(page_path(folder, number))
    finally:
        document.close()
