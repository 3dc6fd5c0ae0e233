"""How far a rendering is, and the end of one that takes too long."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

Tell = Callable[[int, str], None]
"""Takes progress (0..100) and a phrase; may raise to stop the rendering."""


class ReportTookTooLong(Exception):
    """The pages were not done within the time limit."""


class Watch:
    """Passes progress on and ends a rendering that takes too long."""

    def __init__(self, tell: Tell | None, limit: float) -> None:
        self._tell = tell or (lambda percent, phrase: None)
        self._limit = limit
        self._deadline = time.monotonic() + limit
        self._last = 0

    def tell(self, percent: int, phrase: str) -> None:
        if time.monotonic() > self._deadline:
            raise ReportTookTooLong(f"more than {self._limit:.0f} seconds")
        # Page numbers are counted anew in each pass of the layout: never go back.
        self._last = max(self._last, percent)
        self._tell(self._last, phrase)


class PageListener(logging.Handler):
    """WeasyPrint says in its log which page it is at: the only sign of life while it works."""

    PAGES_EXPECTED = 45
    TELL_EVERY_SECONDS = 0.5

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch
        self._told_at = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        now = time.monotonic()
        if now - self._told_at < self.TELL_EVERY_SECONDS:
            return
        self._told_at = now
        message = record.getMessage()
        if page := re.search(r"Page (\d+)", message):
            number = int(page[1])
            share = min(1.0, number / self.PAGES_EXPECTED)
            phrase = _("Laying out page %(number)d…") % {"number": number}
            self._watch.tell(10 + round(75 * share), phrase)
        else:
            self._watch.tell(8, _("Laying out pages…"))


@contextmanager
def listening(watch: Watch) -> Iterator[None]:
    logger = logging.getLogger("weasyprint.progress")
    listener, level, propagates = PageListener(watch), logger.level, logger.propagate
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(listener)
        logger.setLevel(level)
        logger.propagate = propagates
