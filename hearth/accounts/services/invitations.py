"""Accounts of people who choose their own password: made by an administrator, opened by a link in a mail."""

import secrets
from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from hearth.accounts.events import UserInvited
from hearth.accounts.models import User
from hearth.accounts.permissions import CHANGE_ACCOUNT
from hearth.accounts.services.users import create_user
from hearth.core.actor import Actor
from hearth.core.addresses import public_url
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record

MAIL = "account/email/invitation"


class InvitationNotPossible(DomainError):
    """There is no address to write to, or nobody is waiting for an invitation."""

    code = "invitation_not_possible"
    message = _("Only an active person with an e-mail who has not signed in yet can be invited.")


@transaction.atomic
def invite_user(
    username: str, *, actor: Actor, now: datetime, display_name: str, email: str, language: str = "zh-hans"
) -> User:
    """Make an account whose password nobody knows, and queue the mail by which the person chooses one.

    :raises InvalidInput: without an e-mail, and as `create_user`
    :raises NotAllowed: unless the actor manages accounts for the whole group
    """
    if not email.strip():
        raise InvalidInput("email")
    user = create_user(
        username,
        actor=actor,
        now=now,
        display_name=display_name,
        email=email,
        language=language,
        password=secrets.token_urlsafe(40),
    )
    invite_again(user, actor=actor, now=now)
    return user


@transaction.atomic
def invite_again(user: User, *, actor: Actor, now: datetime) -> None:
    """Queue the mail once more; links sent before go on working until one of them is used.

    :raises NotAllowed: unless the actor manages accounts for the whole group
    :raises InvitationNotPossible: without an e-mail, or once the person has signed in
    """
    from hearth.accounts.jobs import send_invitation  # noqa: PLC0415  (jobs call services)

    if not actor.scope(CHANGE_ACCOUNT).everywhere:
        raise NotAllowed(permission=CHANGE_ACCOUNT)
    if not may_be_invited(user):
        raise InvitationNotPossible
    record(UserInvited(user_id=user.pk), actor=actor, now=now)
    send_invitation.defer(user_id=user.pk)


def may_be_invited(user: User) -> bool:
    """Tell whether a mail could still lead this person to their first sign-in."""
    return user.is_active and bool(user.email) and user.last_login is None and not user.is_sample


def send_invitation_to(user: User) -> None:
    """Write to a person where they choose their password; opens a connection to the mail server."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    address = public_url(reverse("account_reset_password_from_key", kwargs=key))
    with override(user.language):
        subject = " ".join(render_to_string(f"{MAIL}_subject.txt").split())
        body = render_to_string(f"{MAIL}_message.txt", {"user": user, "address": address})
    EmailMessage(subject, body.strip(), to=[user.email]).send()
