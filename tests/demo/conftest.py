"""A small city in the database: loaded once for a module, each test's changes taken back."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from hearth.core.actor import Actor
from hearth.demo.services import load_demo
from hearth.demo.truth import CityTruth

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
PASSWORD = "visit-the-city-2026"


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[CityTruth, Path]]:
    """Load sixty households; passwords are hashed the quick way."""
    files = tmp_path_factory.mktemp("files")
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        override_settings(PASSWORD_HASHERS=hashers, MEDIA_ROOT=files),
        transaction.atomic(),
    ):
        patch.setitem(os.environ, "HEARTH_DEMO_PASSWORD", PASSWORD)
        actor = Actor.system("test")
        yield load_demo(60, seed=7, today=NOW.date(), actor=actor, now=NOW), files
        transaction.set_rollback(True)


@pytest.fixture
def truth(loaded: tuple[CityTruth, Path], _own_files: None, db: None) -> CityTruth:
    """The truths of the loaded city."""
    found, settings.MEDIA_ROOT = loaded
    return found
