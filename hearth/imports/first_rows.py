"""In which row of a file a key first stood, for a million keys in some twenty megabytes."""

from array import array
from collections.abc import Hashable

_SLOTS = 1 << 12


class FirstRows:
    """A table of hashes with open addressing: a dict of keys would take ten times the memory.

    Python's hash of texts and bytes has 64 bits and a secret of the process: two keys of a million are taken for
    one with a chance of one in ten millions, and nobody can choose keys that collide. The numbers it holds mean
    nothing to another process.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._hashes = array("q", bytes(8 * _SLOTS))
        self._rows = array("I", bytes(4 * _SLOTS))
        self._mask = _SLOTS - 1
        self._count = 0

    def note(self, key: Hashable, row: int) -> int:
        """Return the row in which a key first stood, which is this one when it is new."""
        wanted = hash(key) or 1
        slot = self._find(wanted)
        if self._hashes[slot]:
            return self._rows[slot]
        self._hashes[slot], self._rows[slot] = wanted, row
        self._count += 1
        if self._count * 3 > self._mask * 2:
            self._grow()
        return row

    def get(self, key: Hashable) -> int | None:
        """Return the row in which a key first stood, None for a new one."""
        slot = self._find(hash(key) or 1)
        return self._rows[slot] if self._hashes[slot] else None

    def _find(self, wanted: int) -> int:
        """Return the slot of a hash, or the free one where it belongs."""
        hashes, mask = self._hashes, self._mask
        slot = wanted & mask
        while hashes[slot] and hashes[slot] != wanted:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        hashes, rows = self._hashes, self._rows
        size = len(hashes) * 2
        self._hashes, self._rows = array("q", bytes(8 * size)), array("I", bytes(4 * size))
        self._mask = size - 1
        for wanted, row in zip(hashes, rows, strict=True):
            if wanted:
                slot = self._find(wanted)
                self._hashes[slot], self._rows[slot] = wanted, row
