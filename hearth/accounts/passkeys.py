"""Passkeys: the forms of allauth in our words, and the counter that tells a copied key."""

import logging
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from fido2.utils import websafe_decode
from fido2.webauthn import AuthenticatorData

from hearth.accounts.forms import style

log = logging.getLogger(__name__)
LONGEST_NAME = 60
COUNTER = "sign_count"


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    """A name for the passkey; the device makes the rest, and asks who it is, since a passkey replaces the password."""

    passwordless = forms.BooleanField(initial=True, widget=forms.CheckboxInput({"hidden": True}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field(initial=self.initial.get("name", ""), is_required=False)
        style(self)


class RenamePasskeyForm(webauthn_forms.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name_field(initial=self.initial.get("name", ""), is_required=True)
        style(self)


class _CountedForm(webauthn_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """Refuses a key whose counter did not move on: somebody has a copy of it. Synchronised passkeys do not count."""

    def clean_credential(self) -> Authenticator:
        answer = self.cleaned_data["credential"]
        authenticator: Authenticator = super().clean_credential()
        counter = AuthenticatorData(websafe_decode(answer["response"]["authenticatorData"])).counter
        before = authenticator.data.get(COUNTER, 0)
        if before and counter <= before:
            log.warning("Passkey %s of account %s counts backwards.", authenticator.pk, authenticator.user_id)
            raise get_adapter().validation_error("incorrect_code")
        if counter != before:
            authenticator.data[COUNTER] = counter
            authenticator.save(update_fields=["data"])
        return authenticator


class SecondStepPasskeyForm(_CountedForm):
    """A passkey after the password."""


class PasskeySignInForm(_CountedForm, webauthn_forms.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of the password."""


class ConfirmPasskeyForm(_CountedForm, webauthn_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey once more, before an act that guards the account."""


def _name_field(*, initial: str, is_required: bool) -> forms.CharField:
    return forms.CharField(
        label=pgettext_lazy("passkey", "Name"),
        max_length=LONGEST_NAME,
        required=is_required,
        initial=initial,
        help_text=_("So that you know later which device it is, such as “Phone”."),
    )
