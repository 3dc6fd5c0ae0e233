"""The colours of tokens.css and dark.css against WCAG 2.2: text 4.5 to 1, marks 3 to 1."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
GROUNDS = ("page", "surface", "sunken")
TEXTS = ("text", "muted", "primary", "link", "good", "warn", "bad", "info")
MARKS = (
    *("control", "focus"),
    *(f"band-{n}" for n in range(1, 5)),
    *(f"exposure-{n}" for n in range(1, 5)),
    *(f"phase-{n}" for n in range(1, 5)),
)
PAIRS = (
    *((text, ground, 4.5) for text in TEXTS for ground in GROUNDS),
    *((state, f"{state}-bg", 4.5) for state in ("good", "warn", "bad", "info")),
    *(("text", f"{state}-bg", 4.5) for state in ("good", "warn", "bad", "info")),
    *(("on-primary", ground, 4.5) for ground in ("primary", "primary-strong")),
    *((text, "tint", 4.5) for text in ("text", "muted", "on-tint")),
    ("on-danger", "danger", 4.5),
    *((mark, ground, 3.0) for mark in MARKS for ground in ("page", "surface")),
)


def colours(*files: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in files:
        found |= dict(re.findall(r"--wm-([\w-]+): (#[0-9a-f]{6});", (CSS / file).read_text()))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    "files", [("tokens.css",), ("tokens.css", "dark.css")], ids=["light", "dark"]
)
def test_colours_can_be_read_on_their_grounds(files):
    palette = colours(*files)

    too_weak = {
        (front, ground): round(contrast(palette[front], palette[ground]), 2)
        for front, ground, least in PAIRS
        if contrast(palette[front], palette[ground]) < least
    }

    assert too_weak == {}


def test_dark_replaces_every_colour():
    assert set(colours("dark.css")) == set(colours("tokens.css"))
