"""Tokens: how a program acts as a person, no longer than a year and never with more rights."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from ipaddress import ip_network

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.accounts.events import TokenCreated, TokenRevoked
from hearth.accounts.models import ApiToken, User
from hearth.accounts.permissions import CHANGE_ACCOUNT
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.core.permissions import permissions

PREFIX = "hearth_"
SECRET_BYTES = 32
PREFIX_SHOWN = len(PREFIX) + 6
LONGEST = timedelta(days=366)
# A token in constant use is written to once in this time, not at every call.
USE_NOTED_EVERY = timedelta(minutes=5)


class BadExpiry(InvalidInput):
    """A token must end, and within a year."""

    code = "bad_expiry"
    message = _("Choose a day within the next year.")


class TokenNotValid(DomainError):
    """The token is unknown, revoked or expired, or its user was deactivated."""

    code = "token_not_valid"
    message = _("This token is not valid.")


class UnknownRight(InvalidInput):
    """There is no such right."""

    code = "unknown_right"
    message = _("There is no right “%(value)s”.")


class BadNetwork(InvalidInput):
    """This is no address and no network."""

    code = "bad_network"
    message = _("“%(value)s” is neither an address nor a network such as 10.1.0.0/16.")


@transaction.atomic
def create_token(
    user: User,
    *,
    actor: Actor,
    now: datetime,
    name: str,
    expires_at: datetime,
    can_write: bool = False,
    rights: Collection[str] = (),
    networks: Collection[str] = (),
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is shown once and kept nowhere.

    It acts with `rights` out of the user's, from addresses in `networks`; none given means no such limit.

    :raises NotAllowed: for another person's account
    :raises BadExpiry: if it would never end, end in the past or live longer than a year
    :raises UnknownRight, BadNetwork: if a limit makes no sense
    """
    if actor.user_id != user.pk and not actor.is_system:
        raise NotAllowed(permission=CHANGE_ACCOUNT)
    if not now < expires_at <= now + LONGEST:
        raise BadExpiry("expires_at")
    for value in rights:
        if value not in permissions:
            raise UnknownRight("rights", value=value)
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        prefix=secret[:PREFIX_SHOWN],
        digest=ApiToken.digest_of(secret),
        can_write=can_write,
        rights=sorted(set(rights)),
        networks=[_network(text) for text in networks],
        created_at=now,
        expires_at=expires_at,
    )
    record(TokenCreated(user_id=user.pk, token_id=token.pk, can_write=can_write), actor=actor, now=now)
    return token, secret


def _network(text: str) -> str:
    try:
        return str(ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise BadNetwork("networks", value=text) from error


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Actor, now: datetime) -> None:
    """Delete a token; programs that use it are refused from now on.

    :raises NotAllowed: for another person's token, unless the actor manages accounts for the whole group
    """
    if actor.user_id != token.user_id and not actor.scope(CHANGE_ACCOUNT).everywhere:
        raise NotAllowed(permission=CHANGE_ACCOUNT)
    event = TokenRevoked(user_id=token.user_id, token_id=token.pk)
    token.delete()
    record(event, actor=actor, now=now)


def find_token(secret: str, *, now: datetime) -> ApiToken:
    """Return the token of a secret with its user, and note that it was used. One query, seldom two.

    :raises TokenNotValid: if it is unknown, revoked or expired, or its user was deactivated
    """
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=ApiToken.digest_of(secret), expires_at__gt=now, user__is_active=True)
        .first()
    )
    if token is None:
        raise TokenNotValid
    if token.last_used_at is None or token.last_used_at < now - USE_NOTED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return token


def user_for_token(secret: str, *, now: datetime) -> User:
    """Return the user a program acts as.

    :raises TokenNotValid: if the token is unknown, revoked or expired, or its user was deactivated
    """
    return find_token(secret, now=now).user
