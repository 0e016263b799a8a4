"""The keys of sealed values, exported to a file apart from the backups.

With a passphrase the file is sealed: AES-256-GCM under a key that scrypt draws from it. Without one only its user
may read it.
"""

import hashlib
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hearth.ops.backups.errors import BackupError, disk_explained

KIND = "hearth keys"
# 128 MB and a third of a second for each guess.
COST = {"n": 2**17, "r": 8, "p": 1}
SALT_BYTES, NONCE_BYTES, KEY_BYTES = 16, 12, 32


class PassphraseNeeded(BackupError):
    """The file is protected and no passphrase was given."""


@dataclass(frozen=True)
class Keys:
    """What an installation needs besides its rows: the ring as its file holds it, and the secret of sessions."""

    ring: str
    secret_key: str = ""

    @classmethod
    def of(cls, ring: Path, secret_key: Path) -> "Keys | None":
        """Read an installation's own files; None where it has no keys yet."""
        if not ring.exists():
            return None
        return cls(ring.read_text(), secret_key.read_text() if secret_key.exists() else "")

    def fingerprints(self) -> dict[str, str]:
        """Return a mark for each key that tells it from others and does not tell the key: it has 256 random bits."""
        content: Mapping[str, Any] = json.loads(self.ring)
        named = {**content["keys"], "index": content["index_key"]}
        return {
            name: hashlib.sha256(b"hearth key|" + b64decode(key)).hexdigest()[:16]
            for name, key in named.items()
        }


def export_keys(keys: Keys, path: Path, *, passphrase: str = "") -> None:
    """Write the keys to a new file that only its user may read, sealed where a passphrase is given.

    :raises BackupError: if the file exists: it may hold the keys of another backup
    """
    plain = json.dumps({"ring": keys.ring, "secret_key": keys.secret_key})
    content: dict[str, Any] = {"kind": KIND}
    if passphrase:
        salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
        sealed = AESGCM(_draw(passphrase, salt, COST)).encrypt(nonce, plain.encode(), KIND.encode())
        content |= {"scrypt": COST, "salt": _text(salt), "nonce": _text(nonce), "sealed": _text(sealed)}
    else:
        content["plain"] = plain
    if path.exists():
        raise BackupError(f"{path} exists already. Name another file for the keys, or remove it.")
    with disk_explained(path.parent):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())


def import_keys(path: Path, *, passphrase: str = "") -> Keys:
    """Read what `export_keys` wrote.

    :raises PassphraseNeeded: if it is sealed and there is no passphrase
    :raises BackupError: if it is no such file, or the passphrase is wrong
    """
    try:
        content = json.loads(path.read_text())
        if content["kind"] != KIND:
            raise ValueError(content["kind"])
        plain = content["plain"] if "plain" in content else _open(content, path, passphrase)
        return Keys(**json.loads(plain))
    except FileNotFoundError:
        raise BackupError(f"There is no file of keys at {path}.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{path} is no file of keys that hearth backup --keys wrote.") from error


def _open(content: Mapping[str, Any], path: Path, passphrase: str) -> str:
    if not passphrase:
        raise PassphraseNeeded(f"{path} is protected. Give its passphrase with --passphrase-file.")
    key = _draw(passphrase, b64decode(content["salt"]), content["scrypt"])
    try:
        opened = AESGCM(key).decrypt(b64decode(content["nonce"]), b64decode(content["sealed"]), KIND.encode())
    except InvalidTag:
        raise BackupError(f"The passphrase does not open {path}, or the file was changed.") from None
    return opened.decode()


def install_keys(keys: Keys, ring: Path, secret_key: Path) -> None:
    """Put the keys where the installation reads them; the caller has set aside what was there."""
    for path, content in ((ring, keys.ring), (secret_key, keys.secret_key)):
        if not content:
            continue
        with disk_explained(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f"{path.name}.new")
            draft.unlink(missing_ok=True)
            opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(opened, "w") as file:
                file.write(content)
            draft.rename(path)


def _draw(passphrase: str, salt: bytes, cost: Mapping[str, int]) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=cost["n"], r=cost["r"], p=cost["p"]).derive(
        passphrase.encode()
    )


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()
