"""What the full roadmap of 95 initiatives costs a worker, beside bare WeasyPrint on the same HTML.

    ./waymark bench reports [--json] [--rounds N]

Each figure is of a process of its own, as a worker is: its first report (the import of WeasyPrint,
fonts and style sheets count) and the ones after. Processor time and the largest memory of that
process; seconds of the clock only for two workers against one, which the machine's other work
spoils. The bare run gets the finished HTML and the same style sheets, fonts and variant, and does
without templates, attached plan and mended structure.

Fails when a report takes more than 6 s of processor or 300 MB, more than 1.10 of the bare run, or
when two workers together make less than 1.7 times what one makes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

MOST_SECONDS, MOST_MEGABYTES, MOST_RATIO, LEAST_SPEEDUP = 6.0, 300, 1.10, 1.7
LEAST_PAGES = 40
DAY = date(2026, 11, 23)
RUNS = 300
EACH = 3
"""Reports of each worker in the comparison of one with two."""


# In processes of their own


def prepare(folder: Path) -> dict[str, Any]:
    """The frozen plan, and its HTML for the bare run."""
    from assessments.domain.answers_file import parse_answers
    from assessments.domain.scoring import score
    from benchmarks.forecast import CONSTRAINTS, INITIATIVES, ROOT, a_plan
    from guide.registry import current_guide
    from reports.frozen.freeze import freeze
    from reports.frozen.snapshot import to_json
    from reports.printing.pdf import render_html
    from roadmap.domain.document import plan_document
    from roadmap.domain.forecasting.forecast import make_forecast
    from roadmap.domain.planning import finish
    from roadmap.domain.scheduling import schedule

    guide = current_guide()
    answers = parse_answers((ROOT / "demo" / "per-4.yaml").read_text(), guide, "per-4.yaml").answers
    prepared = a_plan()
    planned = schedule(prepared.problem)
    snapshot = freeze(
        guide=guide,
        answers=answers,
        scorecard=score(guide, answers),
        plan=plan_document(guide, finish(prepared, planned)),
        organization="Cedar Ridge Critical Access Hospital",
        generated_on=DAY,
        assessed_on=DAY,
        language=guide.language,
        forecast=make_forecast(prepared, planned, RUNS),
        constraints=CONSTRAINTS,
    )
    (folder / "snapshot.json").write_text(json.dumps(to_json(snapshot)))
    (folder / "report.html").write_text(render_html(snapshot))
    return {"initiatives": INITIATIVES}


def ours(folder: Path, count: int) -> dict[str, Any]:
    from reports.choices import Choices
    from reports.frozen.snapshot import from_json
    from reports.printing.pdf import make

    data = json.loads((folder / "snapshot.json").read_text())
    return _measured(lambda: make(from_json(data), Choices(), lambda percent, phrase: None), count)


def bare(folder: Path, count: int) -> dict[str, Any]:
    html = (folder / "report.html").read_text()

    def write() -> Any:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration

        from reports.printing import own_files, pdf, scripts

        fonts, fetcher = FontConfiguration(), pdf._fetcher(own_files.OwnFiles())
        names = ("fonts", *(f"fonts-{name}" for name in scripts.scripts_of(html)), "report")
        urls = [f"waymark:print/{name}.css" for name in names]
        sheets = [CSS(url=url, url_fetcher=fetcher, font_config=fonts) for url in urls]
        HTML(string=html, url_fetcher=fetcher).write_pdf(
            font_config=fonts, stylesheets=sheets, pdf_variant="pdf/a-3a"
        )

    return _measured(write, count)


def _measured(make: Any, count: int) -> dict[str, Any]:
    seconds, clock, pages = [], time.monotonic(), None
    for _number in range(count):
        began = time.process_time()
        made = make()
        seconds.append(round(time.process_time() - began, 2))
        pages = getattr(made, "pages", pages)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    clock = round(time.monotonic() - clock, 2)
    return {"seconds": seconds, "megabytes": megabytes, "pages": pages, "clock": clock}


# The comparison


def started(part: str, folder: Path, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, __file__, "--part", part, "--folder", str(folder), "--count", str(count)],
        cwd=ROOT,
        env=os.environ | {"WAYMARK_DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )


def result_of(process: subprocess.Popen[str]) -> dict[str, Any]:
    said, _errors = process.communicate()
    if process.returncode:
        raise SystemExit("A part of the benchmark failed; what it said stands above.")
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def measure(folder: Path, rounds: int) -> dict[str, Any]:
    figures = result_of(started("prepare", folder, 1))
    made: dict[str, list[dict[str, Any]]] = {"ours": [], "bare": []}
    for _round in range(rounds):
        # By turns, so that a busy minute of the machine meets both.
        for part, found in made.items():
            found.append(result_of(started(part, folder, 2)))
    alone = result_of(started("ours", folder, EACH))
    both = [result_of(one) for one in [started("ours", folder, EACH) for _worker in range(2)]]
    for part, found in made.items():
        figures[f"{part}_first_s"] = median(one["seconds"][0] for one in found)
        figures[f"{part}_later_s"] = median(one["seconds"][1] for one in found)
        figures[f"{part}_mb"] = max(one["megabytes"] for one in found)
    return figures | {
        "pages": made["ours"][0]["pages"],
        "ratio_first": round(figures["ours_first_s"] / figures["bare_first_s"], 3),
        "ratio_later": round(figures["ours_later_s"] / figures["bare_later_s"], 3),
        "one_worker_clock_s": alone["clock"],
        "two_workers_clock_s": max(one["clock"] for one in both),
        "speedup": round(2 * alone["clock"] / max(one["clock"] for one in both), 2),
        "load_average": os.getloadavg()[0],
        "processors": os.cpu_count(),
    }


def faults(found: dict[str, Any]) -> list[str]:
    checks = {
        f"fewer than {LEAST_PAGES} pages": found["pages"] < LEAST_PAGES,
        f"more than {MOST_SECONDS} s of processor": found["ours_first_s"] > MOST_SECONDS,
        f"more than {MOST_MEGABYTES} MB": found["ours_mb"] > MOST_MEGABYTES,
        f"more than {MOST_RATIO} of bare WeasyPrint": (
            max(found["ratio_first"], found["ratio_later"]) > MOST_RATIO
        ),
        f"two workers make less than {LEAST_SPEEDUP} of one": found["speedup"] < LEAST_SPEEDUP,
    }
    return [words for words, is_fault in checks.items() if is_fault]


def in_words(found: dict[str, Any]) -> str:
    return (
        "full roadmap, {initiatives} initiatives, {pages} pages\n"
        "  first of a process   {ours_first_s:5.2f} s of processor; "
        "bare WeasyPrint {bare_first_s:5.2f} s: {ratio_first:.2f}\n"
        "  the next             {ours_later_s:5.2f} s of processor; "
        "bare WeasyPrint {bare_later_s:5.2f} s: {ratio_later:.2f}\n"
        "  largest memory       {ours_mb} MB; bare WeasyPrint {bare_mb} MB\n"
        "  two workers          {speedup:.2f} times what one makes "
        "(clock; {processors} processors, load {load_average:.1f})"
    ).format(**found)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true")
    options.add_argument("--rounds", type=int, default=3)
    for name in ("--part", "--folder", "--count"):
        options.add_argument(name, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.part:
        import django

        django.setup()
        parts: dict[str, Any] = {"ours": ours, "bare": bare}
        folder = Path(chosen.folder)
        done = parts[chosen.part](folder, int(chosen.count)) if chosen.part in parts else None
        print(json.dumps(done or prepare(folder)))
        return 0
    with tempfile.TemporaryDirectory() as name:
        found = measure(Path(name), chosen.rounds)
    wrong = faults(found)
    print(json.dumps(found | {"faults": wrong}, indent=2) if chosen.json else in_words(found))
    for words in () if chosen.json else wrong:
        print(f"  TOO MUCH: {words}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
