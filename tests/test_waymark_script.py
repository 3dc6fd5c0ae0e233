"""The one door, opened for real."""

import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.servers import ROOT, Process, free_port

SCRIPT = str(ROOT / "waymark")


def processes_with(value: str) -> list[int]:
    """Every process of this machine that has `value` in its environment."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if value.encode() in environment.read_bytes():
                found.append(int(environment.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.stack
def test_run_serves_the_first_page_and_leaves_nothing_behind(tmp_path: Path) -> None:
    port = free_port()
    began = time.monotonic()
    run = Process(
        [SCRIPT, "run"],
        log=tmp_path / "run.log",
        cwd="/",
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "WAYMARK_DATA_DIR": str(tmp_path / "data"),
            "PORT": str(port),
        },
    )
    try:
        run.wait_until(lambda: "Stop: Ctrl-C" in run.output(), seconds=120)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
            assert page.status == 200
        print(f"first page after {time.monotonic() - began:.1f} s")
        assert f"http://127.0.0.1:{port}/" in run.output()
        assert re.search(r"Demo logins .*\n +owner@", run.output())
        assert len(processes_with(str(tmp_path / "data"))) >= 5

        os.kill(run.pid, signal.SIGINT)

        assert run.popen.wait(60) == 0
        assert processes_with(str(tmp_path / "data")) == []
    finally:
        run.stop()


def test_script_explains_itself_when_it_does_not_understand() -> None:
    done = subprocess.run([SCRIPT, "fly"], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (2, "")
    assert "./waymark run" in done.stderr


def test_manage_keeps_the_answer_clean_and_the_folder_one_is_in(tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text("print('hello')")

    done = subprocess.run(
        [
            SCRIPT,
            "manage",
            "shell",
            "--verbosity",
            "0",
            "--command",
            "exec(open('hello.py').read())",
        ],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "WAYMARK_DATA_DIR": "data"},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (0, "hello\n"), done.stderr
    assert (tmp_path / "data").is_dir()
