"""A day as a forecast gives it: never one date alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Range:
    """In half, four of five, and nineteen of twenty runs it is not later than this."""

    p50: date
    p80: date
    p95: date
