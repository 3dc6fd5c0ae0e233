"""A guide as a zip: read from what people upload, written for them to begin with.

What is uploaded is hostile until it has been read: nothing outside a folder of its own is touched,
and sizes are limited before, and again while, anything is unpacked.
"""

from __future__ import annotations

import io
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from guide.loading import MAX_FILE_BYTES, GuideError, guide_warnings, read_guide
from guide.model import Guide
from guide.yamlfile import Problem

MAX_ARCHIVE_BYTES = 5_000_000
MAX_TOTAL_BYTES = 8_000_000
MAX_FILES = 300
MAX_NAME = 120
# Texts shrink to a fifth or a tenth; a file that shrinks to a hundredth holds nothing to read.
MAX_RATIO = 100
RATIO_MATTERS_FROM = 100_000
SUFFIXES = (".yaml", ".md", ".txt")
# What systems put into zips on their own; never read.
_LITTER = re.compile(r"(^|/)(__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)$")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]*(/[A-Za-z0-9][A-Za-z0-9_. -]*)*")
_KINDS = (0, stat.S_IFREG, stat.S_IFDIR)
ARCHIVE = "the zip file"
_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def guide_from_zip(data: bytes) -> Guide:
    """The guide in a zip: its files, or one folder that holds them.

    Raises:
        GuideError: with every problem found, of the zip or of the files in it, as `load_guide`.
    """
    return read_guide_zip(data)[0]


def read_guide_zip(data: bytes) -> tuple[Guide, list[Problem]]:
    """The guide in a zip and what looks like a slip in it.

    Raises:
        GuideError: as `guide_from_zip`.
    """
    files = _unpack(data)
    with tempfile.TemporaryDirectory(prefix="guide-") as name:
        folder = Path(name)
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        guide, origins = read_guide(folder)
        return guide, guide_warnings(guide, origins)


def guide_to_zip(folder: Path) -> bytes:
    """A guide's folder as a zip; the same files give the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in SUFFIXES:
                name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return written.getvalue()


def _unpack(data: bytes) -> Mapping[str, bytes]:
    """The guide's files by name, without the folder around them."""
    if len(data) > MAX_ARCHIVE_BYTES:
        raise _refused(f"it is larger than {MAX_ARCHIVE_BYTES:,} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [e for e in archive.infolist() if not _LITTER.search(e.filename)]
            problems = list(_problems(entries))
            if problems:
                raise GuideError(problems)
            return _without_folder(_read(archive, entries))
    except _UNREADABLE as error:
        raise _refused(f"it can't be read: {error}; make a new zip of the folder") from error


def _refused(message: str) -> GuideError:
    return GuideError([Problem(ARCHIVE, 1, message)])


def _problems(entries: list[zipfile.ZipInfo]) -> Iterable[Problem]:
    """What is wrong with the zip, by what it says of itself."""
    if len(entries) > MAX_FILES:
        yield Problem(ARCHIVE, 1, f"it holds more than {MAX_FILES} files; a guide needs fewer")
        return
    if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        message = f"its files have more than {MAX_TOTAL_BYTES:,} bytes together"
        yield Problem(ARCHIVE, 1, message)
    seen: set[str] = set()
    folders = {str(parent) for entry in entries for parent in PurePosixPath(entry.filename).parents}
    for entry in entries:
        message = _fault(entry)
        if not _is_folder(entry) and entry.filename in folders:
            message = message or "the zip holds a folder of this name too; keep one"
        if entry.filename.casefold() in seen:
            message = message or "the zip holds two files of this name; keep one"
        seen.add(entry.filename.casefold())
        if message:
            yield Problem(_shown(entry.filename), 1, message)


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    # `ZipInfo.is_dir` fails on a name of no characters.
    return entry.filename.endswith("/")


def _fault(entry: zipfile.ZipInfo) -> str:
    name = entry.filename.removesuffix("/")
    if len(name) > MAX_NAME:
        return f"shorten the name to {MAX_NAME} characters"
    if not _NAME.fullmatch(name):
        return "name files and folders with plain letters, digits, '-', '_' and '.' only"
    if stat.S_IFMT(entry.external_attr >> 16) not in _KINDS:
        return "it is a link or a device; put the file itself into the zip"
    if entry.flag_bits & 1:
        return "it is encrypted; make a zip without a password"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "it is packed in an unusual way; make an ordinary zip of the folder"
    if _is_folder(entry):
        return ""
    if not name.endswith(SUFFIXES):
        return f"a guide is made of {', '.join(SUFFIXES)} files; take this one out"
    if entry.file_size > MAX_FILE_BYTES:
        return f"it is larger than {MAX_FILE_BYTES:,} bytes; split it"
    packed = max(entry.compress_size, 1)
    if entry.file_size > RATIO_MATTERS_FROM and entry.file_size / packed > MAX_RATIO:
        return "it unpacks to more than a hundred times its size; such files are refused"
    return ""


def _shown(name: str) -> str:
    plain = "".join(character if character.isprintable() else "?" for character in name)
    return plain if len(plain) <= 80 else f"{plain[:80]}…"


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        if _is_folder(entry):
            continue
        # Never more than allowed, whatever the entry says of its size.
        with archive.open(entry) as packed:
            content = packed.read(MAX_FILE_BYTES + 1)
        total += len(content)
        if len(content) > MAX_FILE_BYTES or total > MAX_TOTAL_BYTES:
            raise _refused("it unpacks to more than it says; make a new zip of the folder")
        files[entry.filename] = content
    return files


def _without_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files as seen from where guide.yaml stands: at the top, or in the only folder."""
    if "guide.yaml" in files:
        return files
    folders = {name.partition("/")[0] for name in files}
    if len(folders) == 1:
        folder = f"{folders.pop()}/"
        if f"{folder}guide.yaml" in files:
            return {name.removeprefix(folder): content for name, content in files.items()}
    raise _refused("it holds no guide.yaml, neither at the top nor in a single folder")
