"""python -m tests.on_postgres [ARGS]: pytest on a PostgreSQL of its own.

The tests that use the database run on SQLite with all others; this runs them once more, because
the two disagree in ways that only show when a query is made. Of a test with many cases, which
mostly make the same queries, it runs the first two. It runs every case of the table of all pages,
and where cases are odd texts and numbers: what one database keeps the other may refuse.
"""

import os
import signal
import subprocess
import sys
from collections import Counter

import pytest

from tests.servers import ROOT, PostgresServer, end_with_parent

DATABASE_TESTS = ("-m", "database and not browser and not stack", "-p", "tests.on_postgres")
CASES = 2
ALL_CASES = (
    "tests/test_tenancy.py",
    "tests/handover/test_bad_archives.py",
    "tests/api/test_answers_to_anything.py",
    "tests/assessments/test_answering.py",
    "tests/roadmap/test_services.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    seen: Counter[str] = Counter()
    kept, left = [], []
    for item in items:
        test = item.nodeid.partition("[")[0]
        seen[test] += 1
        is_kept = seen[test] <= CASES or test.startswith(ALL_CASES)
        (kept if is_kept else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def main() -> int:
    clean_up_when_told_to_end()
    server = PostgresServer()
    try:
        server.start()
        return run_tests(server.url())
    finally:
        server.stop()


def run_tests(url: str) -> int:
    tests = subprocess.Popen(
        [sys.executable, "-m", "pytest", *DATABASE_TESTS, *sys.argv[1:]],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        preexec_fn=end_with_parent(),
    )
    try:
        return tests.wait()
    except KeyboardInterrupt:
        tests.send_signal(signal.SIGINT)
        return tests.wait(20)


def clean_up_when_told_to_end() -> None:
    """./waymark runs this in the background and may end first, by Ctrl-C or for a failure."""

    def end(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    if prepare := end_with_parent():
        prepare()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


if __name__ == "__main__":
    sys.exit(main())
