"""How django-allauth behaves here."""

import logging
from base64 import b64decode, b64encode
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from hearth.accounts.devices import remember_device, tell_of_new_device
from hearth.accounts.models import User
from hearth.core.crypto import open_sealed, seal
from hearth.core.sealed_places import Renew

log = logging.getLogger(__name__)

SECRET_COLUMN = "mfa_authenticator.secret"  # noqa: S105  (the name of a column)
# allauth seals a secret before it knows its row.
NO_ROW = UUID(int=0)
SECRETS = frozenset({"secret", "seed"})


def remember_language(response: HttpResponse, language: str) -> None:
    """Write the cookie from which each request reads its language, for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The user name or the password is not right."),
        "username_password_mismatch": _("The user name or the password is not right."),
        "too_many_login_attempts": _(
            "Too many wrong tries: sign-in is locked for five minutes. Wait, or reset your password."
        ),
        "incorrect_password": _("The password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and tell of a device that is new; the first device of all is no news."""
        was_here_before = user.last_login is not None
        super().login(request, user)
        if was_here_before:
            tell_of_new_device(request, user, address=self.get_client_ip(request))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on in the language of the person who signed in, on a device that is known from now on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_language(response, user.language)
        remember_device(request, response, user)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, and answer the same where the mail server fails: a failure would tell that an account exists."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError):
            log.exception("The mail server did not take the message %s.", template_prefix)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count wrong passwords for the account, by whichever of its names it was tried."""
        login = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
        by = {"email__iexact": login} if "@" in login else {"username__iexact": login}
        user = User.objects.filter(**by).only("pk").first() if login else None
        return f"user:{user.pk}" if user else f"unknown:{login}"


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps are sealed with the installation's keys."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. Codes change every 30 seconds and work once."),
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the installation to the device; the host was checked against those allowed."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Hearth"}

    def encrypt(self, text: str) -> str:
        return b64encode(seal(text, column=SECRET_COLUMN, row_id=NO_ROW)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(b64decode(encrypted_text), column=SECRET_COLUMN, row_id=NO_ROW)


def renew_secrets(model: type[Model], row_id: Any, kept: Mapping[str, Any], renew: Renew) -> dict[str, Any]:
    """Return what a second step keeps with the secrets in it sealed anew."""
    return {
        key: b64encode(renew(b64decode(value), SECRET_COLUMN, NO_ROW)).decode()
        if key in SECRETS and value
        else value
        for key, value in kept.items()
    }
