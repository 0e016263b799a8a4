"""Forms of the account page, and allauth's forms in the look and the words of ours."""

from datetime import timedelta
from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.core.permissions import SIGNED_IN, permissions


def style(form: forms.BaseForm) -> None:
    """Give the controls of a form Tabler's classes."""
    for field in form.fields.values():
        if isinstance(field.widget, forms.CheckboxInput):
            field.widget.attrs.setdefault("class", "form-check-input")
        elif isinstance(field.widget, forms.Select):
            field.widget.attrs.setdefault("class", "form-select")
        else:
            field.widget.attrs.setdefault("class", "form-control")
        field.widget.attrs.pop("placeholder", None)


class ProfileForm(forms.Form):
    """What people change of their own account; a new e-mail needs the password, since it can reset it."""

    display_name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    current_password = forms.CharField(
        label=_("Current password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Needed only to change the e-mail."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        initial = {"display_name": user.display_name, "email": user.email, "language": user.language}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.user = user
        style(self)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        changed = "email" in values and values["email"] != self.user.email
        if changed and not self.user.check_password(values.get("current_password", "")):
            self.add_error("current_password", _("The password is not right."))
        return values


class TokenForm(forms.Form):
    """What a new token is for and how far it reaches."""

    name = forms.CharField(label=_("What is it for?"), max_length=100)
    expires_date = forms.DateField(
        label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    can_write = forms.BooleanField(label=_("May also change data"), required=False)
    networks = forms.CharField(
        label=_("Only from these addresses"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Addresses or networks such as 10.1.0.0/16, with commas; empty: from anywhere."),
    )
    rights = forms.MultipleChoiceField(
        label=_("Only with these rights"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        in_three_months = timezone.localdate() + timedelta(days=90)
        super().__init__(*args, **{"initial": {"expires_date": in_three_months}, **kwargs})
        style(self)
        field = self.fields["rights"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (as declared above)
        field.choices = [(name, label) for name, label in permissions.items() if name != SIGNED_IN]
        field.widget.attrs["class"] = "form-check-input"

    def clean_networks(self) -> list[str]:
        """Take the addresses apart; the service says whether they are any."""
        return [part.strip() for part in self.cleaned_data["networks"].split(",") if part.strip()]


class SignInForm(account_forms.LoginForm):  # type: ignore[misc]
    """User name or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or e-mail")
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Stay signed in on this device")
        style(self)


class ChangePasswordForm(account_forms.ChangePasswordForm):  # type: ignore[misc]
    """The old password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")
        style(self)


class SetPasswordForm(account_forms.SetPasswordForm):  # type: ignore[misc]
    """A first password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")
        style(self)


class AskResetForm(account_forms.ResetPasswordForm):  # type: ignore[misc]
    """The address a reset link goes to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        style(self)


class ResetPasswordForm(account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password after a reset link, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password again")
        style(self)


class ConfirmPasswordForm(account_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before an act that guards the account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Current password")
        self.fields["password"].help_text = ""
        style(self)


class _CodeForm(forms.Form):
    """One code, large and without suggestions of old ones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = pgettext_lazy("one-time", "Code")
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": True}
        style(self)


class SecondStepForm(_CodeForm, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    """A code of the authenticator app, or a recovery code."""


class ConfirmCodeForm(_CodeForm, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    """A code once more, before an act that guards the account."""


class ActivateTotpForm(_CodeForm, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""
