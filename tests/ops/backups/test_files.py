"""Stored files in an archive and back."""

import io
import stat
import tarfile
from pathlib import Path

import pytest

from hearth.ops.backups.errors import BackupError
from hearth.ops.backups.files import pack, set_aside, unpack


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / "stored" / "2026").mkdir(parents=True)
    (folder / "stored" / "2026" / "客户.csv").write_text("姓名,电话")
    (folder / "empty").write_text("")
    return folder


def read(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_files_come_back_as_they_were(stored: Path, tmp_path: Path) -> None:
    packed = pack(stored, tmp_path / "files.tar")

    unpacked = unpack(tmp_path / "files.tar", tmp_path / "back")

    assert packed == unpacked == 2
    assert read(tmp_path / "back") == read(stored)
    assert stat.S_IMODE((tmp_path / "back" / "empty").stat().st_mode) == 0o600


def test_a_folder_that_was_never_made_is_an_empty_archive(tmp_path: Path) -> None:
    assert pack(tmp_path / "nowhere", tmp_path / "files.tar") == 0
    assert unpack(tmp_path / "files.tar", tmp_path / "back") == 0


def test_what_is_there_may_stay(stored: Path, tmp_path: Path) -> None:
    pack(stored, tmp_path / "files.tar")
    (stored / "empty").write_text("newer")

    assert unpack(tmp_path / "files.tar", stored, keep_existing=True) == 0
    assert (stored / "empty").read_text() == "newer"


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside"])
def test_an_archive_cannot_write_outside_of_its_folder(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "files.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo(name), io.BytesIO())

    with pytest.raises(BackupError, match="no backup of Hearth does"):
        unpack(tmp_path / "files.tar", tmp_path / "back")

    assert not (tmp_path / "outside").exists()


def test_an_archive_that_is_none_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "files.tar").write_text("no archive" * 100)

    with pytest.raises(BackupError, match="is damaged"):
        unpack(tmp_path / "files.tar", tmp_path / "back")


def test_a_full_disk_is_explained(stored: Path) -> None:
    with pytest.raises(BackupError, match="is full"):
        pack(stored, Path("/dev/full"))


def test_what_is_set_aside_keeps_its_content_and_an_empty_folder_is_nothing(
    stored: Path, tmp_path: Path
) -> None:
    (tmp_path / "hollow").mkdir()

    aside = set_aside(stored, "20260318T063000Z")

    assert aside == tmp_path / "files.before-20260318T063000Z"
    assert (aside / "empty").exists()
    assert set_aside(tmp_path / "hollow", "20260318T063000Z") is None
