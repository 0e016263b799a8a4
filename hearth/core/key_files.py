"""Changing the file of keys: a new key is added, becomes the one that seals, and goes when nothing needs it any more.

The file is replaced whole, so that whoever reads it beside finds the one state or the other. Two changes at once wait
for each other.
"""

import fcntl
import json
import os
import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hearth.core.crypto import KeyRingMissing, forget_keys

HIGHEST = 255
"""The number of a key is one byte of each sealed value."""


class TooManyKeys(Exception):
    """No number is left for another key."""


def add_key(path: Path) -> int:
    """Add a key that reads and does not seal yet, and return its number.

    :raises KeyRingMissing: if there is no file
    :raises TooManyKeys: if the last number is taken
    """
    with _changing(path) as content:
        number = max(map(int, content["keys"])) + 1
        if number > HIGHEST:
            raise TooManyKeys(str(path))
        content["keys"][str(number)] = b64encode(secrets.token_bytes(32)).decode()
    return number


def make_current(path: Path, number: int) -> None:
    """Let a key seal from now on."""
    with _changing(path) as content:
        content["current"] = number


def drop_key(path: Path, number: int) -> None:
    """Take a key out of the file. What it sealed can never be read again, so the caller has looked."""
    with _changing(path) as content:
        del content["keys"][str(number)]


def add_index_key(path: Path) -> int:
    """Add a key that the indexes shall come under, and return its number.

    A file of the first versions has one key for indexes and signatures; from here on signatures keep that one.

    :raises KeyRingMissing: if there is no file
    :raises TooManyKeys: if the last number is taken
    """
    with _changing(path) as content:
        others = content.setdefault("other_index_keys", {})
        number = max(int(content.get("index_number", 1)), *map(int, others), 0) + 1
        if number > HIGHEST:
            raise TooManyKeys(str(path))
        content.setdefault("signing_key", content["index_key"])
        others[str(number)] = b64encode(secrets.token_bytes(32)).decode()
        content["index_next"] = number
    return number


def make_index_key_current(path: Path, number: int) -> None:
    """Say that the indexes are under the key that was to be the next; the one before stays until it is taken away."""
    with _changing(path) as content:
        others = content["other_index_keys"]
        others[str(content.get("index_number", 1))] = content["index_key"]
        content["index_key"], content["index_number"] = others.pop(str(number)), number
        content.pop("index_next", None)


def drop_index_key(path: Path, number: int) -> None:
    """Take a former key of the indexes out of the file."""
    with _changing(path) as content:
        del content["other_index_keys"][str(number)]


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Any]]:
    """Give what the file says, and write what it became."""
    if not path.exists():
        raise KeyRingMissing(str(path))
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        content = json.loads(path.read_text())
        yield content
        draft = path.with_name(f"{path.name}.new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    forget_keys()
