"""What pydantic finds wrong, in words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORDS = {
    "missing": "'{name}' is missing; add it",
    "extra_forbidden": "'{name}' is not a key of this format; check its spelling or take it out",
    "string_type": "give a text; put it in quotes if it looks like a number",
    "string_too_short": "give a text here, or take the key out",
    "string_too_long": "shorten it to {max_length} characters",
    "tuple_type": "give a list: [one, two], or one item a line, each after '- '",
    "too_short": "give at least {min_length}; there are {actual_length}",
    "model_type": "give keys with their values, as in 'key: value'",
    "mapping_type": "give keys with their values, as in 'key: value'",
    "dict_type": "give keys with their values, as in 'key: value'",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "int_type": "give a whole number",
    "int_parsing": "give a whole number",
    "int_from_float": "give a whole number",
    "float_type": "give a number",
    "float_parsing": "give a number",
    "finite_number": "give a number that is not infinite",
    "literal_error": "write one of {expected}",
    "less_than_equal": "give a number of at most {le:g}",
    "greater_than_equal": "give a number of at least {ge:g}",
    "greater_than": "give a number above {gt:g}",
}
_PATTERNS = {
    "version": "write three numbers with points between them, such as 1.0.0",
    "step_files": "name a file in the folder steps, such as steps/1-audit.yaml",
    "url": "give a whole web address that begins with https:// or http://",
    "": "begin with a letter or digit and go on with letters, digits, '_', '.' or '-'",
}
WHOLE_SENTENCES = ("missing", "extra_forbidden")


def in_words(detail: Mapping[str, Any]) -> str:
    """One error of pydantic's, led by the place in the file where that helps to find it."""
    path, kind = tuple(detail["loc"]), detail["type"]
    name = path[-1] if path else "the file"
    if kind == "string_pattern_mismatch":
        key = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
        message = f"{_PATTERNS.get(key, _PATTERNS[''])}; {_shown(detail['input'])} does not fit"
    elif kind in _WORDS:
        message = _WORDS[kind].format(name=name, **detail.get("ctx", {}))
        if kind in WHOLE_SENTENCES:
            return message
    else:
        message = detail["msg"].removeprefix("Value error, ")
    place = ".".join(str(part) for part in path)
    return f"{place}: {message}" if place else message


def _shown(value: object) -> str:
    text = str(value)
    return f"'{text}'" if len(text) <= 40 else f"'{text[:40]}…'"
