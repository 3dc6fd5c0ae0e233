"""Reading single values out of a YAML file that people write: every fault with its line."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from guide.yamlfile import Located, Path
from roadmap.domain.constraints.stated import EARLIEST, LATEST, MAX_REASON


class Walker:
    """What is wrong goes to the file's problems, and reading goes on."""

    def __init__(self, located: Located) -> None:
        self.located = located

    def fault(self, path: Path, message: str) -> None:
        self.located.problems.append(self.located.problem(path, message))

    def known_keys(self, path: Path, data: Mapping[str, Any], known: Collection[str]) -> None:
        for key in data:
            if key not in known:
                message = f"'{short(key)}' is not known here; known are: {', '.join(known)}"
                self.fault((*path, key), message)

    def entries(self, path: Path, raw: Any, most: int) -> list[Any]:
        if raw is None:
            return []
        if not isinstance(raw, list):
            self.fault(path, "give a list, one entry a line, each beginning with '- '")
            return []
        if len(raw) > most:
            self.fault(path, f"give at most {most} entries; these are {len(raw)}")
            return []
        return raw

    def date(self, path: Path, raw: Any) -> date | None:
        try:
            day = date.fromisoformat(raw) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(raw)) else None
        except ValueError:
            day = None
        if day is None:
            self.fault(path, f"write the date as YYYY-MM-DD; '{short(raw)}' is not one")
        elif not EARLIEST <= day <= LATEST:
            self.fault(path, f"give a date from {EARLIEST} to {LATEST}; {day} is outside")
            return None
        return day

    def number(self, path: Path, raw: Any, high: float, low: float = 0) -> float | None:
        if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not math.isfinite(raw):
            self.fault(path, f"give a number; '{short(raw)}' is not one")
            return None
        if not low <= raw <= high:
            self.fault(
                path, f"give a number from {low:.12g} to {high:.12g}; {short(raw)} is outside"
            )
            return None
        return float(raw)

    def whole(self, path: Path, raw: Any, low: int, high: int) -> int | None:
        if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
            message = f"give a whole number from {low} to {high}; '{short(raw)}' is not one"
            self.fault(path, message)
            return None
        return raw

    def text(self, path: Path, raw: Any, what: str, most: int = MAX_REASON) -> str:
        if raw is None:
            return ""
        if isinstance(raw, (dict, list)) or len(str(raw)) > most:
            self.fault(path, f"give {what} of at most {most} characters")
            return ""
        # A database may not hold it, and nobody types it.
        return str(raw).replace("\x00", "")

    def flag(self, path: Path, raw: Any) -> bool:
        if not isinstance(raw, bool):
            self.fault(path, f"write true or false; '{short(raw)}' is neither")
            return False
        return raw

    def by_name(self, path: Path, raw: Any, example: str, known: Collection[str]) -> dict[str, Any]:
        """A mapping whose keys are all known."""
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            self.fault(path, example)
            return {}
        self.known_keys(path, raw, known)
        return {key: value for key, value in raw.items() if key in known}

    def one_of(self, path: Path, raw: Any, known: Collection[str], what: str) -> str | None:
        if str(raw) in known:
            return str(raw)
        listed = ", ".join(known)
        self.fault(path, f"'{short(raw)}' is not {what}; choose one of: {listed}")
        return None


def short(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= 40 else f"{text[:40]}…"
