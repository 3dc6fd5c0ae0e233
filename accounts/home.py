"""The slots of an organization's home page.

Apps above this one fill it from their `AppConfig.ready()`; accounts never imports them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.tenancy import Access, area_of


@dataclass(frozen=True)
class Panel:
    """One piece of the home page: a template and what it needs beside `access`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


PanelMaker = Callable[[Access], Panel | None]

_makers: dict[PanelMaker, int] = {}


def register_panel(maker: PanelMaker, *, order: int = 50) -> PanelMaker:
    """Have `maker` asked for a panel whenever the home page is made; lower orders come first."""
    _makers[maker] = order
    return maker


def panels_for(access: Access) -> list[Panel]:
    """The panels that have something to show to this person, in order.

    A panel of a part that an engagement does not cover is left out.
    """
    makers = [maker for maker in _makers if access.covers(area_of(maker))]
    makers.sort(key=lambda maker: _makers[maker])
    return [panel for maker in makers if (panel := maker(access)) is not None]
