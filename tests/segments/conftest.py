"""What tests of segments share."""

from collections.abc import Iterator

import pytest

from hearth.core.extracts import extracts
from tests.segments.builders import create_tables, offer_tables


@pytest.fixture
def sample_tables(db: None) -> Iterator[None]:
    """Offer the tables of the builders to rules, whatever apps register."""
    before = dict(extracts.items())
    offer_tables()
    create_tables()
    yield
    extracts._items.clear()
    extracts._items.update(before)
