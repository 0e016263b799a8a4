"""Personal data at rest: AES-256-GCM per value, and blind indexes for search by equality.

A sealed value is key id (1 byte) ‖ nonce (12) ‖ ciphertext and tag; its associated data is table, column and row
id, so that a value copied into another row does not open. The blind index is HMAC-SHA-256 over
`field|normalised value` with a key of its own, cut to 16 bytes.
"""

import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, overload
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

NONCE_BYTES = 12


class KeyRingMissing(Exception):
    """Sealed data exist and their keys are not where the settings say."""


class SealBroken(Exception):
    """The value was sealed for another row, with another key, or was changed."""


@dataclass(frozen=True)
class KeyRing:
    """The installation's keys: one for new values, older ones for reading, one for indexes."""

    current: int
    keys: dict[int, bytes]
    index_key: bytes

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read the file.

        :raises KeyRingMissing: if there is none
        """
        if not path.exists():
            raise KeyRingMissing(str(path))
        content = json.loads(path.read_text())
        keys = {int(number): b64decode(key) for number, key in content["keys"].items()}
        return cls(content["current"], keys, b64decode(content["index_key"]))

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Write a new ring that only its user can read; an existing file is never replaced."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "current": 1,
            "keys": {"1": b64encode(secrets.token_bytes(32)).decode()},
            "index_key": b64encode(secrets.token_bytes(32)).decode(),
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(content, file)
        return cls.load(path)


@lru_cache(maxsize=1)
def key_ring() -> KeyRing:
    return KeyRing.load(settings.KEY_RING)


@lru_cache(maxsize=8)
def _cipher(number: int) -> AESGCM:
    return AESGCM(key_ring().keys[number])


def seal(plaintext: str, *, column: str, row_id: UUID) -> bytes:
    """Encrypt a value for one column of one row."""
    nonce = os.urandom(NONCE_BYTES)
    number = key_ring().current
    return (
        bytes([number]) + nonce + _cipher(number).encrypt(nonce, plaintext.encode(), _context(column, row_id))
    )


def open_sealed(sealed: bytes, *, column: str, row_id: UUID) -> str:
    """Decrypt a value.

    :raises SealBroken: if it does not belong here
    """
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return _cipher(sealed[0]).decrypt(nonce, ciphertext, _context(column, row_id)).decode()
    except (InvalidTag, KeyError) as error:
        raise SealBroken(column) from error


def blind_index(field: str, normalised: str, *, size: int = 16) -> bytes:
    """Return what equality search compares; `field` keeps indexes of different fields apart."""
    return hmac.digest(key_ring().index_key, f"{field}|{normalised}".encode(), "sha256")[:size]


def last_four_index(field: str, normalised: str) -> bytes:
    """Index the last four characters, 8 bytes: whoever holds the key can try all 10,000."""
    return blind_index(f"{field}:last_four", normalised[-4:], size=8)


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
