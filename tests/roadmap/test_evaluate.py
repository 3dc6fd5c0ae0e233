import json
import os
import subprocess
import sys
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator

from tests.roadmap.answers import HOSPITAL

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs/evaluate-schema.json").read_text())
DEMOS = sorted((ROOT / "demo").glob("*.yaml"))


def evaluate(path, *arguments):
    out = StringIO()
    call_command("evaluate", str(path), "--as-of", "2026-11-22", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def hospital(tmp_path):
    path = tmp_path / "hospital.yaml"
    path.write_text(HOSPITAL)
    return path


def test_evaluate_prints_what_the_schema_says(hospital):
    document = evaluate(hospital)

    Draft202012Validator.check_schema(SCHEMA)
    assert [e.message for e in Draft202012Validator(SCHEMA).iter_errors(document)] == []
    assert document["organization"] == "Riverside Hospital"


@pytest.mark.parametrize("path", DEMOS, ids=lambda path: path.stem)
def test_evaluate_demo_fits_the_schema(path):
    document = evaluate(path)

    assert [e.message for e in Draft202012Validator(SCHEMA).iter_errors(document)] == []


def test_evaluate_schema_knows_every_key(hospital):
    def unknown(schema, value, path=""):
        if isinstance(value, dict) and "properties" in schema:
            for key, part in value.items():
                known = schema["properties"].get(key)
                yield from [f"{path}/{key}"] if known is None else unknown(known, part, key)
        elif isinstance(value, list):
            for part in value:
                yield from unknown(schema["items"], part, path)

    assert list(unknown(SCHEMA, evaluate(hospital))) == []


def test_evaluate_lists_initiatives_by_rank_and_exposures_by_rank(hospital):
    document = evaluate(hospital)

    ranks = [item["rank"] for item in document["plan"]["initiatives"]]
    exposures = [e["rank"] for e in document["exposures"] if e["rank"]]
    assert ranks == list(range(1, len(ranks) + 1))
    assert exposures == sorted(exposures)


def test_evaluate_same_input_gives_same_bytes(hospital):
    assert json.dumps(evaluate(hospital)) == json.dumps(evaluate(hospital))


def test_evaluate_respects_constraints(hospital, tmp_path):
    constraints = tmp_path / "c.yaml"
    constraints.write_text("start: 2027-02-01\nholidays: [2027-02-01]\nwip_limit: 1\n")

    made = evaluate(hospital, "--constraints", str(constraints))["plan"]

    assert made["start"] == "2027-02-02"
    # Work that mostly waits keeps nobody busy, so the limit does not count it.
    busy = [i for i in made["initiatives"] if i["effort_days"]["likely"] >= i["working_days"] / 5]
    intervals = sorted((i["start"], i["finish"]) for i in busy)
    assert len(intervals) > len(made["initiatives"]) / 2
    assert all(after[0] > before[1] for before, after in pairwise(intervals))


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", "evaluate", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_evaluate_touches_no_database(hospital):
    result = run(hospital, "--json", DATABASE_URL="postgres://nobody@127.0.0.1:1/none")

    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["plan"]["initiatives"]


def test_evaluate_bad_files_name_every_mistake_with_its_line(tmp_path):
    answers, constraints = tmp_path / "a.yaml", tmp_path / "c.yaml"
    answers.write_text("answers:\n  Q1.01: 7\n  Q9.99: 1\n")
    constraints.write_text("start: soon\nwip_limit: 0\n")

    result = run(answers, "--constraints", constraints, "--json")

    lines = [":".join(line.split(":")[:2]) for line in result.stderr.splitlines()]
    assert result.returncode == 2
    assert result.stdout == ""
    assert lines == [f"{answers}:2", f"{answers}:3", f"{constraints}:1", f"{constraints}:2"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None], ids=["not text", "missing"])
def test_evaluate_unreadable_file_is_said_in_one_line(tmp_path, content):
    path = tmp_path / "a.yaml"
    if content is not None:
        path.write_bytes(content)

    result = run(path, "--json")

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith(str(path))
