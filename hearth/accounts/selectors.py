"""What the account page shows."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from hearth.accounts.models import ApiToken, Notification, User
from hearth.core.actor import Actor
from hearth.core.pages import Page, keyset_page

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def list_sessions(user: User) -> list[UserSession]:
    """Return the browsers a person is signed in with, the latest first.

    Sessions that have run out are removed on the way, one query each.
    """
    sessions = UserSession.objects.purge_and_list(user)
    return sorted(sessions, key=lambda session: session.created_at, reverse=True)


def list_tokens(user: User) -> list[ApiToken]:
    return list(ApiToken.objects.filter(user=user).order_by("-created_at", "-id"))


def has_second_step(user: User) -> bool:
    """Tell whether the person signs in with a passkey or an authenticator app; one query."""
    exists: bool = Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).exists()
    return exists


@dataclass(frozen=True)
class SecondSteps:
    """How a person proves who they are besides the password; `passkeys` the oldest first."""

    has_app: bool
    passkeys: list[Authenticator]

    @property
    def has_any(self) -> bool:
        return self.has_app or bool(self.passkeys)


def second_steps_of(user: User) -> SecondSteps:
    """Return the second steps of a person; one query."""
    rows = list(Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).order_by("created_at", "id"))
    passkeys = [row for row in rows if row.type == Authenticator.Type.WEBAUTHN]
    return SecondSteps(has_app=len(passkeys) < len(rows), passkeys=passkeys)


def notification_page(actor: Actor, *, cursor: str = "", limit: int = 50) -> Page[Notification]:
    """Return what the person was told, the newest first; one query."""
    told = Notification.objects.visible_to(actor)
    return keyset_page(told, order="-created_at", cursor=cursor, limit=limit)


def unread_count(actor: Actor) -> int:
    return Notification.objects.visible_to(actor).unread().count()
