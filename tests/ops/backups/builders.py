"""What the tests of backups start from."""

from datetime import UTC, datetime
from pathlib import Path

from hearth.ops.backups.folder import draft, finish, writing_to
from hearth.ops.backups.keys import Keys
from hearth.ops.backups.manifest import Kind, Manifest, describe_parts

RING = '{"current": 1, "keys": {"1": "AAEC"}, "index_key": "AwQF"}'
KEYS = Keys(RING, "secret of sessions")


def make_manifest(
    name: str, *, kind: Kind = "dump", day: int = 1, wal_from: str = "", folder: Path | None = None
) -> Manifest:
    moment = datetime(2026, 3, day, tzinfo=UTC).isoformat()
    return Manifest(
        name=name,
        kind=kind,
        begun_at=moment,
        finished_at=moment,
        hearth="0.1.0",
        postgresql="18.4",
        owner="hearth_owner",
        migrations=["core.0001_roles"],
        rows={"customers_customer": 3},
        grants="",
        transaction=700,
        keys=KEYS.fingerprints(),
        wal_from=wal_from,
        parts=describe_parts(folder) if folder else [],
    )


def make_backup(folder: Path, *, day: int = 1, kind: Kind = "dump", wal_from: str = "") -> Path:
    name = f"hearth-202603{day:02}T000000Z-{kind}"
    with writing_to(folder), draft(folder, name) as path:
        (path / "database.dump").write_text(f"rows of day {day}")
        return finish(path, make_manifest(name, kind=kind, day=day, wal_from=wal_from, folder=path))
