"""The table that remembers in which row a key first stood."""

import sys
from collections.abc import Hashable

from hypothesis import given
from hypothesis import strategies as st

from hearth.imports.first_rows import FirstRows

TEXTS = st.lists(st.text(max_size=4), max_size=60)
INDEXES = st.lists(st.binary(min_size=1, max_size=4), max_size=60)
ADDRESSES = st.lists(st.tuples(st.text(max_size=2), st.text(max_size=2)), max_size=60)


@given(TEXTS | INDEXES | ADDRESSES)
def test_it_answers_as_a_dictionary_does(keys: list[Hashable]) -> None:
    first_rows, expected = FirstRows(), dict[Hashable, int]()

    answers = [first_rows.note(key, row) for row, key in enumerate(keys, start=2)]

    assert answers == [expected.setdefault(key, row) for row, key in enumerate(keys, start=2)]
    assert [first_rows.get(key) for key in keys] == [expected[key] for key in keys]
    assert first_rows.get("a key not seen") is None


def test_a_hundred_thousand_keys_take_little_memory() -> None:
    first_rows = FirstRows()

    rows = [first_rows.note(f"客户{number}", number) for number in range(1, 100_001)]

    assert rows == list(range(1, 100_001))
    assert first_rows.get("客户77") == 77
    assert sys.getsizeof(first_rows._hashes) + sys.getsizeof(first_rows._rows) < 4_000_000
