"""钉钉: sign-in by web page (open.dingtalk.com, "obtain the user token", "query personal information of a user").

The token of the person says in which company they signed in. Their own e-mail is what they wrote down themselves and
opens nothing; the company's is read from its directory by the app.
"""

from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.dingtalk.views import DingTalkOAuth2Adapter
from django.utils.translation import gettext_lazy as _

from hearth.accounts.work_apps.base import OfAnotherCompany, Person, WorkAppExchange, WorkAppProvider
from hearth.accounts.work_apps.calls import ProviderRefused, Token, app_token, ask, check, text_of

# A person the directory of the company does not hold, and one who is there as a guest.
UNKNOWN, GUEST = "60121", 1


class DingtalkExchange(WorkAppExchange, DingTalkOAuth2Adapter):  # type: ignore[misc]
    """The talk with 钉钉, whose code the library finds under its name `authCode`."""

    provider_id = "dingtalk"

    @property
    def authorize_url(self) -> str:
        return f"{self.get_provider().app.settings['page']}/oauth2/auth"

    def identify(self, app: SocialApp, *, code: str, verifier: str, address: str) -> Person:
        wanted = {
            "clientId": app.client_id,
            "clientSecret": app.secret,
            "code": code,
            "grantType": "authorization_code",
        }
        api = app.settings["api"]
        token = _checked(ask("POST", f"{api}/v1.0/oauth2/userAccessToken", content=wanted))
        company = text_of(token, "corpId")
        if company != app.settings["company"]:
            raise OfAnotherCompany("The person signed in for another company.")
        headers = {"x-acs-dingtalk-access-token": text_of(token, "accessToken")}
        about = _checked(ask("GET", f"{api}/v1.0/contact/users/me", headers=headers))
        key = text_of(about, "unionId")
        email = _company_email(app, key) if app.settings["matches_email"] else ""
        return Person(company, key, email)


class DingtalkProvider(WorkAppProvider):
    """钉钉."""

    id = "dingtalk"
    name = _("DingTalk")
    oauth2_adapter_class = DingtalkExchange

    def get_auth_params(self) -> dict[str, str]:
        return {"prompt": "consent", "corpId": self.app.settings["company"]}

    def get_scope(self) -> list[str]:
        return ["openid", "corpid"]


def _checked(said: dict[str, Any]) -> dict[str, Any]:
    """Return a good answer of the newer interface, which refuses by the status and a word."""
    return check(said, code="code", text="message")


def _company_email(app: SocialApp, union_key: str) -> str:
    """Return the e-mail that the company's directory holds of a person, empty where it holds none.

    :raises OfAnotherCompany: if the directory does not hold the person
    """
    try:
        found = _directory(app, "/topapi/user/getbyunionid", {"unionid": union_key})
    except ProviderRefused as refusal:
        if refusal.code == UNKNOWN:
            raise OfAnotherCompany("The directory does not hold the person.") from refusal
        raise
    if found.get("contact_type") == GUEST:
        raise OfAnotherCompany("The person is a guest of the company.")
    return text_of(_directory(app, "/topapi/v2/user/get", {"userid": text_of(found, "userid")}), "org_email")


def _directory(app: SocialApp, path: str, content: dict[str, str]) -> dict[str, Any]:
    key = ("dingtalk", app.settings["api"], app.client_id, app.secret)
    token = app_token(key, lambda: _fetch_token(app))
    said = ask("POST", f"{app.settings['directory']}{path}", query={"access_token": token}, content=content)
    result = check(said, code="errcode", text="errmsg").get("result")
    return result if isinstance(result, dict) else {}


def _fetch_token(app: SocialApp) -> Token:
    wanted = {"appKey": app.client_id, "appSecret": app.secret}
    said = _checked(ask("POST", f"{app.settings['api']}/v1.0/oauth2/accessToken", content=wanted))
    return text_of(said, "accessToken"), int(said.get("expireIn") or 0)
