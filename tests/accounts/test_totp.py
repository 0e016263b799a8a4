"""The test's own authenticator app computes what the standard prints."""

import base64

import pytest

from tests.accounts.totp import compute_code


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")],
)
def test_codes_equal_the_examples_of_rfc_6238(at: float, code: str) -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()

    computed = compute_code(secret, at=at)

    assert computed == code
