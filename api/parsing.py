"""Bodies that are sent: JSON that this and every other reader understands in the same way."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from api.problems import Problem

DEEPEST = 40
LARGEST = 2**63 - 1
TYPES = ("application/json", "application/merge-patch+json")


class StrictParser(Parser):
    """What no database could keep is refused before any operation sees it.

    Python reads NaN, infinite numbers, numbers of thousands of digits, the character NUL and halves
    of a character out of a body; each would end as an error of ours further on.
    """

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type not in TYPES:
            words = _("Send the body as JSON, with the header Content-Type: application/json.")
            raise Problem(415, words, headers={"Accept-Post": TYPES[0]})
        try:
            # Half a character may be escaped (\ud800) or stand there as bytes, which this refuses.
            found = json.loads(request.body.decode("utf-8"), parse_constant=_no_number)
        except UnicodeDecodeError:
            raise Problem(400, _("The body is no text in UTF-8.")) from None
        except json.JSONDecodeError as error:
            words = _("The body is no JSON: see line %(line)s, column %(column)s.")
            told = words % {"line": error.lineno, "column": error.colno}
            raise Problem(400, told) from None
        except RecursionError:
            raise _too_deep() from None
        except ValueError:
            _no_number("")
        _check(found)
        return found


def _check(found: Any) -> None:
    waiting = [(found, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise _too_deep()
        if isinstance(value, dict):
            for key in value:
                _check_text(key)
            waiting.extend((one, depth + 1) for one in value.values())
        elif isinstance(value, list):
            waiting.extend((one, depth + 1) for one in value)
        elif isinstance(value, str):
            _check_text(value)
        elif isinstance(value, int | float) and not abs(value) <= LARGEST:
            _no_number("")


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise Problem(422, _("A text cannot hold the character NUL."))
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Problem(422, _("A text holds half a character (a lone surrogate).")) from None


def _too_deep() -> Problem:
    return Problem(400, _("The body is nested too deeply."))


def _no_number(_text: str) -> NoReturn:
    raise Problem(422, _("A number is too large, or is none (NaN, Infinity)."))
