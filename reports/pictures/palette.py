"""Colours of the printed report: the light theme of the design system, as plain values.

A PDF has no theme to switch, and text in SVG can't read the page's CSS variables in print, so
the values stand here once; the print style sheet and the chart templates both get them.
`tests/reports/test_palette.py` holds them against static/css/tokens.css.
"""

from dataclasses import asdict, dataclass, field, replace

from reports.frozen.brand import BrandEntry
from reports.pictures.colors import BLACK, WHITE, mix


@dataclass(frozen=True)
class Palette:
    ink: str = "#17231f"
    muted: str = "#4c5c56"
    line: str = "#d3dcd7"
    surface: str = "#ebf0ed"
    paper: str = "#ffffff"
    brand: str = "#0e5c52"
    brand_deep: str = "#0a463f"
    tint: str = "#e2efec"
    blaze: str = "#e2a12b"
    good: str = "#1d6a3c"
    warn: str = "#7d4e00"
    warn_paper: str = "#fbf0d9"
    bad: str = "#a32a23"
    band: dict[str, str] = field(
        default_factory=lambda: {
            "starting": "#7a8782",
            "developing": "#4a9086",
            "established": "#1f7568",
            "leading": "#0a463f",
        }
    )
    exposure: dict[str, str] = field(
        default_factory=lambda: {
            "low": "#84897c",
            "moderate": "#b0832a",
            "high": "#c05a22",
            "severe": "#8f1d1d",
        }
    )
    phases: tuple[str, ...] = ("#2f6f8f", "#1f7568", "#7d6a1f", "#7a4a86")

    def phase(self, index: int) -> str:
        return self.phases[index % len(self.phases)]

    def variables(self) -> dict[str, str]:
        """Every colour by its name as a CSS custom property."""
        names = {k.replace("_", "-"): v for k, v in asdict(self).items() if isinstance(v, str)}
        names |= {f"band-{k}": v for k, v in self.band.items()}
        names |= {f"exposure-{k}": v for k, v in self.exposure.items()}
        names |= {f"phase-{i}": v for i, v in enumerate(self.phases)}
        return names


PALETTE = Palette()


def branded(brand: BrandEntry | None) -> Palette:
    """The palette in a brand's colours. What colours mean (bands, exposures, phases) stays."""
    palette = PALETTE
    if brand and brand.main:
        palette = replace(
            palette,
            brand=brand.main,
            brand_deep=mix(brand.main, BLACK, 0.28),
            tint=mix(brand.main, WHITE, 0.9),
        )
    if brand and brand.accent:
        palette = replace(palette, blaze=brand.accent)
    return palette
