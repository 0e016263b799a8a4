import csv
from datetime import date, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.lib.parse import (
    Cell,
    CellError,
    is_blank,
    parse_area,
    parse_boolean,
    parse_date,
    parse_datetime,
    parse_integer,
    parse_money,
    parse_text,
)

REAL = Path(__file__).parents[3] / "shared" / "data"
CHINA = timezone(timedelta(hours=8))


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_date_is_read_back_from_its_written_forms(day: date) -> None:
    for written in (
        f"{day:%Y-%m-%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%d %B %Y}",
        f"{day:%b %d, %Y}",
    ):
        assert parse_date(written) == day


@given(st.decimals(0, 10**9, places=2))
def test_every_amount_is_read_back_from_its_written_forms(amount: Decimal) -> None:
    for written in (f"{amount}", f"￥{amount:,}", f"{amount:,}元", f"{float(amount)!r}"):
        assert parse_money(written) == amount


plainly_written = st.text("aZ09张晓·-._ 　\u00b5é#/", min_size=1, max_size=12)


@given(plainly_written)
def test_a_text_read_at_once_is_what_the_long_way_makes_of_it(text: str) -> None:
    # A character that is never seen keeps a text off the short way, and is dropped on the long one.
    assert read_or_code(text) == read_or_code(f"{text}\u200b")


def read_or_code(text: str) -> str:
    try:
        return parse_text(text, max_length=40)
    except CellError as error:
        return error.code


cells = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.text("0123456789-/.年月日:, eE万亿元¥()上下午时分 ", max_size=24),
    st.one_of(st.floats(), st.integers(), st.booleans(), st.decimals()),
    st.one_of(st.dates(), st.datetimes(), st.times(), st.timedeltas()),
)


@given(cells)
def test_any_cell_is_a_value_or_a_refusal(cell: Cell) -> None:
    for read in (
        parse_date,
        lambda it: parse_datetime(it, zone=CHINA),
        lambda it: parse_datetime(it, zone=CHINA, excel_serial=True),
        lambda it: parse_money(it, allow_negative=True),
        parse_area,
        parse_integer,
        parse_boolean,
        lambda it: parse_text(it, max_length=20),
    ):
        try:
            read(cell)
        except CellError as refusal:
            blank = is_blank(cell)
            assert (refusal.code == "empty") == blank  # noqa: PT017 - either outcome is right


@pytest.mark.real
def test_prices_and_sizes_of_real_listings_are_read() -> None:
    path = REAL / "beijing_homes" / "homes.csv"
    if not path.exists():
        pytest.skip("no real data beside the project")
    refused: list[tuple[str, str | None]] = []
    rows = 0

    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            rows += 1
            for column, read in (
                ("Price", parse_money),
                ("UnitPrice", parse_money),
                ("Size", parse_area),
                ("Floor", parse_integer),
            ):
                try:
                    read(row[column])
                except CellError as error:
                    refused.append((error.code, row[column]))

    assert rows == 34_020
    # The header comes once more among the rows.
    assert refused == [("not_a_number", column) for column in ("Price", "UnitPrice", "Size", "Floor")]
