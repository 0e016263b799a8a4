"""The secret links of brokers: of a token only its hash is kept."""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

# Proposed: half a year, as other links to customers.
GOOD_FOR = timedelta(days=180)
BYTES = 24


def new_token() -> str:
    """Return a token of 192 random bits."""
    return token_urlsafe(BYTES)


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()
