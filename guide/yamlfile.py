"""Reading YAML so that every value knows its line.

Only true, false, null and plain numbers are special: ``no``, ``Y`` and dates stay text, because
people who write answers and guides mean them as words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml._yaml import CParser
from yaml.composer import Composer, ComposerError
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

Path = tuple[str | int, ...]

MAX_DEPTH = 40
# Parsing takes about a tenth of a millisecond for each entry, and people upload files.
MAX_ENTRIES = 60_000
# What a float holds exactly; longer numbers are slips of the keyboard.
MAX_WHOLE_NUMBER = 2**53


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a file: where it is and what to do about it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass
class Located:
    """A file's data and the line each part of it stands on."""

    name: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    entries: int = 0

    def line(self, path: Path) -> int:
        """The line of a part, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, message: str) -> Problem:
        return Problem(self.name, self.line(path), message)


class _Refused(ComposerError):
    """Valid YAML that is too much for us."""


class _Checked(Composer):
    """Puts parts together and counts them, without aliases (they can grow endlessly)."""

    entries = 0
    check_event: Any
    peek_event: Any

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            self._refuse("aliases (*name) are not allowed")
        self.entries += 1
        if self.entries > MAX_ENTRIES:
            self._refuse(f"the file has more than {MAX_ENTRIES:,} entries")
        return super().compose_node(parent, index)

    def _refuse(self, why: str) -> NoReturn:
        mark = self.peek_event().start_mark
        raise _Refused(None, None, why, mark)


class _Loader(_Checked, yaml.SafeLoader):
    """SafeLoader without YAML 1.1's surprises."""


class _Quick(_Checked, CParser, SafeConstructor, Resolver):
    """The same with libyaml reading the text, in a quarter of the time: every process that starts
    reads the whole guide. It knows fewer escapes, so what it refuses is read by the other."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)


_FLOAT = r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+([eE][-+]?[0-9]+)?"
_Loader.yaml_implicit_resolvers = {}
for _pattern, _tag, _starts in (
    (r"true|True|false|False", "tag:yaml.org,2002:bool", "tTfF"),
    (r"~|null|Null|NULL|", "tag:yaml.org,2002:null", ["~", "n", "N", ""]),
    (r"[-+]?(0|[1-9][0-9]*)", "tag:yaml.org,2002:int", "-+0123456789"),
    (
        r"[-+]?(0|[1-9][0-9]*)?\.[0-9]+([eE][-+]?[0-9]+)?",
        "tag:yaml.org,2002:float",
        "-+.0123456789",
    ),
):
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), list(_starts))
_Quick.yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


def read_yaml(text: str, name: str) -> Located:
    """Parse one document. Syntax errors and keys given twice become ``problems``."""
    if "\x00" in text:
        return Located(name, problems=[Problem(name, 1, "this is not a text file")])
    located, error = _read(_Quick, text, name)
    if isinstance(error, yaml.YAMLError) and not isinstance(error, _Refused):
        located, error = _read(_Loader, text, name)
    if isinstance(error, yaml.YAMLError):
        located.problems.append(_syntax_problem(error, name))
    elif error is not None:
        located.problems.append(Problem(name, 1, "the file is nested too deeply"))
    return located


def _read(
    kind: type[_Loader] | type[_Quick], text: str, name: str
) -> tuple[Located, yaml.YAMLError | RecursionError | None]:
    """What was read, and what ended the reading."""
    located, loader = Located(name), None
    try:
        loader = kind(text)
        node = loader.get_single_node()
        if node is not None:
            located.data = _build(loader, node, located, ())
    except (yaml.YAMLError, RecursionError) as error:
        return located, error
    finally:
        if loader is not None:
            located.entries = loader.entries
            loader.dispose()
    return located, None


def _syntax_problem(error: yaml.YAMLError, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return Problem(name, mark.line + 1 if mark else 1, f"this is not valid YAML: {what}")


def _build(loader: _Loader | _Quick, node: yaml.Node, located: Located, path: Path) -> Any:
    located.lines[path] = node.start_mark.line + 1
    if len(path) > MAX_DEPTH:
        located.problems.append(located.problem(path, "the file is nested too deeply"))
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, child, located, (*path, i)) for i, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(loader, node, located, path)
    return _build_scalar(loader, node, located, path)


def _build_mapping(
    loader: _Loader | _Quick, node: yaml.MappingNode, located: Located, path: Path
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = _plain_text(key_node.value) if isinstance(key_node, yaml.ScalarNode) else None
        line = key_node.start_mark.line + 1
        if key is None:
            located.problems.append(Problem(located.name, line, "a key must be a simple word"))
            continue
        if key in found:
            message = f"'{key}' is given twice; keep one"
            located.problems.append(Problem(located.name, line, message))
        found[key] = _build(loader, value_node, located, (*path, key))
        located.lines[(*path, key)] = line
    return found


def _build_scalar(loader: _Loader | _Quick, node: yaml.Node, located: Located, path: Path) -> Any:
    simple = ("bool", "null", "int", "float", "str")
    if node.tag not in {f"tag:yaml.org,2002:{kind}" for kind in simple}:
        message = f"the tag {node.tag} is not allowed here"
        located.problems.append(located.problem(path, message))
        return None
    try:
        value = loader.construct_object(node)
    except (ValueError, yaml.YAMLError):
        located.problems.append(located.problem(path, f"'{_short(node.value)}' can't be read"))
        return None
    if isinstance(value, str):
        value = _plain_text(value)
        if value is None:
            message = "the text has a null or half a character; take the escape out"
            located.problems.append(located.problem(path, message))
    elif isinstance(value, int) and abs(value) > MAX_WHOLE_NUMBER:
        message = f"'{_short(node.value)}' is too large a number"
        located.problems.append(located.problem(path, message))
        return None
    return value


def _plain_text(text: str) -> str | None:
    """The text, or None when no database or page could hold it.

    An escape such as "\\0" or "\\ud800" gets past the reader; two of the second kind that stand
    for one character (as JSON writes emoji) are joined.
    """
    try:
        joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in joined else joined


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
