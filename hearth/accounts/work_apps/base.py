"""What the work apps have in common: the kept library carries state and session, a provider only says who came."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from allauth.utils import build_absolute_uri, get_request_param
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class OfAnotherCompany(OAuth2Error):  # type: ignore[misc]
    """The provider knows the person, and not as one of the company whose installation this is."""


@dataclass(frozen=True)
class Person:
    """Whom a provider names, as one of the company.

    `company` is the company's key there, since the person's may be used in another company too; `email` is that of
    the company, as its administrators keep it, empty where it was not asked for.
    """

    company: str
    key: str
    email: str = ""

    @property
    def uid(self) -> str:
        """By which the account is found."""
        return f"{self.company}:{self.key}"


class LoginLink(OAuth2Client):  # type: ignore[misc]
    """The address where a person signs in at the provider, with the names of parameters that it wants."""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        asked = {
            **self.names_of_app(),
            "redirect_uri": self.callback_url,
            "response_type": "code",
            "scope": " ".join(scope),
            "state": self.state,
            **extra_params,
        }
        return f"{authorization_url}?{urlencode({name: value for name, value in asked.items() if value})}"

    def names_of_app(self) -> dict[str, str]:
        """Return by which parameters the provider knows the app."""
        return {"client_id": self.consumer_key}


class WorkAppExchange(OAuth2Adapter):  # type: ignore[misc]
    """The talk with a work app; a subclass says in `identify` who stands behind a code."""

    client_class = LoginLink
    # The library's client asks nothing here: `identify` does.
    access_token_url = ""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        path = reverse("openid_connect_callback", kwargs={"provider_id": self.provider_id})
        address: str = build_absolute_uri(request, path, self.redirect_uri_protocol)
        return address

    def get_access_token_data(
        self,
        request: HttpRequest,
        app: SocialApp,
        client: OAuth2Client,
        pkce_code_verifier: str | None = None,
    ) -> dict[str, Any]:
        """Turn the code into the person at once; no token of the provider outlives this request."""
        code = str(get_request_param(request, "code"))
        person = self.identify(app, code=code, verifier=pkce_code_verifier or "", address=client.callback_url)
        if not person.key or person.company != app.settings["company"]:
            raise OfAnotherCompany("The person is not one of the company.")
        return {"access_token": "", "person": person}

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        return self.get_provider().sociallogin_from_response(request, kwargs["response"]["person"])

    def identify(self, app: SocialApp, *, code: str, verifier: str, address: str) -> Person:
        """Return who stands behind a code.

        :raises ProviderDown: if the provider cannot be asked
        :raises ProviderRefused: if it does not take the code
        :raises OfAnotherCompany: if it knows the person as somebody else's
        """
        raise NotImplementedError


class WorkAppProvider(OAuth2Provider):  # type: ignore[misc]
    """A work app as the kept library sees it."""

    account_class = ProviderAccount

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("openid_connect_login", kwargs={"provider_id": self.id})

    def get_callback_url(self) -> str:
        return reverse("openid_connect_callback", kwargs={"provider_id": self.id})

    def redirect(self, request: HttpRequest, process: str, **kwargs: Any) -> HttpResponse:
        """Send the person to the provider; nothing of the address they came by goes along."""
        kwargs["auth_params"], kwargs["scope"] = self.get_auth_params(), self.get_scope()
        response: HttpResponse = super().redirect(request, process, **kwargs)
        return response

    def extract_uid(self, data: Person) -> str:
        return data.uid

    def extract_extra_data(self, data: Person) -> dict[str, Any]:
        """Keep nothing: what else the provider says of the person is needed for nothing here."""
        return {}

    def extract_email_addresses(self, data: Person) -> list[EmailAddress]:
        return [EmailAddress(email=data.email, verified=True, primary=True)] if data.email else []
