"""What an authenticator app computes (RFC 6238: HMAC-SHA-1, six digits, thirty seconds)."""

import base64
import hashlib
import hmac
import struct
import time


def compute_code(secret: str, *, at: float | None = None) -> str:
    """Return the code of a base-32 secret at an instant, now unless given."""
    step = int((time.time() if at is None else at) // 30)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
