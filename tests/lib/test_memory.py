"""What a worker keeps after heavy work."""

import ctypes
from pathlib import Path

import pytest

from hearth.lib.memory import give_memory_back

MEGABYTE = 1024


def resident_kilobytes() -> int:
    """Return what the process holds, as Linux counts it."""
    line = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")
    )
    return int(line.split()[1])


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="this C library gives back by itself"
)
def test_what_the_c_library_kept_in_reserve_is_given_back() -> None:
    give_memory_back()
    before = resident_kilobytes()
    many = [bytes(1_000) for _ in range(60_000)]
    held = many[::5_000]
    del many

    give_memory_back()

    assert resident_kilobytes() - before < 20 * MEGABYTE
    assert len(held) == 12
