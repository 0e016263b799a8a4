"""企业微信: sign-in of a company's own app by web page (documents 98152, 91039, 98176 of developer.work.weixin.qq.com).

In a browser the person scans a picture; inside the app itself, which names itself `wxwork`, one tap does, and only
there a ticket is given by which the company's e-mail may be read.
"""

from typing import Any

from allauth.socialaccount.models import SocialApp
from django.utils.translation import gettext_lazy as _

from hearth.accounts.work_apps.base import (
    LoginLink,
    OfAnotherCompany,
    Person,
    WorkAppExchange,
    WorkAppProvider,
)
from hearth.accounts.work_apps.calls import (
    ProviderRefused,
    Token,
    app_token,
    ask,
    check,
    forget_app_token,
    text_of,
)

PAGE, PAGE_INSIDE = "/wwlogin/sso/login", "/connect/oauth2/authorize"
# The token is not known any longer, or has ended before its time.
TOKEN_IS_GONE = frozenset({"40014", "42001"})


class WecomLink(LoginLink):
    """The app is known by the company and its own number."""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        address = super().get_redirect_url(authorization_url, scope, extra_params)
        return f"{address}#wechat_redirect" if authorization_url.endswith(PAGE_INSIDE) else address

    def names_of_app(self) -> dict[str, str]:
        return {"appid": self.consumer_key}


class WecomExchange(WorkAppExchange):
    """The talk with 企业微信: the app's own token, then the code."""

    provider_id = "wecom"
    client_class = WecomLink
    # Who turns back comes with neither a code nor an error.
    login_cancelled_error = None

    @property
    def authorize_url(self) -> str:
        kept = self.get_provider().app.settings
        is_inside = is_inside_app(self.request.headers.get("User-Agent", ""))
        return f"{kept['page_inside']}{PAGE_INSIDE}" if is_inside else f"{kept['page']}{PAGE}"

    def identify(self, app: SocialApp, *, code: str, verifier: str, address: str) -> Person:
        said = self._call(app, "GET", "/cgi-bin/auth/getuserinfo", {"code": code})
        key = text_of(said, "userid")
        # Guests have no such key; one of a company that is linked carries that company's before it.
        if not key or "/" in key:
            raise OfAnotherCompany("The person is a guest of the company.")
        ticket = text_of(said, "user_ticket")
        email = ""
        if ticket and app.settings["matches_email"]:
            about = self._call(app, "POST", "/cgi-bin/auth/getuserdetail", content={"user_ticket": ticket})
            email = text_of(about, "biz_mail") if text_of(about, "userid") == key else ""
        return Person(app.client_id, key, email)

    def _call(
        self,
        app: SocialApp,
        method: str,
        path: str,
        query: dict[str, str] | None = None,
        content: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Ask with the app's token, once more with a new one where it has ended before its time."""
        key = ("wecom", app.settings["api"], app.client_id, app.secret)

        def try_once() -> dict[str, Any]:
            token = app_token(key, lambda: _fetch_token(app))
            said = ask(
                method,
                f"{app.settings['api']}{path}",
                query={"access_token": token, **(query or {})},
                content=content,
            )
            return check(said, code="errcode", text="errmsg")

        try:
            return try_once()
        except ProviderRefused as refusal:
            if refusal.code not in TOKEN_IS_GONE:
                raise
            forget_app_token(key)
            return try_once()


class WecomProvider(WorkAppProvider):
    """企业微信."""

    id = "wecom"
    name = _("WeCom")
    oauth2_adapter_class = WecomExchange

    def get_auth_params(self) -> dict[str, str]:
        agent = {"agentid": self.app.settings["agent"]}
        return agent if self._is_inside() else {"login_type": "CorpApp", **agent}

    def get_scope(self) -> list[str]:
        if not self._is_inside():
            return []
        return ["snsapi_privateinfo" if self.app.settings["matches_email"] else "snsapi_base"]

    def _is_inside(self) -> bool:
        return is_inside_app(self.request.headers.get("User-Agent", ""))


def is_inside_app(agent: str) -> bool:
    """Tell whether a page is opened by 企业微信 itself."""
    return "wxwork" in agent.lower()


def _fetch_token(app: SocialApp) -> Token:
    said = ask(
        "GET",
        f"{app.settings['api']}/cgi-bin/gettoken",
        query={"corpid": app.client_id, "corpsecret": app.secret},
    )
    check(said, code="errcode", text="errmsg")
    return text_of(said, "access_token"), int(said.get("expires_in") or 0)
