"""A browser that goes to a work app and back."""

from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from hearth.accounts.models import User

INSIDE = "Mozilla/5.0 (iPhone) AppleWebKit/605 wxwork/4.1.6 MicroMessenger/7.0.1"


def trust_email(settings: Settings, name: str) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS[name]["APPS"][0]
    app["settings"] = {**app["settings"], "matches_email": True}


def begin(name: str) -> str:
    return f"/accounts/provider/{name}/"


def way_back(client: Client, address: str, **headers: str) -> str:
    """Go to the provider as a browser does, and return the address it sends the browser back to."""
    away = client.get(address, headers=headers)
    assert away.status_code == 302, away.content
    sent = requests.get(away["Location"], allow_redirects=False, timeout=5)
    back = urlsplit(sent.headers["Location"])
    return f"{back.path}?{back.query}"


def go(client: Client, address: str, **headers: str) -> Any:
    return client.get(way_back(client, address, **headers), headers=headers)


def connect(person: User, name: str, uid: str = "corp-1:linmei") -> SocialAccount:
    row: SocialAccount = SocialAccount.objects.create(user=person, provider=name, uid=uid)
    return row
