"""English pages, and counters of wrong tries that start at nothing."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from hearth.organization.models import OrgUnit
from tests.accounts.mail_server import Mailbox, start_server


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
