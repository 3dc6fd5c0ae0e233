"""Coverage reports: the line counters of Cobertura and JaCoCo.

XML from outside: no entities, nothing fetched, no tree of the whole file in memory.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

MOST_DEPTH = 60
MOST_LINES = 10**10


class CoverageProblem(ValueError):
    """No coverage can be read; the message says what to do."""


@dataclass(frozen=True)
class CoverageFound:
    """`measured_at`: where the file says when."""

    tool: str
    covered: int
    total: int
    measured_at: datetime | None
    fingerprint: str


def read_coverage(content: bytes) -> CoverageFound:
    """The lines covered and in all.

    Raises:
        CoverageProblem: it is neither a Cobertura nor a JaCoCo file, or holds what none needs.
    """
    try:
        found = _Counting().read(content)
    except DefusedXmlException:
        raise CoverageProblem(
            "The file defines entities, which no coverage report needs. It was not read."
        ) from None
    except (ParseError, UnicodeError, ValueError, LookupError) as error:
        if isinstance(error, CoverageProblem):
            raise
        raise CoverageProblem("The file is no well-formed XML. Export the report again.") from None
    tool, covered, total, moment = found
    if not 0 <= covered <= total <= MOST_LINES or total == 0:
        raise CoverageProblem("The report counts no lines, or more covered lines than lines.")
    fingerprint = hashlib.sha256(content).hexdigest()[:32]
    return CoverageFound(tool, covered, total, moment, f"{tool.lower()}-{fingerprint}")


class _Counting:
    """Walks through the elements, forgetting each when it is over."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.open: list[Element] = []
        self.kind = ""
        self.root: dict[str, str] = {}
        self.counter: tuple[int, int] | None = None
        self.moment = 0
        self.file = ""
        self.lines: dict[tuple[str, str], bool] = {}

    def read(self, content: bytes) -> tuple[str, int, int, datetime | None]:
        events: Any = iterparse(io.BytesIO(content), events=("start", "end"))
        for event, element in events:
            if event == "start":
                self.open.append(element)
                self._start(element)
            else:
                self.path.pop()
                self.open.pop()
                # Also out of its parent: a million empty elements would fill the memory.
                if self.open:
                    del self.open[-1][:]
        return self._result()

    def _start(self, element: Element) -> None:
        self.path.append(element.tag)
        if len(self.path) > MOST_DEPTH:
            raise CoverageProblem("The XML is nested too deeply.")
        if len(self.path) == 1:
            self.kind, self.root = element.tag, dict(element.attrib)
            if element.tag not in ("coverage", "report"):
                raise CoverageProblem(
                    "This is neither a Cobertura file (<coverage>) nor a JaCoCo file (<report>)."
                )
        elif self.path[0] == "report":
            self._jacoco(element)
        elif element.tag == "class":
            self.file = element.get("filename") or element.get("name") or ""
        elif element.tag == "line" and "lines-valid" not in self.root:
            self._line(element)

    def _jacoco(self, element: Element) -> None:
        if element.tag == "sessioninfo":
            self.moment = max(self.moment, _stamp(element.get("dump")))
        # The report's own counters; those of packages and classes are inside of it.
        if self.path == ["report", "counter"] and element.get("type") == "LINE":
            self.counter = _whole(element.get("covered")), _whole(element.get("missed"))

    def _line(self, element: Element) -> None:
        """Older reports have no sums. Lines of methods stand a second time in their class."""
        key = (self.file, element.get("number") or "")
        is_hit = _whole(element.get("hits")) > 0
        self.lines[key] = self.lines.get(key, False) or is_hit

    def _result(self) -> tuple[str, int, int, datetime | None]:
        if self.kind == "report":
            if self.counter is None:
                raise CoverageProblem("The JaCoCo report has no counter of lines.")
            covered, missed = self.counter
            return "JaCoCo", covered, covered + missed, _moment(self.moment)
        moment = _moment(_stamp(self.root.get("timestamp")))
        if "lines-valid" in self.root:
            counts = _whole(self.root.get("lines-covered")), _whole(self.root["lines-valid"])
            return "Cobertura", *counts, moment
        return "Cobertura", sum(self.lines.values()), len(self.lines), moment


def _whole(text: str | None) -> int:
    plain = (text or "").strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 18):
        raise CoverageProblem("A counter of the report is no whole number.")
    return int(plain)


def _stamp(text: str | None) -> int:
    """No counter: a report that says oddly when it was made is still a report."""
    plain = (text or "").partition(".")[0].strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 18 else 0


def _moment(number: int) -> datetime | None:
    """Seconds or milliseconds since 1970, as tools differ; nothing for what is neither."""
    seconds = number / 1000 if number >= 10**11 else number
    if not 946_684_800 <= seconds < 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, UTC)
