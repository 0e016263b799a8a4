"""What every test may use."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from threading import local

import psycopg
import pytest
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.management.commands import flush
from django.db import connection, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client, SimpleTestCase
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from hearth.accounts.models import User
from hearth.core import attribution, crypto, partitions
from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from tests.organization.builders import make_group, sign_in
from tests.shipped import empty_tables, read_shipped, write_shipped

# A slow machine proves nothing wrong: how long an example takes is for the benchmarks.
hypothesis_settings.register_profile("hearth", deadline=None)
hypothesis_settings.load_profile("hearth")
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
os.environ.setdefault("HEARTH_VAR", str(Path(settings.ROOT) / "var" / "test"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a database; what does not is a unit test, and part of the fast checks."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        case = getattr(item, "cls", None)
        is_django_case = isinstance(case, type) and issubclass(case, SimpleTestCase)
        if item.get_closest_marker("django_db") or names & DATABASE_FIXTURES or is_django_case:
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session", autouse=True)
def _key_ring(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Seal with keys made for this run."""
    settings.KEY_RING = tmp_path_factory.mktemp("keys") / "keys.json"
    crypto.KeyRing.create(settings.KEY_RING)
    crypto.forget_keys()
    yield
    crypto.forget_keys()


@pytest.fixture(scope="session", autouse=True)
def _static_files_as_they_are() -> None:
    """Let pages name the static files of the source; nothing is collected for tests."""
    settings.WHITENOISE_AUTOREFRESH = True
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="module")
def ground(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Keep what a module's fixtures write once for all its tests; it is undone after the last of them.

    A test begins with all of it and undoes only what it does itself. What is yielded is where its files lie.
    """
    before, files = settings.MEDIA_ROOT, tmp_path_factory.mktemp("ground")
    settings.MEDIA_ROOT = files
    partitions.forget_months()
    with django_db_blocker.unblock(), transaction.atomic():
        yield files
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = before


@pytest.fixture(autouse=True)
def _own_files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Keep files, warehouse and known partitions of one test from the next."""
    if "ground" in request.fixturenames:
        copytree(request.getfixturevalue("ground"), tmp_path / "files")
    before = settings.MEDIA_ROOT, settings.WAREHOUSE
    settings.MEDIA_ROOT, settings.WAREHOUSE = tmp_path / "files", tmp_path / "warehouse"
    partitions.forget_months()
    yield
    settings.MEDIA_ROOT, settings.WAREHOUSE = before
    attribution._otherwise = attribution.NOBODY  # a command that ran in this process is over


@pytest.fixture(autouse=True)
def _empty_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take away the jobs that a test with real commits left: their tables are not Django's to empty."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_events")
            cursor.execute("DELETE FROM procrastinate_periodic_defers")
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture(scope="session", autouse=True)
def _as_the_application() -> Iterator[None]:
    """Have requests and jobs run in the application's role, behind the fence of the database, as in service.

    What a test prepares and looks up is done by the owner, who is not bound.
    """
    within, tell, answer = local(), attribution._tell, BaseHandler.get_response

    def play(role: str) -> None:
        connection.ensure_connection()
        connection.connection.execute("SELECT set_config('role', %s, false)", [role])

    def get_response(handler: BaseHandler, request: HttpRequest) -> HttpResponseBase:
        within.request = True
        with suppress(RuntimeError):  # a test without a database asks for a page that needs none
            play("hearth_app")
        try:
            return answer(handler, request)
        finally:
            within.request = False
            # A transaction that has failed gives the role back itself.
            with suppress(RuntimeError, psycopg.Error):
                play("none")

    def tell_in_role(words: attribution.Told) -> None:
        play("hearth_app")
        tell(words)
        if words == attribution.NOBODY and not getattr(within, "request", False):
            play("none")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attribution, "_tell", tell_in_role)
        patch.setattr(BaseHandler, "get_response", get_response)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Have the database emptied after a test with real commits but for what migrations wrote.

    No more is done: triggers and fences are still up, and Django's own tables stay filled.
    """
    with django_db_blocker.unblock():
        shipped = read_shipped()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", empty_tables)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_told: write_shipped(shipped))
        yield


@pytest.fixture
def now() -> datetime:
    """A Wednesday afternoon in Shanghai."""
    return datetime(2026, 3, 18, 6, 30, tzinfo=UTC)


@pytest.fixture
def actor() -> Actor:
    """The installation itself, allowed everywhere."""
    return Actor.system("test")


@pytest.fixture
def group(db: None) -> OrgUnit:
    """The root of an organisation with one region and two city companies."""
    return make_group()


@pytest.fixture
def company(group: OrgUnit) -> OrgUnit:
    """The first city company below `group`."""
    return OrgUnit.objects.get(code="SZ")


@pytest.fixture
def neighbour(group: OrgUnit) -> OrgUnit:
    """The other city company."""
    return OrgUnit.objects.get(code="GZ")


@pytest.fixture
def administrator(group: OrgUnit) -> User:
    """A user who holds every right at the group."""
    from tests.organization.builders import make_user_with_everything  # noqa: PLC0415

    return make_user_with_everything(group)


@pytest.fixture
def signed_in(client: Client, administrator: User) -> Client:
    """A browser signed in as the administrator."""
    return sign_in(client, administrator)
