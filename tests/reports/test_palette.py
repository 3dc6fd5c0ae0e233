"""The printed report wears the colours of the pages."""

import re
from pathlib import Path

from reports.pictures.palette import PALETTE

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"


def test_palette_is_the_light_theme_of_the_design_system() -> None:
    tokens = dict(re.findall(r"--wm-([a-z0-9-]+):\s*(#[0-9a-f]{6});", TOKENS.read_text()))
    named = {
        "text": PALETTE.ink,
        "muted": PALETTE.muted,
        "border": PALETTE.line,
        "sunken": PALETTE.surface,
        "surface": PALETTE.paper,
        "primary": PALETTE.brand,
        "primary-strong": PALETTE.brand_deep,
        "tint": PALETTE.tint,
        "blaze": PALETTE.blaze,
        "good": PALETTE.good,
        "warn": PALETTE.warn,
        "warn-bg": PALETTE.warn_paper,
        "bad": PALETTE.bad,
        **{f"band-{n}": color for n, color in enumerate(PALETTE.band.values(), 1)},
        **{f"exposure-{n}": color for n, color in enumerate(PALETTE.exposure.values(), 1)},
        **{f"phase-{n}": color for n, color in enumerate(PALETTE.phases, 1)},
    }

    assert named == {name: tokens[name] for name in named}
