"""``manage.py audit_verify``: show whether the record of what people did was altered."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import AuditSeal, Organization
from accounts.sealing import seal, verify


class Command(BaseCommand):
    help = (
        "Compute the chain of hashes over the history of each organization anew. Fails when an "
        "entry was altered, taken out or dated back, and names it. Whether the newest entries were "
        "cut off, or all was written anew, shows only against an export kept elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", nargs="?", help="its short name; all without it")
        parser.add_argument(
            "--against",
            type=Path,
            metavar="EXPORT.json",
            help="an exported history: its newest seal must still stand at its place",
        )
        parser.add_argument("--json", action="store_true", help="the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = _organizations(options["organization"])
        kept = _kept(options["against"])
        if kept and kept["organization"] not in {organization.slug for organization in asked}:
            raise CommandError(
                f"The export is of {kept['organization']}, which is not among what was asked for."
            )
        results, faults = [], 0
        for organization in asked:
            seal(organization.pk)
            verdict = verify(organization)
            found = [f"entry {f.entry}, seal {f.number}: {f.text}" for f in verdict.faults]
            if kept and kept["organization"] == organization.slug:
                found += _differences(organization, kept)
            faults += len(found)
            results.append(
                {
                    "organization": organization.slug,
                    "entries": verdict.sealed,
                    "number": verdict.number,
                    "digest": verdict.digest,
                    "faults": found,
                }
            )
        self._tell(results, options["json"])
        if faults:
            raise CommandError(f"{faults} fault(s): the history was altered")

    def _tell(self, results: list[dict[str, Any]], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(results, indent=2))
            return
        for result in results:
            state = "altered" if result["faults"] else "sound"
            self.stdout.write(
                f"{result['organization']}: {result['entries']} entries, {state}"
                + (f", newest seal {result['digest'][:16]}…" if result["digest"] else "")
            )
            for fault in result["faults"]:
                self.stdout.write(f"  {fault}")


def _organizations(slug: str | None) -> list[Organization]:
    if slug is None:
        return list(Organization.objects.order_by("slug"))
    found = list(Organization.objects.filter(slug=slug))
    if not found:
        raise CommandError(f"There is no organization with the short name {slug}.")
    return found


def _kept(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {
            "organization": content["organization"],
            "number": content["newest_seal"]["number"],
            "digest": content["newest_seal"]["digest"],
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} is no exported history ({error}).") from error


def _differences(organization: Organization, kept: dict[str, Any]) -> list[str]:
    stands = AuditSeal.objects.filter(organization=organization, number=kept["number"]).first()
    if stands is None:
        return [f"seal {kept['number']} of the export is gone"]
    if stands.digest != kept["digest"]:
        return [f"seal {kept['number']} is another one than in the export"]
    return []
