"""``manage.py evaluate ANSWERS.yaml``: score and plan without a database."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.domain.answers_file import AnswersFile, AnswersFileError, parse_answers
from assessments.domain.scoring import score
from guide.registry import current_guide
from roadmap.domain.constraints.reading import ConstraintsError, parse_constraints
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.evaluation import evaluation_document
from roadmap.domain.planning import plan_scored

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Score an answers file and plan from it, without touching a database. Files with "
        "mistakes get every one named with its line, and exit status 2."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("answers", type=Path, metavar="ANSWERS.yaml")
        parser.add_argument("--constraints", type=Path, metavar="FILE")
        parser.add_argument(
            "--as-of",
            type=_day,
            metavar="DATE",
            help="the day the plan is made, YYYY-MM-DD; today when not given",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object instead of words")

    def handle(
        self,
        *args: Any,
        answers: Path,
        constraints: Path | None,
        as_of: date | None,
        **options: Any,
    ) -> None:
        guide = current_guide()
        problems: list[str] = []
        given = self._read_answers(answers, problems)
        today = as_of or timezone.localdate()
        limits = self._read_constraints(constraints, problems, today)
        if problems or given is None or limits is None:
            for problem in problems:
                self.stderr.write(problem, self.style.NOTICE)
            raise SystemExit(BAD_INPUT)
        scorecard = score(guide, given.answers)
        made = plan_scored(guide, given.answers, scorecard, limits, today)
        document = evaluation_document(guide, given.answers, scorecard, made, given.organization)
        if options["json"]:
            self.stdout.write(json.dumps(document, indent=2, allow_nan=False))
        else:
            self._summarize(document)

    def _read_answers(self, path: Path, problems: list[str]) -> AnswersFile | None:
        text = _read(path, problems)
        if text is None:
            return None
        try:
            return parse_answers(text, current_guide(), str(path))
        except AnswersFileError as error:
            problems += [str(problem) for problem in error.problems]
            return None

    def _read_constraints(
        self, path: Path | None, problems: list[str], today: date
    ) -> Constraints | None:
        if path is None:
            return Constraints()
        text = _read(path, problems)
        if text is None:
            return None
        try:
            return parse_constraints(text, current_guide(), str(path), today)
        except ConstraintsError as error:
            problems += [str(problem) for problem in error.problems]
            return None

    def _summarize(self, document: dict[str, Any]) -> None:
        overall, made = document["readiness"]["overall"], document["plan"]
        said = "not assessed" if overall["score"] is None else f"{overall['score']:.0f} of 100"
        self.stdout.write(f"Readiness: {said}")
        for exposure in document["exposures"]:
            if exposure["rank"]:
                self.stdout.write(
                    f"{exposure['rank']:3d}. {exposure['id']} {exposure['score']:.0f}"
                )
        count = len(made["initiatives"])
        self.stdout.write(f"Plan: {count} initiatives, {made['start']} to {made['finish']}")
        for item in made["initiatives"]:
            dates = f"{item['start']} – {item['finish']}"
            self.stdout.write(f"{item['rank']:3d}. {item['id']:6} {dates}  {item['title']}")
        for row in made["left_out"]:
            self.stdout.write(f"Left out: {row['id']:6} {row['title']}. {row['reason']}")
        for conflict in made["conflicts"]:
            self.stdout.write(f"Not kept: {conflict['text']}")


def _read(path: Path, problems: list[str]) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        problems.append(f"{path}:1: this is not a text file in UTF-8")
    except OSError as error:
        problems.append(f"{path}: can't be read: {error.strerror}")
    return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"write the date as YYYY-MM-DD; '{text}' is not one") from None
