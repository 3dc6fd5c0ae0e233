"""Two guides with every kind of mistake: each is told once, with its file and line.

In the files a mistake is marked by a comment, ``#! what the message says``, on the line that the
message must name; a comment on a line of its own is about the marked line above it.
Shapes are judged first: references between parts that can't be read would say nothing.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guide.loading import GuideError, load_guide

BROKEN = Path(__file__).parent / "broken"


def marked(folder: Path) -> list[tuple[str, int, str]]:
    found = []
    for path in sorted(folder.rglob("*.yaml")):
        line = 0
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            before, mark, message = text.partition("#! ")
            if mark:
                line = number if before.strip() else line
                found.append((path.relative_to(folder).as_posix(), line, message))
    return found


@pytest.mark.parametrize(("name", "least"), [("shape", 40), ("references", 33)])
def test_every_mistake_is_told_with_file_and_line(tmp_path: Path, name: str, least: int) -> None:
    folder = shutil.copytree(BROKEN / name, tmp_path / name)
    expected = marked(folder)
    if name == "shape":
        (folder / "initiatives/8-latin.yaml").write_bytes("initiatives:\n  [é]".encode("latin-1"))
        (folder / "initiatives/9-binary.yaml").write_bytes(b"initiatives: [\x00]")
        expected += [
            ("initiatives/8-latin.yaml", 2, "a character here is not UTF-8"),
            ("initiatives/9-binary.yaml", 1, "this is not a text file"),
        ]
    with pytest.raises(GuideError) as caught:
        load_guide(folder)
    told = list(caught.value.problems)

    assert len(expected) >= least
    for file, line, message in expected:
        hits = [p for p in told if (p.file, p.line) == (file, line) and message in p.message]
        assert len(hits) == 1, f"{file}:{line}: {message}\n{caught.value}"
        told.remove(hits[0])
    assert told == []
