"""manage.py write_reports FOLDER: every document and form of two organizations, as files."""

from __future__ import annotations

import subprocess
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from shutil import which
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from accounts.models import Organization
from reports.choices import Choices
from reports.documents.sections import LAYOUTS
from reports.enums import Detail, Document, Form, PageSize
from reports.files.forms import FORMS, form_of
from reports.frozen.for_documents import freeze_for
from roadmap.models import Roadmap
from roadmap.services.roadmaps import current_roadmap

USUAL_NUMBER = 2
PNG_DOTS_PER_INCH = 60


class Command(BaseCommand):
    help = (
        "Write every document and form of organizations that have a roadmap into a folder. "
        "Stores nothing: no report, no job, no line in the history."
    )

    # What is printed needs no addresses.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--organization",
            action="append",
            default=[],
            metavar="SLUG",
            help="of whom; may be given more than once (default: the first two with a roadmap)",
        )
        parser.add_argument(
            "--form", action="append", default=[], choices=list(FORMS), help="these forms only"
        )
        parser.add_argument(
            "--document",
            action="append",
            default=[],
            choices=list(LAYOUTS),
            help="these documents only (of the forms that know several)",
        )
        parser.add_argument("--detail", default=Detail.USUAL.value, choices=Detail.values)
        parser.add_argument("--page-size", default=PageSize.A4.value, choices=PageSize.values)
        parser.add_argument("--unit", default="", help="whom the clinician's page is for")
        parser.add_argument("--png", action="store_true", help="each page of the PDFs as a picture")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["png"] and which("pdftoppm") is None:
            raise CommandError("--png needs pdftoppm: install poppler-utils.")
        for roadmap in self._roadmaps(options["organization"]):
            folder = options["folder"] / (slugify(roadmap.organization.name)[:60] or "organization")
            folder.mkdir(parents=True, exist_ok=True)
            for choices in self._choices(options):
                self._write(roadmap, choices, folder, options["png"])

    def _roadmaps(self, slugs: list[str]) -> Iterable[Roadmap]:
        organizations = Organization.objects.order_by("pk")
        if slugs:
            organizations = organizations.filter(slug__in=slugs)
        found = [r for o in organizations if (r := current_roadmap(o)) is not None]
        if not found:
            raise CommandError("No such organization has a roadmap: load the demo, or adopt one.")
        return found if slugs else found[:USUAL_NUMBER]

    def _choices(self, options: dict[str, Any]) -> Iterable[Choices]:
        for form in options["form"] or list(FORMS):
            documents = list(LAYOUTS) if form == Form.PDF else [Document.FULL.value]
            for document in documents:
                if form == Form.PDF and options["document"] and document not in options["document"]:
                    continue
                yield Choices(
                    document=document,
                    form=form,
                    detail=options["detail"],
                    page_size=options["page_size"],
                    unit=options["unit"] if document == Document.CLINICIAN else "",
                )

    def _write(self, roadmap: Roadmap, choices: Choices, folder: Path, png: bool) -> None:
        started = time.monotonic()
        form = form_of(choices.form)
        made = form.make(freeze_for(roadmap, choices), choices, lambda percent, phrase: None)
        stem = choices.document if choices.form == Form.PDF else choices.form
        path = folder / f"{stem}.{form.extension}"
        try:
            path.write_bytes(made.body)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        if png and choices.form == Form.PDF:
            _pictures(path)
        pages = f"{made.pages} pages, " if made.pages else ""
        seconds = time.monotonic() - started
        self.stdout.write(f"{path}: {pages}{len(made.body) // 1024} KB, {seconds:.1f} s")


def _pictures(path: Path) -> None:
    """Each page as a PNG beside the PDF; those of an earlier, longer one are removed."""
    for old in path.parent.glob(f"{path.stem}-*.png"):
        old.unlink()
    dots = str(PNG_DOTS_PER_INCH)
    # Fixed arguments, no shell, and the file is the one just written.
    command = ["pdftoppm", "-r", dots, "-png", str(path), str(path.with_suffix(""))]
    subprocess.run(command, check=True)
