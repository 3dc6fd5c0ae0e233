"""manage.py render_report ANSWERS.yaml -o FILE.pdf: the report without a database."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.domain.answers_file import AnswersFileError, parse_answers
from assessments.domain.scoring import score
from guide.registry import current_guide
from reports.frozen.freeze import freeze
from reports.frozen.snapshot import ReportSnapshot
from reports.printing.pdf import render_pdf
from roadmap.domain.constraints.reading import ConstraintsError, parse_constraints
from roadmap.domain.constraints.stated import Constraints
from roadmap.domain.document import plan_document
from roadmap.domain.forecasting.forecast import make_forecast
from roadmap.domain.hand.decisions import Decisions
from roadmap.domain.planning import finish, prepare, quick_schedule


class Command(BaseCommand):
    help = "Write the PDF report of an answers file. Touches no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("answers", type=Path, metavar="ANSWERS.yaml")
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.pdf")
        parser.add_argument("--constraints", type=Path, metavar="FILE")
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            default=None,
            metavar="YYYY-MM-DD",
            help="the day the plan starts and the report is dated (default: today)",
        )
        parser.add_argument("--organization", default="", help="the name on the cover")
        parser.add_argument(
            "--runs",
            type=int,
            default=0,
            metavar="N",
            help="simulate the plan so many times and say how sure it is (1000 take about 2 s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        snapshot = snapshot_of(
            options["answers"],
            options["constraints"],
            options["as_of"] or date.today(),
            options["organization"],
            max(0, options["runs"]),
        )
        rendered = render_pdf(snapshot)
        try:
            options["output"].write_bytes(rendered.body)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}") from None
        self.stdout.write(
            f"{options['output']}: {rendered.pages} pages, {len(rendered.body) // 1024} KB, "
            f"{time.monotonic() - started:.1f} s"
        )


def snapshot_of(
    answers_path: Path,
    constraints_path: Path | None,
    as_of: date,
    organization: str,
    runs: int = 0,
) -> ReportSnapshot:
    guide = current_guide()
    constraints = Constraints()
    try:
        given = parse_answers(read(answers_path), guide, str(answers_path))
        if constraints_path:
            text = read(constraints_path)
            constraints = parse_constraints(text, guide, str(constraints_path), as_of)
    except (AnswersFileError, ConstraintsError) as error:
        raise CommandError("\n".join(str(problem) for problem in error.problems)) from None
    scorecard = score(guide, given.answers)
    ready = prepare(guide, given.answers, None, constraints, Decisions(), as_of, scorecard)
    planned = quick_schedule(ready)
    return freeze(
        guide=guide,
        answers=given.answers,
        scorecard=scorecard,
        plan=plan_document(guide, finish(ready, planned)),
        organization=organization or given.organization or answers_path.stem,
        generated_on=as_of,
        assessed_on=None,
        language=guide.language,
        forecast=make_forecast(ready, planned, runs) if runs else None,
        constraints=constraints,
    )


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path}: this is not UTF-8 text") from None
