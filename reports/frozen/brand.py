"""Whose name, logo and colours a document wears, as it was when the report was asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BrandEntry:
    """Empty fields are as usual. `logo`: name of a file in the store of logos.

    `logo_is_light`: it is drawn in light colours and stands on the cover itself; any other stands
    on a white plate, so that dark letters on a transparent ground can be read.
    """

    name: str = ""
    main: str = ""
    accent: str = ""
    footer: str = ""
    legal: str = ""
    logo: str = ""
    logo_width: int = 0
    logo_height: int = 0
    logo_is_light: bool = False
