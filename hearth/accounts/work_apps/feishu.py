"""飞书: sign-in by web page with the challenge of OAuth 2.0 (open.feishu.cn, `authen/v2/oauth/token` and `user_info`).

The kept library speaks its first version, without a challenge; the second is the one the maker recommends.
"""

from allauth.socialaccount.models import SocialApp
from django.utils.translation import gettext_lazy as _

from hearth.accounts.work_apps.base import Person, WorkAppExchange, WorkAppProvider
from hearth.accounts.work_apps.calls import ask, check, text_of


class FeishuExchange(WorkAppExchange):
    """The talk with 飞书."""

    provider_id = "feishu"

    @property
    def authorize_url(self) -> str:
        return f"{self.get_provider().app.settings['page']}/open-apis/authen/v1/authorize"

    def identify(self, app: SocialApp, *, code: str, verifier: str, address: str) -> Person:
        wanted = {
            "grant_type": "authorization_code",
            "client_id": app.client_id,
            "client_secret": app.secret,
            "code": code,
            "redirect_uri": address,
            "code_verifier": verifier,
        }
        api = app.settings["api"]
        token = check(
            ask("POST", f"{api}/open-apis/authen/v2/oauth/token", content=wanted),
            code="code",
            text="error_description",
        )
        headers = {"Authorization": f"Bearer {text_of(token, 'access_token')}"}
        said = check(
            ask("GET", f"{api}/open-apis/authen/v1/user_info", headers=headers), code="code", text="msg"
        )
        about = said["data"] if isinstance(said.get("data"), dict) else {}
        # `email` is what the person or an administrator wrote down; the company's own mail is `enterprise_email`.
        email = text_of(about, "enterprise_email") if app.settings["matches_email"] else ""
        return Person(text_of(about, "tenant_key"), text_of(about, "union_id"), email)


class FeishuProvider(WorkAppProvider):
    """飞书."""

    id = "feishu"
    name = _("Feishu")
    oauth2_adapter_class = FeishuExchange
    pkce_enabled_default = True
