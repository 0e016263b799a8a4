"""Whoever opens a connection is named here: what guards it, or why the address is not one that somebody can choose.

A new module that can call out fails until it is named.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.gates.tree import list_modules, name_of, read_text

# What opens connections by itself, in the standard library and in what Hearth depends on.
OPENING = (
    *("socket", "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "websockets"),
    *("smtplib", "imaplib", "poplib", "ftplib", "telnetlib", "xmlrpc", "asyncssh", "paramiko", "fsspec"),
    *("django.core.mail", "allauth.socialaccount.providers.oauth2", "allauth.socialaccount.internal"),
    *("allauth.socialaccount.providers.openid_connect", "allauth.socialaccount.providers.dingtalk"),
)
# People can choose the address: it is judged before, and the connection goes to the address that was judged.
JUDGED = {
    "hearth/accounts/work_apps/calls.py": "resolve(",
    "hearth/imports/places.py": "judge(",
    "hearth/mailroom/gateway.py": "judge(",
    "hearth/webhooks/gateway.py": "resolve(",
}
BELOW = {
    "hearth/lib/outside_addresses.py": "judges the addresses; asks the resolver alone",
    "hearth/lib/outside_calls.py": "takes a judged address alone",
}
# The address is a setting of whoever runs the installation, named here.
SET = {
    "hearth/accounts/sso.py": ("HEARTH_OIDC_URL",),
    "hearth/channels/gateways/mail.py": ("HEARTH_SMTP_HOST",),
    "hearth/accounts/adapter.py": ("HEARTH_SMTP_HOST",),
    "hearth/accounts/devices.py": ("HEARTH_SMTP_HOST",),
    "hearth/accounts/services/invitations.py": ("HEARTH_SMTP_HOST",),
    "hearth/registers/mails.py": ("HEARTH_SMTP_HOST",),
    "hearth/vigilance/emergency.py": ("HEARTH_SMTP_HOST",),
    "hearth/webhooks/jobs.py": ("HEARTH_SMTP_HOST",),
    "hearth/accounts/work_apps/base.py": ("HEARTH_WECOM_API", "HEARTH_DINGTALK_API", "HEARTH_FEISHU_API"),
    "hearth/accounts/work_apps/dingtalk.py": ("HEARTH_DINGTALK_API",),
}
OWN = {"hearth/cli/serve.py": "asks the web that it started itself whether it is up"}


def imports_of(text: str) -> Iterator[str]:
    """Return the dotted names that a module imports, wherever it does."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.args[0] if node.args else None, ast.Constant):
            name = node.args[0].value  # type: ignore[attr-defined]
            if isinstance(node.func, ast.Name | ast.Attribute) and isinstance(name, str):
                called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if called in {"import_module", "__import__", "Postponed"}:
                    yield name


def opens_connections(text: str) -> bool:
    """Tell whether a module imports what opens connections."""
    return any(name == each or name.startswith(f"{each}.") for name in imports_of(text) for each in OPENING)


CALLERS = {
    name_of(path): text
    for path in list_modules()
    if name_of(path).startswith("hearth/") and opens_connections(text := read_text(path))
}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "import socket",
            "import http.client as web",
            "from urllib import request",
            "from urllib.request import urlopen",
        ),
        *("def ask():\n    import requests", "kept = Postponed('asyncssh')", "import_module('httpx')"),
    ],
)
def test_a_module_that_can_call_out_is_seen_however_it_imports(text: str) -> None:
    assert opens_connections(text)


@pytest.mark.parametrize(
    "text", ["import http", "from urllib.parse import urlsplit", "import socketserver_of_ours"]
)
def test_a_module_that_cannot_call_out_is_left_alone(text: str) -> None:
    assert not opens_connections(text)


def test_whoever_can_call_out_is_named_with_its_guard() -> None:
    assert sorted(CALLERS) == sorted({*JUDGED, *BELOW, *SET, *OWN})


def test_where_people_choose_the_address_it_is_judged() -> None:
    assert [name for name, judging in JUDGED.items() if judging not in CALLERS[name]] == []
    imported = {name: set(imports_of(text)) for name, text in CALLERS.items() if name in JUDGED}
    assert [name for name, names in imported.items() if "hearth.lib.outside_addresses" not in names] == []


def test_an_address_that_is_not_judged_is_a_setting_and_no_field_of_a_record() -> None:
    settings_text = "".join(
        read_text(path) for path in list_modules() if name_of(path).startswith("hearth/config/")
    )

    assert [name for names in SET.values() for name in names if name not in settings_text] == []
