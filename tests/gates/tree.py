"""What the gates look at: the files of the repository, and the modules and templates among them."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def list_files() -> tuple[Path, ...]:
    """Return the files that git tracks or would track: a new file is judged before its first commit."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = (ROOT / name for name in sorted(set(listing.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def list_modules() -> list[Path]:
    """Return the Python modules, migrations left out: those are generated."""
    return [path for path in list_files() if path.suffix == ".py" and "migrations" not in path.parts]


def read_text(path: Path) -> str:
    """Return the text of a file, and nothing for a picture or another binary."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def count_lines(path: Path) -> int:
    """Return the number of lines of a text file."""
    return len(read_text(path).splitlines())


def name_of(path: Path) -> str:
    """Return the path as a person types it at the root of the repository."""
    return path.relative_to(ROOT).as_posix()
