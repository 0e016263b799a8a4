"""Giving memory back to the machine after heavy work."""

import ctypes
import gc
import sys

_M_ARENA_MAX = -8  # malloc.h of the GNU C library


def limit_reserves(most: int) -> None:
    """Have threads share a few of the C library's reserves instead of one each; only before threads begin.

    As MALLOC_ARENA_MAX does, for a process that runs already. Nothing happens with another C library.
    """
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        set_option(_M_ARENA_MAX, most)


def give_memory_back() -> None:
    """Return what Arrow and the C library keep in reserve; does nothing where there is no way to ask.

    A worker that has read a million rows would otherwise hold their space for the rest of its life.
    """
    gc.collect()
    if arrow := sys.modules.get("pyarrow"):
        arrow.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
