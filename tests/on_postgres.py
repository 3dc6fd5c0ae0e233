"""python -m tests.on_postgres [ARGS]: pytest on a PostgreSQL of its own.

The tests that use the database run on SQLite with all others; this runs them once more, because
the two disagree in ways that only show when a query is made.
"""

import os
import signal
import subprocess
import sys

from tests.servers import ROOT, PostgresServer, end_with_parent

DATABASE_TESTS = ("-m", "database and not browser and not stack")


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
