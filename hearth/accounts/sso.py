"""Single sign-on: who comes from a provider is an account that is known here, or nobody.

The company's provider of OpenID Connect is spoken with here, the work apps in `work_apps`. The library leaves to us
what it holds unnecessary over TLS: the signature of the identity token, the nonce that ties it to this sign-in, and
that the answer about the person speaks of the one in the token.
"""

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import requests
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter, OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import get_request_param
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from hearth.accounts.models import User
from hearth.accounts.work_apps.base import OfAnotherCompany
from hearth.accounts.work_apps.calls import ProviderDown
from hearth.core.permissions import SIGNED_IN, public, requires

log = logging.getLogger(__name__)
NONCE, PROOF, PROVIDER = "sso_nonce", "sso_proof", "company"
WORK_APPS = ("wecom", "dingtalk", "feishu")
FORBIDDEN, UNAVAILABLE = 403, 503
NO_ANSWER = (ProviderDown, requests.ConnectionError, requests.Timeout)


@dataclass(frozen=True)
class Offer:
    """A provider that the installation names; `connection` is by what it opens the account of who looks, if it does."""

    id: str
    name: str
    connection: SocialAccount | None = None


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

        :raises ImmediateHttpResponse: with a page that says what to do, where there is none, and for the account for
            an emergency, which no provider opens
        """
        is_to_connect = sociallogin.state.get("process") == AuthProcess.CONNECT
        opened = request.user if is_to_connect else sociallogin.user
        if getattr(opened, "is_for_emergency", False):
            raise _refusal(request, "unknown", sociallogin.account.provider)
        if sociallogin.is_existing or is_to_connect:
            return
        user = _by_address(sociallogin) if _matches_email(sociallogin) else None
        if user is None:
            log.warning(
                "Nobody here is known to %s as %s.", sociallogin.account.provider, sociallogin.account.uid
            )
            raise _refusal(request, "unknown", sociallogin.account.provider)
        sociallogin.connect(request, user)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **about: Any) -> None:
        """Leave a line for the operator; the person is told no more than that it failed, and whether to wait.

        :raises ImmediateHttpResponse: with a page of its own where the provider does not answer, or knows the person
            as somebody else's
        """
        failed = about.get("exception")
        log.warning("Sign-in by %s failed: %s %s", provider.sub_id, about.get("error"), failed)
        if isinstance(failed, NO_ANSWER):
            raise _refusal(request, "unreachable", provider.sub_id, status=UNAVAILABLE)
        if isinstance(failed, OfAnotherCompany):
            raise _refusal(request, "foreign", provider.sub_id)


def _refusal(
    request: HttpRequest, reason: str, provider_id: str, *, status: int = FORBIDDEN
) -> ImmediateHttpResponse:
    name = _name_of(provider_id)
    return ImmediateHttpResponse(
        render(request, f"socialaccount/{reason}.html", {"name": name}, status=status)
    )


def _matches_email(sociallogin: SocialLogin) -> bool:
    """Tell whether the installation trusts the addresses that a provider calls verified."""
    if sociallogin.account.provider == PROVIDER:
        return bool(settings.OIDC_MATCHES_EMAIL)
    return bool(sociallogin.provider.app.settings["matches_email"])


def _by_address(sociallogin: SocialLogin) -> User | None:
    verified = [address.email for address in sociallogin.email_addresses if address.verified is True]
    if len(verified) != 1:
        return None
    rows = User.objects.active().filter(email__iexact=verified[0], is_for_emergency=False)
    found: User | None = rows.exclude(socialaccount__provider=sociallogin.account.provider).first()
    return found


def _name_of(provider_id: str) -> str:
    return str(settings.OIDC_NAME if provider_id == PROVIDER else registry.get_class(provider_id).name)


def _is_offered(provider_id: str) -> bool:
    if provider_id == PROVIDER:
        return bool(settings.OIDC_URL)
    return provider_id in WORK_APPS and bool(
        settings.SOCIALACCOUNT_PROVIDERS.get(provider_id, {}).get("APPS")
    )


def offers(rows: Iterable[SocialAccount] = ()) -> list[Offer]:
    """Return the providers that the installation names, each with the connection among `rows` that is its own."""
    connections = {row.provider: row for row in rows}
    return [
        Offer(each, _name_of(each), connections.get(each))
        for each in (PROVIDER, *WORK_APPS)
        if _is_offered(each)
    ]


def offers_to(user: User) -> list[Offer]:
    """Return the providers with what connects a person's account to them; one query, none where none is offered."""
    return offers(SocialAccount.objects.filter(user=user)) if offers() else []


def came_by_provider(request: HttpRequest, user: User) -> bool:
    """Tell whether this sign-in was by the company's provider, for whom the session is already.

    A work app does not say how it made sure of the person, so it never counts.
    """
    session_user = request.user if request.user.is_authenticated else user
    records = get_authentication_records(request, session_user)
    return any(
        record.get("method") == "socialaccount" and record.get("provider") == PROVIDER for record in records
    )


def proof_of(request: HttpRequest) -> str:
    """Return what a link to connect carries, so that no page of somebody else can start it."""
    proof: str = request.session.setdefault(PROOF, secrets.token_urlsafe(24))
    return proof


def _exchange(request: HttpRequest, provider_id: str) -> OAuth2Adapter:
    if not _is_offered(provider_id):
        raise Http404
    if provider_id == PROVIDER:
        return Exchange(request, provider_id)
    return registry.get_class(provider_id).oauth2_adapter_class(request)


@public()
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider; `process=connect` connects it to the account that is open, if that person asked for it."""
    exchange = _exchange(request, provider_id)
    is_to_connect = get_request_param(request, "process", AuthProcess.LOGIN) != AuthProcess.LOGIN
    proof = request.session.get(PROOF, "")
    if is_to_connect and not (
        proof and secrets.compare_digest(request.GET.get("proof", "").encode(), proof.encode())
    ):
        return redirect("accounts:profile")
    try:
        response: HttpResponse = OAuth2LoginView.adapter_view(exchange)(request)
    except NO_ANSWER as error:
        log.warning("Sign-in by %s cannot begin: %s", provider_id, error)
        response = _refusal(request, "unreachable", provider_id, status=UNAVAILABLE).response
    return response


@public()
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come from the provider."""
    exchange = _exchange(request, provider_id)
    response: HttpResponse = OAuth2CallbackView.adapter_view(exchange)(request)
    return response


@public()
def cancelled(request: HttpRequest) -> HttpResponse:
    """Who turned back at the provider signs in again, or by the password."""
    messages.info(request, gettext("You turned back. Nothing was opened."))
    return redirect("account_login")


@requires(SIGNED_IN, methods=("POST",))
def disconnect(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Have a provider open the account no more."""
    rows = SocialAccount.objects.filter(user=request.user, provider=provider_id)
    if not _is_offered(provider_id) or not rows.exists():
        raise Http404
    rows.delete()
    messages.success(request, gettext("It opens your account no more."))
    return redirect("accounts:profile")
