"""Arms that stay the same for ever and fall as planned."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.analytics.assignment import assign_arm, position, uniformity_check
from hearth.analytics.experiments import sample_ratio_check

SHARES = [("none", Decimal("0.1")), ("card", Decimal("0.45")), ("call", Decimal("0.45"))]
PINNED = {
    "1": "card",
    "2": "card",
    "3": "card",
    "42": "call",
    "家庭-7": "call",
    "1000000": "card",
    "6": "none",
    "17": "none",
}


@pytest.mark.requirement("S248")
def test_known_households_keep_their_arms_for_ever() -> None:
    found = {key: assign_arm("spring-2026", key, SHARES) for key in PINNED}

    assert found == PINNED


def test_the_position_follows_its_documented_recipe() -> None:
    digest = sha256("11:spring-2026:家庭-7".encode()).digest()

    assert position("spring-2026", "家庭-7") == Fraction(int(digest[:8].hex(), 16), 2**64)


def test_arms_get_their_shares_of_households() -> None:
    sizes = Counter(assign_arm("autumn", str(key), SHARES) for key in range(20_000))

    assert not sample_ratio_check(sizes, dict(SHARES)).is_alarm


def test_households_fall_evenly() -> None:
    found = uniformity_check("autumn", (str(key) for key in range(20_000)))

    assert found.p_value > 0.01


def test_keys_that_repeat_are_noticed() -> None:
    keys = [str(key) for key in range(1_000)] + ["unknown"] * 200

    assert uniformity_check("autumn", keys).is_alarm


def test_too_few_keys_say_nothing_about_evenness() -> None:
    with pytest.raises(ValueError, match="too few"):
        uniformity_check("autumn", ["1", "2"])


def test_another_experiment_divides_households_anew() -> None:
    shares = [("none", Decimal("0.5")), ("gift", Decimal("0.5"))]
    pairs = Counter(
        (assign_arm("first", str(key), shares), assign_arm("second", str(key), shares))
        for key in range(8_000)
    )

    sizes = {f"{first}-{second}": count for (first, second), count in pairs.items()}
    assert not sample_ratio_check(sizes, dict.fromkeys(sizes, 0.25)).is_alarm
    assert len(sizes) == 4


@given(salt=st.text(min_size=1), key=st.text(min_size=1))
def test_every_household_has_a_place_and_an_arm(salt: str, key: str) -> None:
    assert 0 <= position(salt, key) < 1
    assert assign_arm(salt, key, SHARES) in {"none", "card", "call"}


@given(key=st.text(min_size=1))
def test_an_arm_split_off_the_last_one_moves_nobody_else(key: str) -> None:
    split = [*SHARES[:2], ("visit", Decimal("0.2")), ("call", Decimal("0.25"))]

    before, after = assign_arm("spring", key, SHARES), assign_arm("spring", key, split)

    assert after in ({"visit", "call"} if before == "call" else {before})


def test_salt_and_key_do_not_run_together() -> None:
    assert position("a", "b:c") != position("a:b", "c")


@pytest.mark.parametrize(
    "shares",
    [
        [("none", Decimal("0.5")), ("gift", Decimal("0.4"))],
        [("none", Decimal("0.5")), ("none", Decimal("0.5"))],
        [("none", Decimal("1.5")), ("gift", Decimal("-0.5"))],
        [],
    ],
)
def test_shares_that_are_no_partition_are_refused(shares: list[tuple[str, Decimal]]) -> None:
    with pytest.raises(ValueError, match=r"share|twice"):
        assign_arm("spring", "1", shares)


@pytest.mark.parametrize(("salt", "key"), [("", "1"), ("spring", "")])
def test_a_household_without_a_key_is_refused(salt: str, key: str) -> None:
    with pytest.raises(ValueError, match="needed"):
        assign_arm(salt, key, SHARES)
