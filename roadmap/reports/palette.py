"""Colours of the printed report: the light theme of the design system, as plain values.

A PDF has no theme to switch and SVG text in print can't read the page's CSS variables, so
the values stand here once; the print style sheet and the chart templates both get them.
"""

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Palette:
    ink: str = "#14302f"
    muted: str = "#52686a"
    line: str = "#d3dedd"
    surface: str = "#f3f7f6"
    brand: str = "#0f5c5c"
    brand_deep: str = "#0a3b3e"
    brand_soft: str = "#dcebe9"
    accent: str = "#b4531f"
    paper: str = "#ffffff"
    good: str = "#2f7d4f"
    band: dict[str, str] = field(
        default_factory=lambda: {
            "starting": "#b4531f",
            "developing": "#b0861c",
            "established": "#2a7f86",
            "leading": "#2f7d4f",
        }
    )
    exposure: dict[str, str] = field(
        default_factory=lambda: {
            "low": "#2f7d4f",
            "moderate": "#b0861c",
            "high": "#b4531f",
            "severe": "#8e2430",
        }
    )
    phases: tuple[str, ...] = ("#0f5c5c", "#35689a", "#7a5c99", "#5c7a2e")

    def phase(self, index: int) -> str:
        return self.phases[index % len(self.phases)]

    def variables(self) -> dict[str, str]:
        """The plain colours as CSS custom properties."""
        names = {k.replace("_", "-"): v for k, v in asdict(self).items() if isinstance(v, str)}
        names |= {f"band-{k}": v for k, v in self.band.items()}
        names |= {f"exposure-{k}": v for k, v in self.exposure.items()}
        names |= {f"phase-{i}": v for i, v in enumerate(self.phases)}
        return names


PALETTE = Palette()
