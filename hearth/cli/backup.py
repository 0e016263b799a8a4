"""`hearth backup` and `hearth restore`."""

import argparse
import getpass
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hearth.cli.database import CommandRefused, ready
from hearth.config.environment import ROOT, folder
from hearth.ops.backups.continuous import write_base
from hearth.ops.backups.database import connect
from hearth.ops.backups.errors import BackupError
from hearth.ops.backups.folder import list_backups
from hearth.ops.backups.keys import Keys, PassphraseNeeded, export_keys, import_keys
from hearth.ops.backups.manifest import FILE_NAME, Manifest, check_parts, read_manifest
from hearth.ops.backups.reading_in import pass_transactions
from hearth.ops.backups.restoring import Permission, check_target, restore_dump
from hearth.ops.backups.rewinding import check_moment, refuse_other_server, restore_server
from hearth.ops.backups.writing import Installation, Wishes, in_words, write_dump
from hearth.ops.stack import Database


def add_commands(commands: Any) -> None:
    backup = commands.add_parser("backup", help="copy database and files to a folder, while people work")
    backup.add_argument("--to", type=Path, metavar="DIR", help="where backups are kept (default var/backups)")
    backup.add_argument("--warehouse", action="store_true", help="with the snapshots of the analysis")
    backup.add_argument(
        "--keep", type=int, default=0, metavar="N", help="remove all but the newest N of its kind"
    )
    backup.add_argument(
        "--continuous", action="store_true", help="copy the embedded server and keep its log from now on"
    )
    backup.add_argument("--keys", type=Path, metavar="FILE", help="write the keys as well, to a file apart")
    backup.add_argument("--list", action="store_true", help="only tell which backups there are")
    _add_passphrase(backup)
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser("restore", help="put a backup in the place of what is here")
    restore.add_argument("source", type=Path, metavar="FROM", help="a backup, or the folder they are kept in")
    restore.add_argument(
        "--at", metavar="MOMENT", help="of the embedded server: as of then, for example 2026-03-18T14:30"
    )
    restore.add_argument("--keys", type=Path, metavar="FILE", help="the keys that were exported")
    restore.add_argument("--force", action="store_true", help="set aside what is here")
    restore.add_argument("--check", action="store_true", help="only read everything and compare")
    _add_passphrase(restore)
    restore.set_defaults(run=run_restore)


def _add_passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--passphrase", action="store_true", help="ask for the passphrase of the keys")
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help="read it from the first line of a file"
    )


def run_backup(chosen: argparse.Namespace) -> int:
    """Write a backup, or list those there are."""
    wishes = Wishes(
        (chosen.to or folder("HEARTH_BACKUPS", folder("HEARTH_VAR", ROOT / "var") / "backups")).resolve(),
        with_warehouse=chosen.warehouse,
        keep=chosen.keep,
    )
    if chosen.list:
        for path, manifest in list_backups(wishes.to):
            say(f"{manifest.finished:%Y-%m-%d %H:%M} {manifest.kind} {in_words(manifest.size):>10} {path}")
        return 0
    try:
        phrase = _passphrase(chosen, is_new=True) if chosen.keys else ""
        with ready() as opened:
            installation = _installation(opened)
            _export_keys(installation, chosen.keys, wishes.to, phrase)
            write = write_base if chosen.continuous else write_dump
            write(installation, wishes, clock=_now, say=say)
    except BackupError as error:
        raise CommandRefused(str(error)) from error
    if not chosen.keys:
        say("The keys are not in it. Export them once with --keys FILE and keep that file elsewhere.")
    return 0


def run_restore(chosen: argparse.Namespace) -> int:
    """Check a backup, then put it in the place of what is here."""
    try:
        at = _moment(chosen.at) if chosen.at else None
        backup, manifest = _find(chosen.source.resolve(), at)
        say(f"{backup.name}: {manifest.kind} of {manifest.finished_at}, Hearth {manifest.hearth}")
        check_parts(backup, manifest)
        say(f"  checked: {len(manifest.parts)} files, {in_words(manifest.size)}")
        if chosen.check:
            return 0
        permission = Permission(chosen.force, _import_keys(chosen))
        _restore(backup, manifest, permission, at)
    except BackupError as error:
        raise CommandRefused(str(error)) from error
    return 0


