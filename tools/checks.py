"""Run every check in order, to the end, and sum up: `python -m tools.checks [fast]`."""

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PACKAGES = {
    "chromium": ["chromium", "fonts-noto-cjk"],
    "dovecot": ["dovecot-imapd"],
    "java": ["openjdk-17-jre-headless"],
}
"""What Debian's packages give: a browser with Chinese fonts, a mail server to fetch from, and what Spark runs on."""
NO_TESTS_FOUND = 5


@dataclass(frozen=True)
class Check:
    """A command that must succeed."""

    title: str
    argv: Sequence[str | Path]
    report: Path | None = None
    """Where pytest counts its tests, for a check that runs some."""


@dataclass
class Tally:
    """How many tests, and checks that are no tests, ended how."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add_report(self, report: Path) -> None:
        for suite in ET.parse(report).getroot().iter("testsuite"):
            tests, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
            failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            self.failed += failed
            self.skipped += skipped
            self.passed += tests - failed - skipped

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def list_checks(*, fast: bool) -> list[Check]:
    """Return the checks, the quick ones first."""
    python = sys.executable
    templates = sorted(str(path) for path in ROOT.glob("hearth/**/templates/**/*.html"))
    checks = [
        Check("Style", [BIN / "ruff", "check"]),
        Check("Format", [BIN / "ruff", "format", "--check"]),
        Check("Types", [BIN / "mypy"]),
        Check("Imports point down", [BIN / "lint-imports"]),
        Check("Known weaknesses", [python, "-m", "tools.advisories"]),
        Check("Translations", [python, "-m", "tools.messages", "check"]),
    ]
    if templates:
        djade = [str(BIN / "djade"), "--check", "--target-version", "5.2", *templates]
        checks.append(Check("Templates", djade))
    migrations = [python, "-m", "hearth", "manage", "makemigrations", "--check", "--dry-run"]
    checks.append(Check("Migrations are complete", migrations))
    if fast:
        quick = "not database and not browser and not spark and not real and not slow"
        return [*checks, _pytest("Tests", quick, "--create-db", "-n", "2")]
    # Spark warns of its own libraries, and leaves sockets that are closed when nobody looks.
    return [
        *checks,
        _pytest("Tests", "not browser and not spark", "--create-db", "-n", "2"),
        _pytest("Spark", "spark", "-W", "ignore"),
        _pytest("Browser", "browser", "--create-db", "-n", "2"),
    ]


def _pytest(title: str, selection: str, *options: str) -> Check:
    report = ROOT / "var" / f"report-{title.lower()}.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-m", selection, f"--junitxml={report}", *options]
    return Check(title, command, report)


def run(check: Check, tally: Tally) -> bool:
    """Run one check, count it, and say whether it succeeded."""
    print(f"\n== {check.title}", flush=True)
    begun = time.monotonic()
    if check.report is not None:
        check.report.unlink(missing_ok=True)
    code = subprocess.run(check.argv, cwd=ROOT, check=False).returncode
    print(f"-- {check.title}: {time.monotonic() - begun:.1f} s", flush=True)
    if check.report is None:
        tally.failed += code != 0
        return code == 0
    failed_before = tally.failed
    if check.report.exists():
        tally.add_report(check.report)
    succeeded = code in (0, NO_TESTS_FOUND)
    if not succeeded and tally.failed == failed_before:
        tally.failed += 1
    return succeeded


def install_programs() -> None:
    """Install the browser and Java where that is possible; without them, their tests say so."""
    wanted = [
        package for program, packages in PACKAGES.items() if not shutil.which(program) for package in packages
    ]
    if not wanted or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print(f"== Installing {' '.join(wanted)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *wanted]):
        subprocess.run(["apt-get", "-qq", *arguments], env=quiet, check=False)


def main() -> int:
    fast = sys.argv[1:] == ["fast"]
    if not fast:
        install_programs()
    tally = Tally()
    failed = [check.title for check in list_checks(fast=fast) if not run(check, tally)]
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed")
    print(tally)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
