"""People who sign in: made, changed and shut out by an administrator of the whole group."""

import unicodedata
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.accounts.events import UserChanged, UserCreated, UserDeactivated, UserReactivated
from hearth.accounts.models import ApiToken, User
from hearth.accounts.permissions import CHANGE_ACCOUNT
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.core.events import record


class UserNameTaken(InvalidInput):
    """Somebody signs in with this name already; capitals make no difference."""

    code = "user_name_taken"
    message = _("Another account has this user name.")


class EmailTaken(InvalidInput):
    """Somebody signs in with this address already."""

    code = "email_taken"
    message = _("Another account has this e-mail.")


class WeakPassword(InvalidInput):
    """The password breaks one of the rules; `reasons` says which."""

    code = "weak_password"
    message = _("Choose another password. %(reasons)s")


def _require_everywhere(actor: Actor) -> None:
    """An account belongs to no place, so only a right over the whole group reaches it."""
    if not actor.scope(CHANGE_ACCOUNT).everywhere:
        raise NotAllowed(permission=CHANGE_ACCOUNT)


def _check_email(email: str, *, besides: int | None = None) -> None:
    if email and User.objects.filter(email__iexact=email).exclude(pk=besides).exists():
        raise EmailTaken("email")


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword("password", reasons=" ".join(error.messages)) from error


@transaction.atomic
def create_user(
    username: str,
    *,
    actor: Actor,
    now: datetime,
    display_name: str,
    password: str,
    email: str = "",
    language: str = "zh-hans",
    is_sample: bool = False,
    same_password_as: User | None = None,
) -> User:
    """Make an account that may do nothing until it is appointed somewhere.

    Hashing a password takes a fifth of a second on purpose; `same_password_as` names an account that was just
    made with the same one, as the sample's are.

    :raises NotAllowed: unless the actor manages accounts for the whole group
    :raises UserNameTaken: if the name is in use, whatever its capitals
    :raises EmailTaken: if the address is in use
    :raises WeakPassword: if the password breaks the rules
    """
    _require_everywhere(actor)
    username = unicodedata.normalize("NFKC", username).strip()
    if not username:
        raise InvalidInput("username")
    if User.objects.filter(username__iexact=username).exists():
        raise UserNameTaken("username")
    email = email.strip()
    _check_email(email)
    user = User(
        username=username,
        email=email,
        display_name=display_name.strip() or username,
        language=language,
        is_sample=is_sample,
        created_at=now,
    )
    _check_password(password, user)
    if same_password_as:
        user.password = same_password_as.password
    else:
        user.set_password(password)
    user.save(force_insert=True)
    record(UserCreated(user_id=user.pk, is_sample=is_sample), actor=actor, now=now)
    return user


@transaction.atomic
def change_user(
    user: User,
    *,
    actor: Actor,
    now: datetime,
    display_name: str | None = None,
    email: str | None = None,
    language: str | None = None,
) -> User:
    """Change what is given; people may change their own account.

    :raises NotAllowed: for another person's account, unless the actor manages accounts for the whole group
    :raises EmailTaken: if the address is in use
    """
    if actor.user_id != user.pk or actor.user_id is None:
        _require_everywhere(actor)
    wanted = {"display_name": display_name, "email": email, "language": language}
    changes = {
        name: value.strip()
        for name, value in wanted.items()
        if value is not None and value.strip() != getattr(user, name)
    }
    if not changes:
        return user
    if "email" in changes:
        _check_email(changes["email"], besides=user.pk)
        # Otherwise a reset link would still go to the address that was given up.
        EmailAddress.objects.filter(user=user).delete()
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=list(changes))
    record(UserChanged(user_id=user.pk, changed=tuple(changes)), actor=actor, now=now)
    return user


@transaction.atomic
def deactivate_user(user: User, *, actor: Actor, now: datetime) -> None:
    """Shut a person out at once: sessions end and tokens are deleted. May be repeated.

    :raises NotAllowed: unless the actor manages accounts for the whole group, or for the actor's own account
    """
    _require_everywhere(actor)
    if actor.user_id == user.pk:
        raise NotAllowed(permission=CHANGE_ACCOUNT)
    if not user.is_active:
        return
    user.is_active = False
    user.save(update_fields=["is_active"])
    ApiToken.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    record(UserDeactivated(user_id=user.pk), actor=actor, now=now)


@transaction.atomic
def reactivate_user(user: User, *, actor: Actor, now: datetime) -> None:
    """Let a person sign in again; tokens stay deleted. May be repeated.

    :raises NotAllowed: unless the actor manages accounts for the whole group
    """
    _require_everywhere(actor)
    if user.is_active:
        return
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(UserReactivated(user_id=user.pk), actor=actor, now=now)


def end_session(session: UserSession, *, actor: Actor) -> None:
    """Sign one browser out; people end their own sessions only.

    :raises NotAllowed: for another person's session
    """
    if actor.user_id != session.user_id:
        raise NotAllowed(permission="")
    session.end()


@transaction.atomic
def end_other_sessions(user: User, *, actor: Actor, kept_key: str) -> int:
    """Sign every browser out but the one whose session is kept, and return how many.

    :raises NotAllowed: for another person's sessions
    """
    if actor.user_id != user.pk:
        raise NotAllowed(permission="")
    others = list(UserSession.objects.filter(user=user).exclude(session_key=kept_key))
    for session in others:
        session.end()
    return len(others)
