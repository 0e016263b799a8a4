"""The work apps by which people may sign in, as the environment names them; without its names, each is off."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from hearth.config import environment as env


def work_apps() -> dict[str, dict[str, Any]]:
    """Return what the kept library needs of each work app.

    :raises ImproperlyConfigured: if one is named in part
    """
    return {"wecom": _wecom(), "dingtalk": _dingtalk(), "feishu": _feishu()}


def _wecom() -> dict[str, Any]:
    company, agent = env.text("HEARTH_WECOM_CORP"), env.text("HEARTH_WECOM_AGENT")
    secret = env.secret("HEARTH_WECOM_SECRET")
    more = {
        "company": company,
        "agent": agent,
        "matches_email": env.flag("HEARTH_WECOM_MATCH_EMAIL", default=False),
        "page": env.text("HEARTH_WECOM_PAGE", "https://login.work.weixin.qq.com"),
        "page_inside": env.text("HEARTH_WECOM_INSIDE_PAGE", "https://open.weixin.qq.com"),
        "api": env.text("HEARTH_WECOM_API", "https://qyapi.weixin.qq.com"),
    }
    return _app("wecom", client=company, secret=secret, also=[agent], more=more)


def _dingtalk() -> dict[str, Any]:
    company, client = env.text("HEARTH_DINGTALK_CORP"), env.text("HEARTH_DINGTALK_CLIENT")
    secret = env.secret("HEARTH_DINGTALK_SECRET")
    more = {
        "company": company,
        "matches_email": env.flag("HEARTH_DINGTALK_MATCH_EMAIL", default=False),
        "page": env.text("HEARTH_DINGTALK_PAGE", "https://login.dingtalk.com"),
        "api": env.text("HEARTH_DINGTALK_API", "https://api.dingtalk.com"),
        "directory": env.text("HEARTH_DINGTALK_DIRECTORY", "https://oapi.dingtalk.com"),
    }
    return _app("dingtalk", client=client, secret=secret, also=[company], more=more)


def _feishu() -> dict[str, Any]:
    company, client = env.text("HEARTH_FEISHU_CORP"), env.text("HEARTH_FEISHU_CLIENT")
    secret = env.secret("HEARTH_FEISHU_SECRET")
    more = {
        "company": company,
        "matches_email": env.flag("HEARTH_FEISHU_MATCH_EMAIL", default=False),
        "page": env.text("HEARTH_FEISHU_PAGE", "https://accounts.feishu.cn"),
        "api": env.text("HEARTH_FEISHU_API", "https://open.feishu.cn"),
    }
    return _app("feishu", client=client, secret=secret, also=[company], more=more)


def _app(name: str, *, client: str, secret: str, also: list[str], more: dict[str, Any]) -> dict[str, Any]:
    given = [bool(value) for value in (client, secret, *also)]
    if any(given) and not all(given):
        upper = name.upper()
        message = f"The variables HEARTH_{upper}_… belong together: company, app and secret; one is missing."
        raise ImproperlyConfigured(message)
    app = {"provider_id": name, "name": name, "client_id": client, "secret": secret, "settings": more}
    return {"APPS": [app] if all(given) else []}
