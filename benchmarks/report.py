"""How long the PDF report of each demo organization takes, and how large it gets.

    ./waymark bench report [NAME…]

Each report is made in a process of its own, as the first job of a worker is: the import of
WeasyPrint counts. Seconds of the processor are the figure to compare; those of the clock depend
on what else the machine does.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("per-1", "per-4")


def main(names: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            measure(name, Path(folder))


def measure(name: str, folder: Path) -> None:
    target = folder / f"{name}.pdf"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(
        [
            *(sys.executable, "manage.py", "render_report", f"demo/{name}.yaml"),
            *("-o", str(target), "--as-of", "2026-11-23"),
        ],
        cwd=ROOT,
        env=os.environ | {"WAYMARK_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    pages = done.stdout.split(": ")[-1].strip()
    print(
        f"{name}: {used:.1f} s of processor, {time.monotonic() - began:.1f} s of clock, "
        f"{after.ru_maxrss // 1024} MB at most; {pages}"
    )


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or NAMES)
