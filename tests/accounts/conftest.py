"""English pages, and counters of wrong tries that start at nothing."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from hearth.accounts.models import User
from hearth.accounts.work_apps import calls
from hearth.organization.models import OrgUnit
from tests.accounts.builders import make_account
from tests.accounts.mail_server import Mailbox, start_server
from tests.accounts.work_app_servers import KINDS, WorkApp, serving


@pytest.fixture
def client(db: None) -> Client:
    """A browser that reads English."""
    cache.clear()
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture
def other_browser(db: None) -> Client:
    """A second browser that reads English."""
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


@pytest.fixture
def place(company: OrgUnit) -> OrgUnit:
    """Where the people of these tests work."""
    return company


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A mail server that Hearth is set to."""
    kept = Mailbox()
    server = start_server(kept)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.port
    yield kept
    server.stop()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """Hash with the same method at a thousandth of its cost; one test looks at the installation's own."""
    settings.PASSWORD_HASHERS = ["tests.accounts.builders.QuickArgon2"]


@pytest.fixture(params=list(KINDS))
def work_app(request: pytest.FixtureRequest, settings: Settings) -> Iterator[WorkApp]:
    """One of the three, which the installation names."""
    yield from _named(request.param, settings)


@pytest.fixture
def wecom(settings: Settings) -> Iterator[WorkApp]:
    yield from _named("wecom", settings)


@pytest.fixture
def dingtalk(settings: Settings) -> Iterator[WorkApp]:
    yield from _named("dingtalk", settings)


def _named(name: str, settings: Settings) -> Iterator[WorkApp]:
    cache.clear()
    calls._tokens.clear()
    with serving(KINDS[name](name, "corp-1")) as served:
        settings.SSO_NETWORKS = [ip_network("127.0.0.0/8")]
        settings.SOCIALACCOUNT_PROVIDERS = {**settings.SOCIALACCOUNT_PROVIDERS, name: served.settings()}
        yield served


@pytest.fixture
def person(place: OrgUnit) -> User:
    user = make_account("lin", org_unit=place)
    User.objects.filter(pk=user.pk).update(email="lin@example.com")
    user.refresh_from_db()
    return user