def _restore(backup: Path, manifest: Manifest, permission: Permission, at: datetime | None) -> None:
    now = _now()
    with ready() as opened:
        installation = _installation(opened)
        _refuse_newer(manifest)
        if manifest.kind == "dump":
            restore_dump(installation, backup, manifest, permission, now=now, say=say)
            return
        server = refuse_other_server(installation, manifest)
        check_moment(manifest, at, now)
        found = check_target(installation, manifest, permission)
    restore_server(installation, backup, manifest, permission, found=found, at=at, now=now, say=say)
    with server, connect(opened.owner_url) as connection:
        pass_transactions(connection, found.transaction, say=say)


def _refuse_newer(manifest: Manifest) -> None:
    from hearth.core.upgrade import unknown_among  # noqa: PLC0415  (needs Django started)

    unknown = unknown_among(set(manifest.migrations))
    if unknown:
        raise BackupError(
            f"The backup was made by a newer version of Hearth ({manifest.hearth}), which added "
            f"{', '.join(unknown)}. Restore it with that version."
        )


def _find(source: Path, at: datetime | None) -> tuple[Path, Manifest]:
    """Return the backup that is meant: the one that is named, else the newest that fits."""
    if (source / FILE_NAME).exists() or not source.is_dir():
        chosen = [(source, read_manifest(source))]
    else:
        chosen = list_backups(source)
    if at:
        chosen = [pair for pair in chosen if pair[1].kind == "base" and pair[1].finished <= at]
        if not chosen:
            raise BackupError(
                f"{source} has no copy of the server from before {at.isoformat()}. Such copies are made by "
                "hearth backup --continuous."
            )
    if not chosen:
        raise BackupError(f"There is no finished backup in {source}.")
    return chosen[-1]


def _installation(opened: Database) -> Installation:
    from django.conf import settings  # noqa: PLC0415  (needs the settings' module)

    return Installation(
        database=opened,
        files=Path(settings.MEDIA_ROOT),
        warehouse=Path(settings.WAREHOUSE),
        key_ring=Path(settings.KEY_RING),
        secret_key=Path(settings.VAR) / "secret_key",
        version=tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"],
    )


def _export_keys(installation: Installation, path: Path | None, backups: Path, phrase: str) -> None:
    if path is None:
        return
    target = path.resolve()
    if backups == target or backups in target.parents:
        raise BackupError(
            f"{path} lies among the backups. Whoever gets hold of them would have the keys as well: name a file "
            "elsewhere, best on another machine."
        )
    keys = installation.keys()
    if keys is None:
        raise BackupError(f"There are no keys at {installation.key_ring}.")
    export_keys(keys, target, passphrase=phrase)
    say(
        f"  keys: written to {target}{', protected by the passphrase' if phrase else ', readable by you only'}"
    )


def _import_keys(chosen: argparse.Namespace) -> Keys | None:
    if chosen.keys is None:
        return None
    try:
        return import_keys(chosen.keys, passphrase=_passphrase(chosen, is_new=False))
    except PassphraseNeeded:
        if not sys.stdin.isatty():
            raise
        return import_keys(chosen.keys, passphrase=getpass.getpass("Passphrase of the keys: "))


def _passphrase(chosen: argparse.Namespace, *, is_new: bool) -> str:
    if chosen.passphrase_file:
        try:
            return str(chosen.passphrase_file.read_text().splitlines()[0])
        except (OSError, IndexError) as error:
            raise BackupError(f"No passphrase can be read from {chosen.passphrase_file}.") from error
    if not chosen.passphrase:
        return ""
    phrase = getpass.getpass("Passphrase of the keys: ")
    if is_new and phrase != getpass.getpass("Once more: "):
        raise BackupError("The two are not the same. Nothing was written.")
    return phrase


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BackupError(f"{text} is no moment. Write it like 2026-03-18T14:30.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def _now() -> datetime:
    return datetime.now(UTC)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201
