"""Public holidays by country and region, from the `holidays` library.

Only the public ones count: what schools or banks keep is no free day of an IT team. The library
is imported when it is first needed: it costs the web process some memory (measured in
docs/structure.md), and most requests never ask for a holiday.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from roadmap.domain.constraints.stated import LATEST, WEEKDAYS

# The year a plan starts in and the ten after it: further than anything is planned.
YEARS = 11
PUBLIC = "public"
LANGUAGES = ("en_US", "en_GB", "en")
SMALL_WORDS = {"and", "of", "the"}
# What the library's own keys do not spell as people do.
TITLES = {
    "AX": "Åland Islands",
    "CD": "DR Congo",
    "CI": "Côte d’Ivoire",
    "CW": "Curaçao",
    "GW": "Guinea-Bissau",
    "HK": "Hong Kong",
    "MO": "Macao",
    "RE": "Réunion",
    "SY": "Syria",
    "TL": "Timor-Leste",
    "TR": "Türkiye",
}


@dataclass(frozen=True)
class Place:
    code: str
    title: str


class UnknownCountry(ValueError):
    pass


class UnknownSubdivision(ValueError):
    pass


@cache
def countries() -> tuple[Place, ...]:
    """Every country the library knows, by title."""
    from holidays.registry import COUNTRIES

    found = (Place(names[1], _title(key, names[1])) for key, names in COUNTRIES.items())
    return tuple(sorted(found, key=_by_title))


@cache
def subdivisions(country: str) -> tuple[Place, ...]:
    """States or regions with holidays of their own, by title; none where the library has none."""
    entity = _entity(country)
    titles: dict[str, str] = {}
    for alias, code in getattr(entity, "subdivisions_aliases", {}).items():
        titles.setdefault(code, alias)
    places = (Place(code, titles.get(code, code)) for code in entity.subdivisions)
    return tuple(sorted(places, key=_by_title))


def known_place(country: str, subdivision: str = "") -> tuple[str, str]:
    """The codes as the library writes them; a region may also be given by its name.

    Raises:
        UnknownCountry, UnknownSubdivision: in words for the person who wrote it.
    """
    code = country.strip().upper()
    if code not in {place.code for place in countries()}:
        raise UnknownCountry(
            f"no holidays are known for the country '{country[:40]}'; give its two letters, as in "
            "US or DE, or list the free days yourself"
        )
    wanted = subdivision.strip()
    if not wanted:
        return code, ""
    places = subdivisions(code)
    for place in places:
        if wanted.casefold() in (place.code.casefold(), place.title.casefold()):
            return code, place.code
    known = ", ".join(sorted(place.code for place in places))
    raise UnknownSubdivision(
        f"'{wanted[:40]}' is not known as a part of {code}"
        + (f"; known are: {known}" if known else ": it has none with holidays of its own")
    )


def plan_holidays(country: str, subdivision: str, start: date) -> Mapping[date, str]:
    """Day → name, in order, for the years a plan that starts then may reach.

    Days taken in lieu are in it; so are those on a weekend, which only count where people work
    on weekends.
    """
    code, part = known_place(country, subdivision)
    return _holidays(code, part, start.year, min(start.year + YEARS, LATEST.year + 1))


def known_until(country: str) -> int:
    """The last year whose holidays are known; some follow the moon and are not yet laid down."""
    last: int = _entity(country).end_year
    return last


@cache
def working_weekdays(country: str) -> frozenset[int]:
    """The days of the week people usually work there; 0 is Monday."""
    weekend = getattr(_entity(country), "weekend", None)
    return frozenset(range(7)) - frozenset(weekend) if weekend else WEEKDAYS


# Few organizations look at more than a handful of places while one process lives.
_KEPT: dict[tuple[str, str, int, int], dict[date, str]] = {}
_MOST_KEPT = 32


def _holidays(country: str, subdivision: str, first: int, end: int) -> dict[date, str]:
    key = (country, subdivision, first, end)
    if key not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = _look_up(country, subdivision, first, end)
    return _KEPT[key]


def _look_up(country: str, subdivision: str, first: int, end: int) -> dict[date, str]:
    import holidays

    entity = _entity(country)
    years = range(max(first, entity.start_year), min(end, entity.end_year + 1))
    if not years:
        return {}
    spoken = [name for name in LANGUAGES if name in entity.supported_languages]
    found = holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=years,
        observed=True,
        language=spoken[0] if spoken else None,
        categories=PUBLIC if PUBLIC in entity.supported_categories else None,
    )
    return dict(sorted(found.items()))


@cache
def _entity(country: str) -> Any:
    import holidays

    known_place(country)
    return holidays.country_holidays(country)


def _by_title(place: Place) -> str:
    """Å stands beside A, not after Z."""
    return unicodedata.normalize("NFKD", place.title).casefold()


def _title(key: str, code: str) -> str:
    words = key.split("_")
    plain = " ".join(word if word in SMALL_WORDS else word.capitalize() for word in words)
    return TITLES.get(code, plain)
