"""Set up what Hearth needs beside itself, and nothing twice.

Makes `.venv`, installs the locked packages, fetches the front-end files and compiles the translations.
Uses the standard library only. When all is there it ends at once and needs no network.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - started by whatever Python a machine has
    sys.exit("Hearth needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2]))

import argparse
import fcntl
import hashlib
import importlib.util
import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = "hearth/*/locale/*/LC_MESSAGES/django.po"


class SetupFailed(Exception):
    """The set-up cannot go on; the message says what to do."""


@dataclass(frozen=True)
class Stamp:
    """What an environment was made for: when nothing of it changed, nothing is to do."""

    root: str
    locks: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self | None:
        try:
            content = json.loads(path.read_text())
            return cls(content["root"], dict(content["locks"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: Path) -> None:
        unfinished = path.with_suffix(".new")
        unfinished.write_text(json.dumps({"root": self.root, "locks": self.locks}, indent=1))
        unfinished.replace(path)


@dataclass(frozen=True)
class Environment:
    """The virtual environment of a checkout."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.folder / "hearth-setup.json"

    @property
    def unfinished(self) -> Path:
        """Present while packages are being installed: what was interrupted is not to be trusted."""
        return self.folder / "hearth-unfinished"

    def is_complete(self, locks: dict[str, str]) -> bool:
        """Say whether the locks are installed, here and by a Python that still exists."""
        stamp = Stamp.read(self.stamp)
        if stamp is None or stamp.root != str(self.root) or self.unfinished.exists():
            return False
        return self.python.exists() and locks.items() <= stamp.locks.items()

    def is_usable(self) -> bool:
        """Say whether packages can be installed into what is there."""
        stamp = Stamp.read(self.stamp)
        if self.unfinished.exists() or (stamp is not None and stamp.root != str(self.root)):
            return False
        works = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
        try:
            return (
                subprocess.run([self.python, "-c", works], capture_output=True, check=False).returncode == 0
            )
        except OSError:
            return False

    def install(self, locks: dict[str, str]) -> None:
        """Install the locked packages, into a new environment where the old one is of no use.

        :raises SetupFailed: if a package cannot be had
        """
        if not self.is_usable():
            self._make()
        stamp = Stamp.read(self.stamp)
        self.unfinished.touch()
        self._run_pip(locks)
        self._add_entries()
        before = stamp.locks if stamp else {}
        kept = dict(before.items() & read_locks(self.root, list(before)).items())
        Stamp(str(self.root), {**kept, **locks}).write(self.stamp)
        self.unfinished.unlink()

    def _make(self) -> None:
        if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
            raise SetupFailed(
                "This Python cannot make virtual environments. On Debian and Ubuntu:\n"
                "  apt-get install python{}.{}-venv".format(*sys.version_info[:2])
            )
        tell("Making .venv")
        if self.folder.exists():
            # Moved first: half of a deleted environment must never be taken for one.
            old = self.folder.with_name(".venv.old")
            shutil.rmtree(old, ignore_errors=True)
            self.folder.rename(old)
            shutil.rmtree(old)
        self.folder.mkdir()
        self.unfinished.touch()
        made = subprocess.run([sys.executable, "-m", "venv", self.folder], check=False)
        if made.returncode != 0:
            raise SetupFailed("The virtual environment could not be made; the reason is above.")

    def _run_pip(self, locks: dict[str, str]) -> None:
        tell(f"Installing packages of {', '.join(locks)}: a minute or two, only this once")
        command = [str(self.python), "-m", "pip", "install", "-qq", "--require-hashes", "--no-input"]
        command += ["--disable-pip-version-check"]
        for name in locks:
            command += ["-r", str(self.root / "requirements" / name)]
        if subprocess.run(command, check=False).returncode != 0:
            raise SetupFailed("The packages could not be installed; the reason is above. Then start again.")

    def _add_entries(self) -> None:
        """Let Python find the project from anywhere, and give it a command."""
        for packages in self.folder.glob("lib/python*/site-packages"):
            (packages / "hearth.pth").write_text(f"{self.root}\n")
        launcher = self.folder / "bin" / "hearth"
        launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(str(self.python))} -m hearth "$@"\n')
        launcher.chmod(0o755)


def read_locks(root: Path, names: Sequence[str]) -> dict[str, str]:
    """Return the checksum of each lock file that exists, by name."""
    paths = [root / "requirements" / name for name in names]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.exists()}


def needs_compiling(root: Path) -> bool:
    """Say whether a catalogue is newer than what was compiled from it."""
    for source in root.glob(CATALOGUES):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            return True
    return False


def set_up(root: Path, lock_names: Sequence[str]) -> None:
    """Do all that is missing, one process at a time.

    :raises SetupFailed: if a step fails
    """
    environment = Environment(root)
    with _alone(root / "var" / "setup.lock"):
        locks = read_locks(root, lock_names)
        if not environment.is_complete(locks):
            environment.install(locks)
        _run_tool(environment, "tools.assets")
        if (root / "tools" / "messages.py").exists() and needs_compiling(root):
            _run_tool(environment, "tools.messages", "compile")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run_tool(environment: Environment, module: str, *arguments: str) -> None:
    command = [str(environment.python), "-m", module, *arguments]
    if subprocess.run(command, cwd=environment.root, check=False).returncode != 0:
        raise SetupFailed(f"{' '.join(command[1:])} failed; the reason is above.")


def tell(line: str) -> None:
    print(f"hearth: {line}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Set up what Hearth needs beside itself.")
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    parser.add_argument("--spark", action="store_true", help="also Spark, 456 MB")
    chosen = parser.parse_args(arguments)
    names = ["base.txt"]
    names += ["dev.txt"] if chosen.dev else []
    names += ["spark.txt"] if chosen.spark else []
    try:
        set_up(ROOT, names)
    except SetupFailed as error:
        tell(str(error))
        return 1
    except KeyboardInterrupt:
        tell("Interrupted; the next start goes on from here.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
