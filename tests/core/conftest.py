"""What tests of the core share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from hearth.core import crypto


@pytest.fixture
def own_key_ring(tmp_path: Path) -> Iterator[None]:
    """Change the keys of a copy: other tests of this run index with the ring as it was."""
    before = settings.KEY_RING
    settings.KEY_RING = tmp_path / "keys.json"
    shutil.copy(before, settings.KEY_RING)
    crypto.forget_keys()
    yield
    settings.KEY_RING = before
    crypto.forget_keys()
