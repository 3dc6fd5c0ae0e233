"""Colours as numbers: how well one can be read on another, and shades that can be."""

from __future__ import annotations

import re

TEXT = 4.5
"""WCAG 2.2, 1.4.3: contrast of text."""

SHAPES = 3.0
"""WCAG 2.2, 1.4.11: contrast of what is not text."""

WHITE = "#ffffff"
BLACK = "#000000"

Channels = tuple[int, int, int]


def parse(text: str) -> str | None:
    """`#rrggbb` in small letters of what a person types (`#ABC`, `AABBCC`); None if it is none."""
    found = re.fullmatch(r"#?([0-9a-f]{3}|[0-9a-f]{6})", text.strip().lower(), re.ASCII)
    if found is None:
        return None
    digits = found[1]
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


def channels(color: str) -> Channels:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def luminance(color: str) -> float:
    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(value) for value in channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black and white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(color: str, other: str, share: float) -> str:
    """`color` with so much (0..1) of the other in it."""
    parts = zip(channels(color), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def shade_for(color: str, ground: str, wanted: float) -> str:
    """The nearest shade of the colour that reaches the contrast on the ground; itself if it does.

    Darker on a light ground, lighter on a dark one.
    """
    towards = BLACK if luminance(ground) > 0.18 else WHITE
    for percent in range(101):
        shade = mix(color, towards, percent / 100)
        if contrast(shade, ground) >= wanted:
            return shade
    return towards
