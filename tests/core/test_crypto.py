"""Sealed values and blind indexes."""

import json
import stat

import pytest
from django.conf import settings

from hearth.core.crypto import (
    KeyRing,
    KeyRingMissing,
    SealBroken,
    blind_index,
    last_four_index,
    open_sealed,
    seal,
)
from hearth.lib.identifiers import uuid7


def test_a_sealed_value_opens_in_its_own_row_only() -> None:
    row, other = uuid7(), uuid7()

    sealed = seal("13812341234", column="contact.value", row_id=row)

    assert open_sealed(sealed, column="contact.value", row_id=row) == "13812341234"
    assert b"1381234" not in sealed
    with pytest.raises(SealBroken):
        open_sealed(sealed, column="contact.value", row_id=other)
    with pytest.raises(SealBroken):
        open_sealed(sealed, column="contact.other", row_id=row)


def test_the_same_value_is_sealed_differently_each_time_and_indexed_alike() -> None:
    row = uuid7()

    assert seal("x", column="c", row_id=row) != seal("x", column="c", row_id=row)
    assert blind_index("phone", "13812341234") == blind_index("phone", "13812341234")
    assert blind_index("phone", "13812341234") != blind_index("email", "13812341234")
    assert (len(blind_index("phone", "1")), len(last_four_index("phone", "13812341234"))) == (16, 8)
    assert last_four_index("phone", "13812341234") == last_four_index("phone", "15900001234")


def test_the_key_file_is_for_its_user_only_and_never_replaced() -> None:
    before = settings.KEY_RING.read_text()

    with pytest.raises(FileExistsError):
        KeyRing.create(settings.KEY_RING)

    assert stat.S_IMODE(settings.KEY_RING.stat().st_mode) == 0o600
    assert settings.KEY_RING.read_text() == before
    assert set(json.loads(before)) == {"current", "keys", "index_key", "signing_key"}


def test_a_missing_key_file_is_named() -> None:
    with pytest.raises(KeyRingMissing, match="nowhere"):
        KeyRing.load(settings.KEY_RING.with_name("nowhere.json"))
