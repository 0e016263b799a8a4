"""Backups in their folder: whole or not there, and the oldest go."""

import json
from pathlib import Path

import pytest

from hearth.ops.backups.errors import BackupError
from hearth.ops.backups.folder import draft, list_backups, remove_oldest, writing_to
from hearth.ops.backups.manifest import check_parts, read_manifest
from tests.ops.backups.builders import make_backup


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_finished_backup_is_what_it_says(tmp_path: Path) -> None:
    backup = make_backup(tmp_path)

    manifest = read_manifest(backup)
    check_parts(backup, manifest)

    assert [part.path for part in manifest.parts] == ["database.dump"]
    assert list_backups(tmp_path) == [(backup, manifest)]


def test_a_draft_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with draft(tmp_path, "hearth-1") as path:
            (path / "database.dump").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert list(tmp_path.iterdir()) == []


def test_a_draft_of_a_killed_process_is_no_backup_and_goes_at_the_next_try(tmp_path: Path) -> None:
    left = tmp_path / ".unfinished-hearth-20260301T000000Z-dump"
    left.mkdir()
    (left / "database.dump").write_text("half")

    before = list_backups(tmp_path)
    with writing_to(tmp_path):
        pass

    assert before == []
    assert not left.exists()


def test_only_one_process_writes_backups_to_a_folder(tmp_path: Path) -> None:
    with writing_to(tmp_path), pytest.raises(BackupError, match="Another backup"), writing_to(tmp_path):
        pass


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    backup = make_backup(tmp_path)
    (backup / "database.dump").write_text("rows of day 2")

    with pytest.raises(BackupError, match=r"database\.dump is damaged"):
        check_parts(backup, read_manifest(backup))


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    backup = make_backup(tmp_path)
    (backup / "database.dump").unlink()

    with pytest.raises(BackupError, match=r"database\.dump is missing"):
        check_parts(backup, read_manifest(backup))


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": 1, "parts": [1]}'])
def test_a_damaged_description_is_found(tmp_path: Path, content: str) -> None:
    backup = make_backup(tmp_path)
    (backup / "manifest.json").write_text(content)

    with pytest.raises(BackupError, match="is damaged"):
        read_manifest(backup)


def test_a_later_form_is_left_to_the_version_that_knows_it(tmp_path: Path) -> None:
    path = make_backup(tmp_path) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))

    with pytest.raises(BackupError, match="newer version"):
        read_manifest(path.parent)


def test_the_newest_of_a_kind_stay(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        make_backup(tmp_path, day=day)
    make_backup(tmp_path, day=1, kind="base")

    gone = remove_oldest(tmp_path, "dump", 2)

    assert gone == ["hearth-20260301T000000Z-dump"]
    assert names_in(tmp_path) == [
        "hearth-20260301T000000Z-base",
        "hearth-20260302T000000Z-dump",
        "hearth-20260303T000000Z-dump",
    ]


def test_of_the_log_stays_what_the_oldest_copy_of_the_server_needs(tmp_path: Path) -> None:
    for day, piece in ((1, "3"), (2, "5")):
        make_backup(tmp_path, day=day, kind="base", wal_from=f"0000000100000000{piece:0>8}")
    log = tmp_path / "wal"
    log.mkdir()
    for piece in ("000000010000000000000004", "000000020000000000000005", "00000002.history"):
        (log / f"{piece}.gz").write_text("")

    remove_oldest(tmp_path, "base", 1)

    assert names_in(log) == ["00000002.history.gz", "000000020000000000000005.gz"]


def test_the_log_is_ordered_without_its_timeline(tmp_path: Path) -> None:
    starts = ("000000010000000000000003", "000000010000000000000009", "000000020000000000000007")
    for day, start in enumerate(starts, start=1):
        make_backup(tmp_path, day=day, kind="base", wal_from=start)
    log = tmp_path / "wal"
    log.mkdir()
    for piece in ("000000010000000000000006", "000000020000000000000007", "000000020000000000000008"):
        (log / f"{piece}.gz").write_text("")

    remove_oldest(tmp_path, "base", 2)

    assert names_in(log) == ["000000020000000000000007.gz", "000000020000000000000008.gz"]
