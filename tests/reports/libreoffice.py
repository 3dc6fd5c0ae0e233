"""Opens our Office files as LibreOffice does, without a window: all of them in one go."""

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path

SECONDS = 180
_VALUE = re.compile(rb"(<c [^>]*>)(<f>[^<]*</f>)<v>[^<]*</v>")


def convert(folder: Path, files: Iterable[Path], kind: str) -> None:
    """Write each file into the folder as another kind (`pdf`, `xlsx`).

    With a profile of its own, so that tests at the same time do not wait for each other.
    """
    program = shutil.which("soffice")
    assert program, "LibreOffice is missing: ./waymark test names its packages"
    profile = folder / "profile"
    environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp", "HOME": str(folder)}
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", kind, "--outdir", str(folder), *map(str, files)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    for file in files:
        made = folder / f"{file.stem}.{kind}"
        assert made.exists(), f"{file.name} was not opened: {done.stderr}"


def without_values(workbook: bytes) -> bytes:
    """A workbook whose formulas have no result yet: whoever shows one has worked it out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/"):
                part = _VALUE.sub(rb"\g<1>\g<2>", part).replace(b' t="str"', b"")
            target.writestr(name, part)
    return out.getvalue()
