"""Identifiers that sort by time (UUID version 7, RFC 9562)."""

import os
import secrets
import struct
import time
import uuid
from threading import Lock

_RANDOM_BITS = 74
_RANDOM_LIMIT = 1 << _RANDOM_BITS
_MILLISECOND_LIMIT = 1 << 48
_STEPS = "256I"


class _Sequence:
    """The last identifier handed out; the next one in the same millisecond goes above it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.millisecond = -1
        self.tail = 0
        self.steps: list[int] = []

    def following(self, millisecond: int, *, may_go_back: bool) -> tuple[int, int]:
        with self.lock:
            if millisecond > self.millisecond or (may_go_back and millisecond != self.millisecond):
                self.millisecond = millisecond
                # Half the range stays free, so that a busy millisecond never runs out.
                self.tail = secrets.randbits(_RANDOM_BITS - 1)
            else:
                if not self.steps:
                    # One call of the system for many steps; each step is as hard to guess as before.
                    self.steps = list(struct.unpack(_STEPS, os.urandom(struct.calcsize(_STEPS))))
                self.tail += 1 + self.steps.pop()
                if self.tail >= _RANDOM_LIMIT:
                    self.millisecond += 1
                    self.tail = secrets.randbits(_RANDOM_BITS - 1)
            return self.millisecond, self.tail


_present = _Sequence()
_past = _Sequence()


def _forget() -> None:
    """Start anew in a forked child, which would otherwise go on from its parent's last identifier."""
    global _present, _past
    _present, _past = _Sequence(), _Sequence()


os.register_at_fork(after_in_child=_forget)


def uuid7(millisecond: int | None = None) -> uuid.UUID:
    """Return an identifier above every earlier one of this process, also when the clock is set back.

    With `millisecond` (since 1970) the identifier belongs to that instant, for rows about the past;
    calls in a row for one such instant also rise. Safe to call from several threads.

    :raises ValueError: if `millisecond` does not fit 48 bits
    """
    if millisecond is None:
        stamp, tail = _present.following(time.time_ns() // 1_000_000, may_go_back=False)
    elif 0 <= millisecond < _MILLISECOND_LIMIT:
        stamp, tail = _past.following(millisecond, may_go_back=True)
    else:
        raise ValueError("millisecond outside 48 bits")
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return uuid.UUID(int=stamp << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def uuid7_floor(millisecond: int) -> uuid.UUID:
    """Return the least identifier of an instant (milliseconds since 1970): what was made then or later is not below."""
    return uuid.UUID(int=millisecond << 80 | 0x7 << 76 | 0b10 << 62)


def read_uuid(text: str) -> uuid.UUID | None:
    """Read an identifier from an address or a form; what is none asks for nothing."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
