"""``manage.py guide_check [DIR]``: judge a guide's folder."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guide.loading import GuideError, guide_warnings, read_guide
from guide.model import Guide
from guide.registry import CONTENT, DEFAULT_GUIDE


class Command(BaseCommand):
    help = (
        "Check a guide: every problem with file, line and what to do, or what it holds and what "
        "looks like a slip."
    )
    # The shipped guide may be the broken one: this command must still say why.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = CONTENT / DEFAULT_GUIDE
        parser.add_argument("folder", nargs="?", type=Path, default=default, metavar="DIR")
        parser.add_argument("--strict", action="store_true", help="fail on warnings too")

    def handle(self, *args: Any, folder: Path, strict: bool, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder; give the folder that holds guide.yaml")
        try:
            guide, origins = read_guide(folder)
        except GuideError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{len(error.problems)} problem(s) found") from error
        warnings = guide_warnings(guide, origins)
        for warning in warnings:
            self.stdout.write(f"warning: {warning}")
        found = f"{len(warnings)} warning(s)" if warnings else "no warning"
        self.stdout.write(f"Guide {guide.id} {guide.version}: no problem found, {found}")
        for name, count in counts(guide).items():
            self.stdout.write(f"  {count:4d} {name}")
        if warnings and strict:
            raise CommandError(f"{len(warnings)} warning(s) found")


def counts(guide: Guide) -> dict[str, int]:
    """How much of everything a guide holds."""
    questions = guide.questions.values()
    return {
        "profile questions": len(guide.profile_questions),
        "questions in steps": sum(len(step.questions) for step in guide.steps),
        "of them tables": sum(question.kind == "table" for question in questions),
        "of them caps": sum(question.cap for question in questions),
        "challenges": len(guide.challenges),
        "initiatives": len(guide.initiatives),
        "gates": len(guide.gates),
        "controls": len(guide.controls),
        "concepts": len(guide.concepts),
        "sources": len(guide.sources),
        "contradictions": len(guide.contradictions),
        "target profiles": len(guide.targets),
        "quick-scan questions": len(guide.quick_scan),
    }
