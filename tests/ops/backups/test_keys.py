"""The keys travel apart, sealed or closed to others."""

import stat
from pathlib import Path

import pytest

from hearth.ops.backups.errors import BackupError
from hearth.ops.backups.keys import Keys, PassphraseNeeded, export_keys, import_keys, install_keys
from tests.ops.backups.builders import KEYS


def test_exported_keys_come_back(tmp_path: Path) -> None:
    export_keys(KEYS, tmp_path / "keys")

    assert import_keys(tmp_path / "keys") == KEYS
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600


def test_a_passphrase_hides_the_keys_and_opens_them(tmp_path: Path) -> None:
    export_keys(KEYS, tmp_path / "keys", passphrase="山高水长")

    assert "AAEC" not in (tmp_path / "keys").read_text()
    assert import_keys(tmp_path / "keys", passphrase="山高水长") == KEYS
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600


def test_a_wrong_passphrase_is_told_from_none(tmp_path: Path) -> None:
    export_keys(KEYS, tmp_path / "keys", passphrase="right")

    with pytest.raises(BackupError, match="does not open"):
        import_keys(tmp_path / "keys", passphrase="wrong")
    with pytest.raises(PassphraseNeeded):
        import_keys(tmp_path / "keys")


def test_a_file_that_exists_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("of another installation")

    with pytest.raises(BackupError, match="exists already"):
        export_keys(KEYS, tmp_path / "keys")

    assert (tmp_path / "keys").read_text() == "of another installation"


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"kind": "hearth keys", "plain": "{}"}', '{"kind": "x"}']
)
def test_other_files_are_no_keys(tmp_path: Path, content: str) -> None:
    (tmp_path / "keys").write_text(content)

    with pytest.raises(BackupError, match="no file of keys"):
        import_keys(tmp_path / "keys")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no file of keys at"):
        import_keys(tmp_path / "keys")


def test_fingerprints_tell_keys_apart() -> None:
    other = Keys(KEYS.ring.replace("AAEC", "AAED"))

    assert KEYS.fingerprints().keys() == {"1", "index"}
    assert KEYS.fingerprints()["1"] != other.fingerprints()["1"]
    assert KEYS.fingerprints()["index"] == other.fingerprints()["index"]


def test_installed_keys_are_for_their_user_only(tmp_path: Path) -> None:
    ring, secret = tmp_path / "new" / "keys.json", tmp_path / "new" / "secret_key"

    install_keys(KEYS, ring, secret)

    assert Keys.of(ring, secret) == KEYS
    assert stat.S_IMODE(ring.stat().st_mode) == stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_an_installation_without_a_ring_has_no_keys(tmp_path: Path) -> None:
    assert Keys.of(tmp_path / "keys.json", tmp_path / "secret_key") is None
