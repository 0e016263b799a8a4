"""Personal data at rest: AES-256-GCM per value, and blind indexes for search by equality.

A sealed value is key id (1 byte) ‖ nonce (12) ‖ ciphertext and tag; its associated data is table, column and row
id, so that a value copied into another row does not open. The blind index is HMAC-SHA-256 over
`field|normalised value` with a key of its own, cut to 16 bytes; from the second such key on, its number follows as one
byte more. Signatures have a third key.

Several keys may be there for reading; the one named current seals. `hearth.core.resealing` brings what older ones
sealed under the current one while others work, so whoever runs looks at the file of keys again each second.
"""

import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any, overload
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, models

NONCE_BYTES = 12
SWITCH = "hashtext('hearth.index_switch')"
"""The lock that whoever computes an index shares, and the change to another key of the indexes has alone."""

INDEXES = "search indexes"
"""The place whose finished marks tell under which key the columns of the database are."""


class KeyRingMissing(Exception):
    """Sealed data exist and their keys are not where the settings say."""


class SealBroken(Exception):
    """The value was sealed for another row, with another key, or was changed."""


class KeyMissing(SealBroken):
    """The key that sealed the value is none of the installation's."""

    def __init__(self, column: str, number: int) -> None:
        super().__init__(column)
        self.number = number


@dataclass(frozen=True)
class KeyRing:
    """The installation's keys: one for new values, older ones for reading, one for indexes and one for signatures.

    `index_keys` holds the one before until it is taken away, and the next one while the indexes come under it.
    """

    current: int
    keys: dict[int, bytes]
    index_number: int
    index_keys: dict[int, bytes]
    index_next: int | None
    signing_key: bytes

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read the file.

        :raises KeyRingMissing: if there is none
        """
        if not path.exists():
            raise KeyRingMissing(str(path))
        content = json.loads(path.read_text())
        keys = {int(number): b64decode(key) for number, key in content["keys"].items()}
        number, following = content.get("index_number", 1), content.get("index_next")
        others = content.get("other_index_keys", {})
        index_keys = {int(other): b64decode(key) for other, key in others.items()}
        index_keys[number] = b64decode(content["index_key"])
        # Files of the first versions signed with the key of the indexes.
        signing_key = b64decode(content.get("signing_key", content["index_key"]))
        return cls(content["current"], keys, number, index_keys, following, signing_key)

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Write a new ring that only its user can read; an existing file is never replaced."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "current": 1,
            "keys": {"1": b64encode(secrets.token_bytes(32)).decode()},
            "index_key": b64encode(secrets.token_bytes(32)).decode(),
            "signing_key": b64encode(secrets.token_bytes(32)).decode(),
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file)
        return cls.load(path)


@dataclass
class _Known:
    """The keys as they were read last: from which state of which file, and when it was looked at."""

    path: Path
    state: tuple[int, int, int]
    ring: KeyRing
    looked_at: float


LOOKED_AT_EACH = 1.0
"""Seconds after which the file of keys is looked at again."""

_known: _Known | None = None


def key_ring() -> KeyRing:
    """Return the installation's keys, as their file had them at most a second ago.

    A file that is gone or cannot be read while keys are known changes nothing.

    :raises KeyRingMissing: if no keys are known yet and there is no file
    """
    known = _known
    if known is None or known.path != settings.KEY_RING:
        return _read_again()
    if monotonic() - known.looked_at < LOOKED_AT_EACH:
        return known.ring
    known.looked_at = monotonic()
    try:
        return known.ring if _state_of(known.path) == known.state else _read_again()
    except (OSError, ValueError, KeyError, KeyRingMissing):
        return known.ring


def forget_keys() -> None:
    """Have the file of keys read anew by whoever asks next."""
    global _known  # noqa: PLW0603  (one ring for the process)
    _known = None


def _read_again() -> KeyRing:
    global _known  # noqa: PLW0603  (one ring for the process)
    path: Path = settings.KEY_RING
    ring, state = KeyRing.load(path), _state_of(path)
    _known = _Known(path, state, ring, monotonic())
    return ring


def _state_of(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(plaintext: str, *, column: str, row_id: UUID) -> bytes:
    """Encrypt a value for one column of one row."""
    ring = key_ring()
    return _seal(ring, os.urandom(NONCE_BYTES), plaintext, _context(column, row_id))


def _seal(ring: KeyRing, nonce: bytes, plaintext: str, context: bytes) -> bytes:
    ciphertext = _cipher(ring.keys[ring.current]).encrypt(nonce, plaintext.encode(), context)
    return bytes([ring.current]) + nonce + ciphertext


def open_sealed(sealed: bytes, *, column: str, row_id: UUID) -> str:
    """Decrypt a value.

    :raises SealBroken: if it does not belong here
    :raises KeyMissing: if its key is none of the installation's
    """
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    number = sealed[0]
    # A key made within this second is not known yet.
    key = key_ring().keys.get(number) or _read_again().keys.get(number)
    if key is None:
        raise KeyMissing(column, number)
    try:
        return _cipher(key).decrypt(nonce, ciphertext, _context(column, row_id)).decode()
    except InvalidTag as error:
        raise SealBroken(column) from error


def reseal(sealed: bytes, column: str, row_id: UUID) -> bytes:
    """Bring a value under the current key; one that is under it comes back as it is.

    The same sealed value always becomes the same one, so that copies of it stay equal: what a merge remembers is
    compared with what stands in the row.

    :raises SealBroken: if it does not belong here
    :raises KeyMissing: if its key is none of the installation's
    """
    ring = key_ring()
    if sealed[0] == ring.current:
        return sealed
    nonce = hmac.digest(ring.keys[ring.current], b"reseal|" + sealed, "sha256")[:NONCE_BYTES]
    plaintext = open_sealed(sealed, column=column, row_id=row_id)
    return _seal(ring, nonce, plaintext, _context(column, row_id))


_indexing_under: ContextVar[int | None] = ContextVar("indexing_under", default=None)


@contextmanager
def indexing_under(number: int) -> Iterator[None]:
    """Compute indexes under a key that is named, whichever the columns of the database are under."""
    token = _indexing_under.set(number)
    try:
        yield
    finally:
        _indexing_under.reset(token)


def blind_index(field: str, normalised: str, *, size: int = 16) -> bytes:
    """Return what equality search compares; `field` keeps indexes of different fields apart.

    While the key of the indexes changes, two queries tell which one counts, until the end of the transaction.

    :raises KeyMissing: if the columns are under a key that is none of the installation's
    """
    number = _indexing_under.get()
    ring = key_ring()
    if number is None:
        number = serving_index_key() if ring.index_next else ring.index_number
    key = ring.index_keys.get(number) or _read_again().index_keys.get(number)
    if key is None:
        raise KeyMissing(INDEXES, number)
    digest = hmac.digest(key, f"{field}|{normalised}".encode(), "sha256")[:size]
    return digest if number == 1 else digest + bytes([number])


def last_four_index(field: str, normalised: str) -> bytes:
    """Index the last four characters, 8 bytes: whoever holds the key can try all 10,000."""
    return blind_index(f"{field}:last_four", normalised[-4:], size=8)


def index_number(index: bytes) -> int:
    """Tell under which key an index was computed."""
    return index[-1] if len(index) % 2 else 1


def serving_index_key() -> int:
    """Return the number of the key that the indexes in the database are under; it stays so within the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({SWITCH})")
        # A second statement: it sees what was committed while the first one waited.
        cursor.execute(
            "SELECT coalesce(max(key_number), 1) FROM core_resealingmark"
            " WHERE place = %s AND finished_at IS NOT NULL",
            [INDEXES],
        )
        return int(cursor.fetchone()[0])


