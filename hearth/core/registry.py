"""Registries: how an app below offers a place, and apps above fill it in their `ready()`."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class AlreadyRegistered(Exception):
    """Two apps claim the same key; the programmer must choose another."""


class Registry(Generic[Item]):
    """Named items in the order of registration; a key is given once."""

    def __init__(self) -> None:
        self._items: dict[str, Item] = {}

    def register(self, key: str, item: Item) -> Item:
        if key in self._items:
            raise AlreadyRegistered(key)
        self._items[key] = item
        return item

    def __getitem__(self, key: str) -> Item:
        return self._items[key]

    def get(self, key: str) -> Item | None:
        return self._items.get(key)

    def __contains__(self, key: str) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def values(self) -> list[Item]:
        return list(self._items.values())

    def items(self) -> list[tuple[str, Item]]:
        return list(self._items.items())
