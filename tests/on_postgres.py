"""python -m tests.on_postgres [ARGS]: pytest on a PostgreSQL of its own.

The tests that use the database run on SQLite with all others; this runs them once more, because
the two disagree in ways that only show when a query is made.
"""

import os
import subprocess
import sys

from tests.servers import ROOT, PostgresServer

DATABASE_TESTS = ("-m", "database and not browser and not stack")


def main() -> int:
    server = PostgresServer()
    try:
        server.start()
        return subprocess.run(
            [sys.executable, "-m", "pytest", *DATABASE_TESTS, *sys.argv[1:]],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": server.url()},
        ).returncode
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
