"""Addresses that are a key in themselves: feeds, shared reports, unsubscribing, webhooks.

A token is made of a random nonce, which the database holds, and a signature by the server's
secret key, which it does not: a copy of the database alone opens nothing. A new nonce ends the
old address. `SECRET_KEY_FALLBACKS` keeps addresses good while the key is changed.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac


def new_nonce() -> str:
    return secrets.token_hex(16)


def token_of(purpose: str, nonce: str) -> str:
    """The part of an address that stands for a row. `purpose` keeps kinds of address apart."""
    return signing.Signer(salt=f"waymark.address.{purpose}", sep=".").sign(nonce)


def nonce_from(purpose: str, token: str) -> str | None:
    """The nonce of a genuine token; None for any other text."""
    if len(token) > 200 or "\x00" in token:
        return None
    try:
        return signing.Signer(salt=f"waymark.address.{purpose}", sep=".").unsign(token)
    except signing.BadSignature:
        return None


def secret_of(purpose: str, nonce: str) -> str:
    """A shared secret, for those who have to hold one themselves (the sender of a webhook)."""
    return secrets_of(purpose, nonce)[0]


def secrets_of(purpose: str, nonce: str) -> list[str]:
    """The shared secret, and while the server's key is changed those of the keys before: who holds
    one of them is told nothing of the change.
    """
    return [
        salted_hmac(f"waymark.secret.{purpose}", nonce, secret=key, algorithm="sha256").hexdigest()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
