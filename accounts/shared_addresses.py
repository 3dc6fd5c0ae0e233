"""Addresses that show something to people without an account, until a day, with or without a
password. The rows are other apps'; what they have in common is decided here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.db.models import F, Model
from django.utils import timezone

from accounts.models import Engagement

# In each web process; a password of ten letters withstands that for ages.
TRIES, TRIES_WITHIN = 10, 600


class SharedAddress(Protocol):
    """`password`: as Django hashes them, or empty. `expires_on`: the last day, where its
    organization is. `engagement`: through which whoever made it was let in, if not as a member."""

    pk: Any
    nonce: str
    password: str
    expires_on: date
    revoked_at: datetime | None
    engagement: Engagement | None


class TooManyTries(Exception):
    """So many wrong passwords that a pause is due."""


def address_is_open(address: SharedAddress, today: date) -> bool:
    engagement = address.engagement
    is_let_in = engagement is None or engagement.is_open(today)
    return is_let_in and address.revoked_at is None and today <= address.expires_on


def last_day(address: SharedAddress) -> date:
    """Its own, or that of the engagement it was made in."""
    engagement = address.engagement
    return min(address.expires_on, engagement.until) if engagement else address.expires_on


def address_seen(address: Model) -> None:
    rows = type(address)._default_manager.filter(pk=address.pk)
    rows.update(views=F("views") + 1, last_viewed_at=timezone.now())


def password_fits(address: SharedAddress, purpose: str, password: str, sender: str) -> bool:
    """Check the password of an address; raises TooManyTries when guessing is under way.

    `sender` is where the request comes from: who guesses locks out nobody else.
    """
    key = f"{purpose}-tries:{address.pk}:{sender}"
    cache.add(key, 0, TRIES_WITHIN)
    # Counted before it is checked, so that guesses at the same time count as well.
    try:
        tries = cache.incr(key)
    except ValueError:
        # It ran out in between.
        tries = 1
    if tries > TRIES:
        raise TooManyTries
    return check_password(password[:200], address.password)
