"""The pages of django-allauth that Hearth offers, under the names it asks for; nobody signs up by themselves."""

from collections.abc import Callable

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, re_path

from hearth.accounts import sso
from hearth.accounts.views import second_step
from hearth.core.permissions import SIGNED_IN, public, requires

BOTH = ("GET", "HEAD", "POST")
open_to_all, shown_to_all = public(methods=BOTH), public()


def of_owner(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 to everybody but the owner of a passkey, before anything is asked of them."""

    def run(request: HttpRequest, pk: int) -> HttpResponse:
        get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
        return view(request, pk=pk)

    return run


for_people, shown_to_people = requires(SIGNED_IN, methods=BOTH), requires(SIGNED_IN)

urlpatterns = [
    path("login/", open_to_all(account.login), name="account_login"),
    path("logout/", open_to_all(account.logout), name="account_logout"),
    path("inactive/", shown_to_all(account.account_inactive), name="account_inactive"),
    path("password/reset/", open_to_all(account.password_reset), name="account_reset_password"),
    path(
        "password/reset/done/", shown_to_all(account.password_reset_done), name="account_reset_password_done"
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        open_to_all(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        shown_to_all(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("password/change/", for_people(account.password_change), name="account_change_password"),
    path("password/set/", for_people(account.password_set), name="account_set_password"),
    path("confirm/", for_people(account.reauthenticate), name="account_reauthenticate"),
    path("two-step/code/", open_to_all(mfa.authenticate), name="mfa_authenticate"),
    path("two-step/", second_step, name="mfa_index"),
    path("two-step/confirm/", for_people(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("two-step/app/", for_people(totp.activate_totp), name="mfa_activate_totp"),
    path("two-step/app/remove/", for_people(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("provider/<slug:provider_id>/", sso.begin, name="openid_connect_login"),
    path("provider/<slug:provider_id>/back/", sso.come_back, name="openid_connect_callback"),
    path("company/cancelled/", sso.cancelled, name="socialaccount_login_cancelled"),
    path("company/connections/", second_step, name="socialaccount_connections"),
    path("provider/<slug:provider_id>/disconnect/", sso.disconnect, name="sso_disconnect"),
    path("passkeys/sign-in/", open_to_all(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("passkeys/", second_step, name="mfa_list_webauthn"),
    path("passkeys/add/", for_people(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "passkeys/confirm/", for_people(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"
    ),
    path("passkeys/<int:pk>/rename/", for_people(of_owner(passkeys.edit_webauthn)), name="mfa_edit_webauthn"),
    path(
        "passkeys/<int:pk>/remove/",
        for_people(of_owner(passkeys.remove_webauthn)),
        name="mfa_remove_webauthn",
    ),
    path(
        "two-step/recovery-codes/",
        shown_to_people(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "two-step/recovery-codes/new/",
        for_people(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "two-step/recovery-codes/download/",
        shown_to_people(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
