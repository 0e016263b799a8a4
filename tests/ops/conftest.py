"""Folders a database server of another account can reach."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@contextmanager
def make_server_folder() -> Iterator[Path]:
    """A folder outside pytest's own, which are closed to the account that serves for root."""
    parent = Path(tempfile.mkdtemp(prefix="hearth-test-", dir="/tmp"))
    parent.chmod(0o755)
    yield parent / "postgres"
    shutil.rmtree(parent)


@pytest.fixture
def server_folder() -> Iterator[Path]:
    with make_server_folder() as folder:
        yield folder


def ends_soon(process: int) -> bool:
    """Wait for the end of a process; one that nobody collected yet has ended."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{process}/stat").read_text().rsplit(")")[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False
