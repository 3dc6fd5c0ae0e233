"""Making, finding and ending tokens."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Organization, User
from accounts.secret_addresses import new_nonce, secret_of
from api.models import ApiToken
from api.scopes import Scope

PREFIX = "wmk_"
LONGEST = timedelta(days=366)
MOST = 50
USED_EVERY = timedelta(minutes=1)


class TokenInvalid(ValueError):
    """Input that cannot be taken. `messages`: field name → what to do."""

    def __init__(self, messages: dict[str, str]) -> None:
        self.messages = messages
        super().__init__("; ".join(messages.values()))


@transaction.atomic
def token_make(
    *,
    organization: Organization,
    person: User,
    name: str,
    scopes: Iterable[str],
    expires_on: date,
    today: date,
    nonce: str | None = None,
) -> tuple[ApiToken, str]:
    """A new token and its secret text, which is shown this once and kept by nobody here.

    Raises `TokenInvalid`. `nonce`: of which the text is to be made, for whoever shows it a moment
    later (`secret_from`).
    """
    wanted = set(scopes)
    wrong = {}
    if not wanted or not wanted <= set(Scope.values):
        wrong["scopes"] = _("Choose what it may be used for.")
    if not today <= expires_on <= today + LONGEST:
        wrong["expires_on"] = _("Choose a day from today on, within a year.")
    Organization.objects.select_for_update().only("pk").get(pk=organization.pk)
    if ApiToken.objects.filter(organization=organization, revoked_at=None).count() >= MOST:
        wrong["name"] = _("There are %s tokens already. End one of them first.") % MOST
    if wrong:
        raise TokenInvalid(wrong)
    secret = secret_from(nonce or new_nonce())
    token = ApiToken.objects.create(
        organization=organization,
        person=person,
        name=name,
        prefix=secret[:10],
        digest=digest_of(secret),
        scopes=[scope.value for scope in Scope if scope.value in wanted],
        expires_on=expires_on,
    )
    detail = {"scopes": token.scopes, "expires_on": expires_on.isoformat()}
    record(organization=organization, actor=person, verb="token.made", target=token, detail=detail)
    return token, secret


@transaction.atomic
def token_revoke(*, token: ApiToken, user: User) -> None:
    """It works no more from now on. Doing it twice changes nothing."""
    rows = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
    if rows.update(revoked_at=timezone.now()):
        record(organization=token.organization, actor=user, verb="token.ended", target=token)


def token_of(secret: str) -> ApiToken | None:
    """The token that is good now; None for any other text. Notes its use, once a minute at most."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    rows = ApiToken.objects.select_related("organization", "person")
    token = rows.filter(digest=digest_of(secret)).first()
    if token is None or not token.is_good() or not token.person.is_active:
        return None
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def secret_from(nonce: str) -> str:
    """The text of the token that was made with it, as long as the server keeps its key."""
    made = bytes.fromhex(secret_of("api-token", nonce))
    return PREFIX + urlsafe_b64encode(made).decode().rstrip("=")


def digest_of(secret: str) -> str:
    """Plain SHA-256: the secret is random, so nothing slower is needed against guessing."""
    return hashlib.sha256(secret.encode()).hexdigest()
