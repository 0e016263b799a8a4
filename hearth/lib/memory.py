"""Giving memory back to the machine after heavy work."""

import ctypes
import gc
import sys


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
