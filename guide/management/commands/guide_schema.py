"""``manage.py guide_schema [FILE_KIND]``: the JSON Schema of a guide's files."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from guide.schema import FILES, keys_as_markdown, schema_of

DOCS = Path(__file__).resolve().parents[3] / "docs"


class Command(BaseCommand):
    help = "Print the JSON Schema of one kind of file of a guide, or of all kinds by name."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", nargs="?", choices=sorted(FILES), metavar="FILE_KIND")
        parser.add_argument(
            "--write", action="store_true", help="renew docs/guide-schema and docs/guide-keys.md"
        )

    def handle(self, *args: Any, kind: str | None, write: bool, **options: Any) -> None:
        if not write:
            found = schema_of(kind) if kind else {name: schema_of(name) for name in FILES}
            self.stdout.write(as_text(found), ending="")
            return
        for path, text in documents().items():
            (DOCS / path).parent.mkdir(exist_ok=True)
            (DOCS / path).write_text(text, encoding="utf-8")
            self.stdout.write(f"docs/{path}")


def documents() -> dict[str, str]:
    """What stands under docs, by path."""
    schemas = {f"guide-schema/{kind}.json": as_text(schema_of(kind)) for kind in FILES}
    return {**schemas, "guide-keys.md": keys_as_markdown()}


def as_text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