def keyed_digest(purpose: str, text: str | bytes) -> bytes:
    """Return the digest of a text that only this installation can make, for signatures and marks; 32 bytes."""
    content = text if isinstance(text, bytes) else text.encode()
    return hmac.digest(key_ring().signing_key, f"{purpose}|".encode() + content, "sha256")


def _context(column: str, row_id: UUID) -> bytes:
    return f"{column}|{row_id}".encode()


class Sealed:
    """A text attribute of a model whose value is kept encrypted in a binary column beside it.

    `phone = Sealed("phone_sealed")` reads and writes `phone`; empty text is kept as an empty column.
    """

    def __init__(self, column: str) -> None:
        self.column = column

    @overload
    def __get__(self, row: None, owner: type[models.Model]) -> "Sealed": ...
    @overload
    def __get__(self, row: models.Model, owner: type[models.Model]) -> str: ...
    def __get__(self, row: models.Model | None, owner: type[models.Model]) -> "Sealed | str":
        if row is None:
            return self
        sealed = bytes(getattr(row, self.column) or b"")
        return open_sealed(sealed, column=self._name(row), row_id=row.pk) if sealed else ""

    def __set__(self, row: Any, value: str) -> None:
        setattr(row, self.column, seal(value, column=self._name(row), row_id=row.pk) if value else b"")

    def open(self, model: type[models.Model], row_id: UUID, sealed: bytes) -> str:
        """Decrypt a value of the column that was read without its row."""
        return open_sealed(sealed, column=self._name(model), row_id=row_id) if sealed else ""

    def _name(self, row: models.Model | type[models.Model]) -> str:
        return f"{row._meta.db_table}.{self.column}"
