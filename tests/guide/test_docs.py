"""What docs/guide-format.md shows is true."""

from __future__ import annotations

import re
from pathlib import Path

from guide import archive, loading
from guide.loading import guide_warnings, read_guide
from guide.schema import FILES

PAGE = Path(__file__).parents[2] / "docs/guide-format.md"


def test_the_minimal_guide_of_the_page_loads(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n# file: (\S+)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    for name, text in blocks:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    guide, origins = read_guide(tmp_path)

    assert len(blocks) == 9
    assert (guide.id, len(guide.questions), len(guide.initiatives)) == ("minimal", 3, 2)
    # What it lacks is what the page says may be left out.
    assert [str(warning).split(": ")[1] for warning in guide_warnings(guide, origins)] == [
        "CHAL-OUTAGE",
        "others",
    ]


def test_the_page_names_every_file_and_the_limits_as_they_are() -> None:
    page = PAGE.read_text()

    assert all(f"`{place}`" in page for place, _ in FILES.values())
    for limit in (
        loading.MAX_FILE_BYTES,
        loading.MAX_ENTRIES,
        archive.MAX_ARCHIVE_BYTES,
        archive.MAX_TOTAL_BYTES,
        archive.MAX_FILES,
    ):
        assert f"{limit:,}" in page
