"""Settings as each kind of machine gets them, read by processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.local_secret import local_secret_key

ROOT = Path(__file__).resolve().parent.parent


def manage(data_dir: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | {"WAYMARK_DATA_DIR": str(data_dir)} | environment,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def production() -> dict[str, str]:
    return {
        "WAYMARK_ENV": "production",
        "SECRET_KEY": "not a secret, but long and varied enough: 0123456789 abcdefghij KLMNOP",
        "ALLOWED_HOSTS": "waymark.example.org",
    }


def test_production_passes_the_deployment_check(tmp_path: Path, production: dict[str, str]) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **production)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "System check identified no issues (0 silenced).\n"


def test_production_does_not_start_without_a_secret_key(
    tmp_path: Path, production: dict[str, str]
) -> None:
    del production["SECRET_KEY"]

    done = manage(tmp_path, "check", **production)

    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr
    assert not (tmp_path / "secret_key").exists()


def test_production_shows_no_debug_pages(tmp_path: Path, production: dict[str, str]) -> None:
    code = "from django.conf import settings; print(settings.DEBUG, settings.WAYMARK_DEMO)"

    done = manage(
        tmp_path, "shell", "--verbosity", "0", "--command", code, DEBUG="true", **production
    )

    assert done.stdout == "False False\n"


def test_production_collects_every_static_file(tmp_path: Path, production: dict[str, str]) -> None:
    """The manifest storage stops at a style sheet that names a file which is not there."""
    done = manage(tmp_path, "collectstatic", "--no-input", "--verbosity", "0", **production)

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "static" / "staticfiles.json").exists()


def test_local_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"

    first, second = local_secret_key(path), local_secret_key(path)

    assert first == second
    assert len(first) >= 50
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret_key"]


def test_sqlite_waits_for_its_turn(tmp_path: Path) -> None:
    code = (
        "from django.db import connection as c\n"
        "ask = lambda name: c.cursor().execute(f'PRAGMA {name}').fetchone()[0]\n"
        "print(ask('journal_mode'), ask('synchronous'), ask('foreign_keys'), ask('busy_timeout'),"
        " c.transaction_mode)"
    )

    done = manage(tmp_path, "shell", "--verbosity", "0", "--command", code)

    assert done.stdout == "wal 1 1 20000 IMMEDIATE\n", done.stderr
