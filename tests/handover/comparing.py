"""What an archive says, without the numbers of the place it was made in."""

import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import User
from handover.parts import CARRIED
from handover.references import changed_at, pairs_changed, renamed, renumbering

HISTORY = ("accounts.AuditEntry", "accounts.AuditSeal", "handover.EarlierEntry")


def told(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Rows by model: numbers → places in their part, people → names, files → their hash."""
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        rows = {
            name: [json.loads(line) for line in archive.read(name).splitlines()]
            for name in manifest["parts"]
            if name.endswith(".jsonl")
        }
        hashes = {
            name.rpartition("/")[2]: hashlib.sha256(archive.read(name)).hexdigest()
            for name in manifest["parts"]
            if name.startswith("files/")
        }
    people = {row["id"]: row["name"] for row in rows["people.jsonl"]}
    home = manifest["organization"]["id"]
    guides = {
        row["key"]: row["key"].replace(f"@{home}", "@")
        for row in rows["data/assessments.StoredGuide.jsonl"]
    }
    places = {
        part.label: {row["id"]: n for n, row in enumerate(rows[part.file_name])} for part in CARRIED
    }
    found = {}
    for part in CARRIED:
        if part.label in HISTORY:
            continue
        found[part.label] = [
            renamed(_plain(part, row, people, places, hashes), guides)
            for row in rows[part.file_name]
        ]
    return found


def _plain(part, row, people, places, hashes) -> dict[str, Any]:
    row = {**row, "id": places[part.label][row["id"]]}
    for field in part.fields:
        value = row[field.name]
        if field.is_relation and value is not None:
            known = (
                people if field.related_model is User else places[field.related_model._meta.label]
            )
            row[field.name] = known[value]
    for field in part.lists:
        row[field.name] = sorted(people[pk] for pk in row[field.name])
    for name in part.files:
        if isinstance(row[name], str) and row[name]:
            row[name] = hashes[row[name]]
    for path in part.people:
        row = changed_at(row, path, people.get)
    for path, target in part.rows.items():
        row = changed_at(row, path, renumbering(target, places))
    for name in part.pairs:
        row[name] = pairs_changed(row[name], part.label.partition(".")[0], places)
    return row


# Numbers that only sound like it: days of notice in a table; when a field was last said.
NO_NUMBERS_OF_ROWS = re.compile(r".*\.?value\[\]\.notice|delivery\.\w+:told\.\w+")


def unnamed_numbers(path: Path) -> set[str]:
    """Numbers in JSON under the name of a model, or of a person, whose path `parts.py` lacks.

    They would stay those of the place the archive was made in.
    """
    names = {model._meta.model_name for model in apps.get_models()} | {"person", "owner"}
    found: set[str] = set()

    def look(value: Any, at: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                name = key.removesuffix("_id")
                if type(inner) is int and (name in names or name != key):
                    found.add(f"{at}.{key}")
                look(inner, f"{at}.{key}")
        elif isinstance(value, list):
            for inner in value:
                look(inner, f"{at}[]")

    with zipfile.ZipFile(path) as archive:
        for part in CARRIED:
            columns = [f.name for f in part.fields if isinstance(f, models.JSONField)]
            for line in archive.read(part.file_name).splitlines() if columns else ():
                row = json.loads(line)
                for name in columns:
                    look(row[name], f"{part.label}:{name}")
    told_of = {f"{part.label}:{path}" for part in CARRIED for path in (*part.people, *part.rows)}
    # What a chain of hashes covers stays as it was.
    return {
        path
        for path in found - told_of
        if not path.startswith("handover.EarlierEntry") and not NO_NUMBERS_OF_ROWS.fullmatch(path)
    }
