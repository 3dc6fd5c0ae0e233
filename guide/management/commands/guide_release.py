"""``manage.py guide_release [DIR]``: freeze a guide's version, for the assessments made with it."""

from __future__ import annotations

import gzip
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guide.compiled import dump_guide
from guide.loading import GuideError, load_guide
from guide.registry import CONTENT, DEFAULT_GUIDE, RELEASE_SUFFIX, RELEASES


class Command(BaseCommand):
    help = "Write a guide's version to guide/releases, before its files become the next version."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = CONTENT / DEFAULT_GUIDE
        parser.add_argument("folder", nargs="?", type=Path, default=default, metavar="DIR")
        parser.add_argument("--to", type=Path, default=RELEASES, metavar="DIR")

    def handle(self, *args: Any, folder: Path, to: Path, **options: Any) -> None:
        try:
            guide = load_guide(folder)
        except GuideError as error:
            raise CommandError(f"this guide has problems; see guide_check:\n{error}") from error
        path = to / f"{guide.id}-{guide.version}{RELEASE_SUFFIX}"
        if path.exists():
            raise CommandError(
                f"{path.name} is released already and never changes; give guide.yaml a new version"
            )
        # No date in the file: the same guide gives the same bytes.
        path.write_bytes(gzip.compress(dump_guide(guide).encode(), mtime=0))
        self.stdout.write(f"Released {guide.id} {guide.version} as {path.name}")
