"""Single sign-on by OpenID Connect: who comes from the provider is an account that is known here, or nobody.

The library leaves to us what it holds unnecessary over TLS: the signature of the identity token, the nonce that ties it
to this sign-in, and that the answer about the person speaks of the one in the token.
"""

import logging
import secrets
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import get_request_param
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext

from hearth.accounts.models import User
from hearth.core.permissions import SIGNED_IN, public, requires

log = logging.getLogger(__name__)
NONCE, PROOF, PROVIDER = "sso_nonce", "sso_proof", "company"
FORBIDDEN = 403


class Exchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The talk with the provider, checked in full."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        """Return whom the provider names.

        :raises OAuth2Error: if the token is missing, of another sign-in, or not about the person of the answer
        """
        written = kwargs["response"].get("id_token")
        if not written:
            raise OAuth2Error("There is no identity token.")
        said = jwtkit.verify_and_decode(
            credential=written,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        nonce = request.session.pop(NONCE, "")
        if not nonce or not secrets.compare_digest(str(said.get("nonce", "")), nonce):
            raise OAuth2Error("The identity token belongs to another sign-in.")
        about = self._fetch_user_info(token.token)
        if about.get("sub") != said["sub"]:
            raise OAuth2Error("The answer is about somebody else.")
        login = self.get_provider().sociallogin_from_response(request, {"userinfo": about, "id_token": said})
        # What else the provider says of the person is needed for nothing here.
        login.account.extra_data = {}
        return login


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """The provider of the company, with a nonce for each sign-in."""

    oauth2_adapter_class = Exchange

    def redirect(self, request: HttpRequest, process: str, **kwargs: Any) -> HttpResponse:
        """Send the person to the provider; nothing of the address they came by goes along."""
        request.session[NONCE] = secrets.token_urlsafe(24)
        kwargs["auth_params"] = {"nonce": request.session[NONCE]}
        response: HttpResponse = super().redirect(request, process, **kwargs)
        return response


class SsoAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who is not known here stays outside: accounts are made by administrators."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account of who comes for the first time, where the installation trusts the address they bring.

        :raises ImmediateHttpResponse: with a page that says what to do, where there is none
        """
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        user = _by_address(sociallogin) if settings.OIDC_MATCHES_EMAIL else None
        if user is None:
            log.warning("Nobody here is known to the provider as %s.", sociallogin.account.uid)
            raise ImmediateHttpResponse(
                render(request, "socialaccount/unknown.html", {"name": settings.OIDC_NAME}, status=FORBIDDEN)
            )
        sociallogin.connect(request, user)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **about: Any) -> None:
        """Leave a line for the operator; the person is told no more than that it failed."""
        log.warning("Sign-in by the provider failed: %s %s", about.get("error"), about.get("exception"))


def _by_address(sociallogin: SocialLogin) -> User | None:
    verified = [address.email for address in sociallogin.email_addresses if address.verified is True]
    if len(verified) != 1:
        return None
    rows = User.objects.active().filter(email__iexact=verified[0], is_for_emergency=False)
    found: User | None = rows.exclude(socialaccount__provider=PROVIDER).first()
    return found


def is_offered() -> bool:
    """Tell whether the installation names a provider."""
    return bool(settings.OIDC_URL)


def came_by_provider(request: HttpRequest, user: User) -> bool:
    """Tell whether this sign-in was the provider's, for whom the session is already."""
    session_user = request.user if request.user.is_authenticated else user
    records = get_authentication_records(request, session_user)
    return any(record.get("method") == "socialaccount" for record in records)


def connection_of(user: User) -> SocialAccount | None:
    """Return the account of the provider that opens a person's account; one query, none where none is offered."""
    if not is_offered():
        return None
    row: SocialAccount | None = SocialAccount.objects.filter(user=user, provider=PROVIDER).first()
    return row


def proof_of(request: HttpRequest) -> str:
    """Return what a link to connect carries, so that no page of somebody else can start it."""
    proof: str = request.session.setdefault(PROOF, secrets.token_urlsafe(24))
    return proof


def _known(provider_id: str) -> None:
    if provider_id != PROVIDER or not is_offered():
        raise Http404


@public()
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider; `process=connect` connects it to the account that is open, if that person asked for it."""
    _known(provider_id)
    is_to_connect = get_request_param(request, "process", AuthProcess.LOGIN) != AuthProcess.LOGIN
    proof = request.session.get(PROOF, "")
    if is_to_connect and not (
        proof and secrets.compare_digest(request.GET.get("proof", "").encode(), proof.encode())
    ):
        return redirect("accounts:profile")
    response: HttpResponse = OAuth2LoginView.adapter_view(Exchange(request, provider_id))(request)
    return response


@public()
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come from the provider."""
    _known(provider_id)
    response: HttpResponse = OAuth2CallbackView.adapter_view(Exchange(request, provider_id))(request)
    return response


@public()
def cancelled(request: HttpRequest) -> HttpResponse:
    """Who turned back at the provider signs in again, or by the password."""
    messages.info(request, gettext("You turned back. Nothing was opened."))
    return redirect("account_login")


@requires(SIGNED_IN, methods=("POST",))
def disconnect(request: HttpRequest) -> HttpResponse:
    """Have the provider open the account no more."""
    if not is_offered():
        raise Http404
    row = get_object_or_404(SocialAccount, user=request.user, provider=PROVIDER)
    row.delete()
    messages.success(request, gettext("It opens your account no more."))
    return redirect("accounts:profile")
