"""What the account page shows."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from hearth.accounts.models import ApiToken, Notification, User
from hearth.core.actor import Actor
from hearth.core.pages import Page, keyset_page


def list_sessions(user: User) -> list[UserSession]:
    """Return the browsers a person is signed in with, the latest first.

    Sessions that have run out are removed on the way, one query each.
    """
    sessions = UserSession.objects.purge_and_list(user)
    return sorted(sessions, key=lambda session: session.created_at, reverse=True)


def list_tokens(user: User) -> list[ApiToken]:
    return list(ApiToken.objects.filter(user=user).order_by("-created_at", "-id"))


def has_second_step(user: User) -> bool:
    """Tell whether the person signs in with an authenticator app besides the password."""
    exists: bool = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return exists


def notification_page(actor: Actor, *, cursor: str = "", limit: int = 50) -> Page[Notification]:
    """Return what the person was told, the newest first; one query."""
    told = Notification.objects.visible_to(actor)
    return keyset_page(told, order="-created_at", cursor=cursor, limit=limit)


def unread_count(actor: Actor) -> int:
    return Notification.objects.visible_to(actor).unread().count()
