"""What tests of the warehouse share."""

from collections.abc import Iterator

import pytest

from hearth.core.extracts import Extract, extracts


@pytest.fixture
def only_events() -> Iterator[None]:
    """Copy the events alone, whatever other apps register."""
    before = dict(extracts.items())
    keep_only("events")
    yield
    extracts._items.clear()
    extracts._items.update(before)


def keep_only(*names: str) -> None:
    for name in list(extracts):
        if name not in names:
            del extracts._items[name]


def offer(extract: Extract) -> None:
    extracts._items[extract.name] = extract
