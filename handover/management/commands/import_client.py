"""manage.py import_client ARCHIVE.zip: bring an archive in, all of it or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organization, User
from handover.operators import client_import
from handover.reading import ArchiveRefused
from handover.services import looked_into


class Command(BaseCommand):
    help = (
        "Bring everything of an archive in: into a new organization, or into one in which nothing "
        "was entered yet. All of it or nothing. People come as names; who accepts an invitation "
        "to the address in the archive gets back what is theirs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path, metavar="ARCHIVE.zip")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument(
            "--owner",
            metavar="EMAIL",
            help="make a new organization with this person, who has an account, as its owner",
        )
        where.add_argument("--into", metavar="SLUG", help="an organization that is empty")
        where.add_argument(
            "--preview", action="store_true", help="only tell what is in it, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["archive"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            if options["preview"]:
                self._preview(path)
                return
            owner = _account(options["owner"]) if options["owner"] else None
            into = _organization(options["into"]) if options["into"] else None
            made = client_import(path=path, owner=owner, into=into, tell=_quiet)
        except ArchiveRefused as refused:
            raise CommandError(str(refused)) from None
        except OSError as problem:
            raise CommandError(f"Nothing was changed: {problem}.") from problem
        self.stdout.write(f"{made.name}\nOrganization {made.slug}: /o/{made.slug}/")

    def _preview(self, path: Path) -> None:
        found = looked_into(path)
        self.stdout.write(f"{found['name']}, made at {found['made_at']}")
        for label, number in found["rows"].items():
            self.stdout.write(f"{number:>9,}  {label}")
        self.stdout.write(f"{found['files']:>9,}  files ({found['missing']} were no longer kept)")
        self.stdout.write(f"{found['number_of_people']:>9,}  people")


def _account(email: str) -> User:
    found = User.objects.filter(is_active=True, email__iexact=email).first()
    if found is not None:
        return found
    raise CommandError(
        f"Nobody has an account with the address {email}. They sign up first; then try again."
    )


def _organization(slug: str) -> Organization:
    found = Organization.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no organization “{slug}”.")
    return found


def _quiet(percent: int, phrase: str) -> None:
    """Nobody waits for a bar in a script."""
