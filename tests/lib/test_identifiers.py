import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from hearth.lib.identifiers import uuid7, uuid7_floor


def test_an_identifier_carries_version_variant_and_the_present_millisecond() -> None:
    before = time.time_ns() // 1_000_000

    made = uuid7()

    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000 + 1


def test_identifiers_rise_within_a_process() -> None:
    made = [uuid7() for _ in range(20_000)]

    assert made == sorted(set(made))


def test_identifiers_stay_distinct_across_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [uuid7() for _ in range(2_000)], range(8)))

    assert all(batch == sorted(batch) for batch in batches)
    assert len({made for batch in batches for made in batch}) == 16_000


def test_identifiers_of_a_past_instant_carry_it_and_leave_the_present_alone() -> None:
    present = uuid7()

    past = [uuid7(1_000_000_000_000) for _ in range(100)]

    assert {made.int >> 80 for made in past} == {1_000_000_000_000}
    assert past == sorted(set(past))
    assert uuid7() > present > past[-1]


def test_identifiers_of_an_earlier_past_sort_below_those_of_a_later_one() -> None:
    later = uuid7(1_700_000_000_000)

    earlier = uuid7(1_600_000_000_000)

    assert earlier < later


@pytest.mark.parametrize("millisecond", [-1, 1 << 48])
def test_an_instant_outside_the_format_is_refused(millisecond: int) -> None:
    with pytest.raises(ValueError, match="48 bits"):
        uuid7(millisecond)


def test_the_floor_of_an_instant_parts_what_was_made_before_from_the_rest() -> None:
    instant = 1_770_000_000_000

    floor = uuid7_floor(instant)

    assert uuid7(instant - 1) < floor
    assert all(floor <= uuid7(instant) for _ in range(50))
    assert floor.version == 7
