from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from hearth.lib.parse import (
    Cell,
    CellError,
    parse_area,
    parse_boolean,
    parse_date,
    parse_datetime,
    parse_decimal,
    parse_integer,
    parse_money,
    parse_text,
)

REAL = Path(__file__).parents[3] / "shared" / "data"
CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    "cell",
    [
        "2024-3-5",
        "2024-03-05",
        "2024/03/05",
        "2024.3.5",
        "20240305",
        20240305,
        20240305.0,
        "２０２４－０３－０５",
        "2024年3月5日",
        "2024年03月05号",
        "2024 年 3 月 5 日",
        "二〇二四年三月五日",
        "二零二四年三月五日",
        "5 March 2024",
        "5th of March 2024",
        "Mar 5, 2024",
        "MARCH 5 2024",
        "5-Mar-2024",
        "Tue, 5 Mar 2024",
        "2024-03-05 10:20:30",
        "2024-03-05T10:20:30.123+08:00",
        "2024年3月5日 星期二 下午3时",
        "2024/3/5（周二）",
        " 2024-3-5\u200b ",
        date(2024, 3, 5),
        datetime(2024, 3, 5, 23, 59, tzinfo=UTC),
    ],
)
def test_a_date_is_read_in_every_form(cell: Cell) -> None:
    assert parse_date(cell) == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("二〇二四年十二月三十一日", date(2024, 12, 31)),
        ("二〇二四年十月廿一日", date(2024, 10, 21)),
        ("13/05/2024", date(2024, 5, 13)),
        ("05/13/2024", date(2024, 5, 13)),
        ("05/05/2024", date(2024, 5, 5)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_a_date_with_one_reading_needs_no_order(cell: str, day: date) -> None:
    assert parse_date(cell) == day


def test_a_date_of_two_readings_follows_the_order_given() -> None:
    assert parse_date("03/05/2024", order="mdy") == date(2024, 3, 5)
    assert parse_date("03/05/2024", order="dmy") == date(2024, 5, 3)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (45356, date(2024, 3, 5)),
        (45356.75, date(2024, 3, 5)),
        ("45356", date(2024, 3, 5)),
        (1, date(1900, 1, 1)),
        (61, date(1900, 3, 1)),
    ],
)
def test_a_day_number_is_a_date_where_the_caller_says_so(cell: Cell, day: date) -> None:
    assert parse_date(cell, excel_serial=True) == day


@pytest.mark.parametrize(
    ("cell", "hour", "minute"),
    [
        ("2024-03-05 10:20", 10, 20),
        ("2024-03-05 上午10:20", 10, 20),
        ("2024-03-05 下午3:05", 15, 5),
        ("2024-03-05 下午12:05", 12, 5),
        ("2024-03-05 上午12:05", 0, 5),
        ("2024-03-05 中午12点", 12, 0),
        ("2024-03-05 晚上8点半", 20, 30),
        ("2024年3月5日 10时20分30秒", 10, 20),
        ("2024-03-05 3:05 PM", 15, 5),
        ("2024-03-05T02:20:00Z", 10, 20),
        ("2024-03-05 05:20:00+03:00", 10, 20),
        (datetime(2024, 3, 5, 10, 20), 10, 20),  # noqa: DTZ001 - a spreadsheet's cell has no zone
        (datetime(2024, 3, 5, 2, 20, tzinfo=UTC), 10, 20),
        ("2024-03-05", 0, 0),
        (date(2024, 3, 5), 0, 0),
    ],
)
def test_an_instant_is_read_by_the_clock_of_its_zone(cell: Cell, hour: int, minute: int) -> None:
    moment = parse_datetime(cell, zone=CHINA).astimezone(CHINA)

    assert (moment.date(), moment.hour, moment.minute) == (date(2024, 3, 5), hour, minute)


def test_the_time_of_a_day_number_is_kept() -> None:
    moment = parse_datetime(45356.75, zone=CHINA, excel_serial=True)

    assert moment == datetime(2024, 3, 5, 18, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "empty"),
        (None, "empty"),
        ("\u3000\u200b", "empty"),
        ("#N/A", "excel_error"),
        ("2024-02-31", "impossible_date"),
        ("2024-13-05", "impossible_date"),
        ("20240230", "impossible_date"),
        ("2023年2月29日", "impossible_date"),
        ("31 June 2024", "impossible_date"),
        ("0000-01-01", "impossible_date"),
        ("03/05/2024", "ambiguous_date"),
        ("3.5.2024", "ambiguous_date"),
        ("24-3-5", "two_digit_year"),
        ("03/05/24", "two_digit_year"),
        ("24年3月5日", "two_digit_year"),
        ("5-Mar-24", "two_digit_year"),
        ("2024年3月", "incomplete_date"),
        ("2024", "incomplete_date"),
        ("3月5日", "incomplete_date"),
        (45356, "excel_serial"),
        ("45356", "excel_serial"),
        ("待定", "not_a_date"),
        ("2024-03-055", "not_a_date"),
        (True, "not_a_date"),
        (time(10, 20), "not_a_date"),
        ("2024-03-05 25:00", "impossible_time"),
        ("2024-03-05 10:61", "impossible_time"),
        ("2024-03-05 左右", "not_a_time"),
        ("1024-03-05", "date_out_of_range"),
        ("2924-03-05", "date_out_of_range"),
        (date(1899, 12, 31), "date_out_of_range"),
    ],
)
def test_what_is_no_date_is_refused_with_its_reason(cell: Cell, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_date(cell)

    assert refusal.value.code == code


@pytest.mark.parametrize("serial", [0, 60, 3_000_000, -5])
def test_a_day_number_without_a_day_is_refused(serial: int) -> None:
    with pytest.raises(CellError):
        parse_date(serial, excel_serial=True)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("￥1,234.50", "1234.50"),
        ("¥ 1234.5", "1234.50"),
        ("650万", "6500000.00"),
        (" 530万", "5300000.00"),
        ("650 万元", "6500000.00"),
        ("1.2亿", "120000000.00"),
        ("3千", "3000.00"),
        ("104,569元/平", "104569.00"),
        ("104569元/㎡", "104569.00"),
        ("１２３４．５", "1234.50"),
        ("1，234元", "1234.00"),
        ("12,3456", "123456.00"),
        ("人民币1200元整", "1200.00"),
        ("RMB 1200", "1200.00"),
        ("1.2345E+6", "1234500.00"),
        (1234, "1234.00"),
        (0.1 + 0.2, "0.30"),
        (Decimal("5.5"), "5.50"),
        ("0", "0.00"),
    ],
)
def test_an_amount_is_read_in_yuan(cell: Cell, amount: str) -> None:
    assert str(parse_money(cell)) == amount


@pytest.mark.parametrize(
    "cell", ["-1234.5", "负1234.5", "(1,234.50)", "¥-1234.5", "-¥1234.5", "−1234.5", -1234.5]
)
def test_a_negative_amount_is_read_where_the_caller_allows_it(cell: Cell) -> None:
    assert parse_money(cell, allow_negative=True) == Decimal("-1234.50")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "empty"),
        ("#VALUE!", "excel_error"),
        ("-5", "negative"),
        (-5, "negative"),
        ("面议", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("1 234", "not_a_number"),
        (float("nan"), "not_a_number"),
        (float("inf"), "not_a_number"),
        (True, "not_a_number"),
        (date(2024, 3, 5), "not_a_number"),
        ("1,23", "bad_grouping"),
        ("1.234,56", "bad_grouping"),
        ("650-700万", "amount_range"),
        ("650万至700万", "amount_range"),
        ("约650万", "approximate"),
        ("650万起", "approximate"),
        ("650万+", "approximate"),
        ("$500", "foreign_currency"),
        ("500美元", "foreign_currency"),
        ("1.005", "too_precise"),
        (1.005, "too_precise"),
        ("12345678901234", "too_large"),
        (10**400, "too_large"),
        ("1e400", "too_large"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(cell: Cell, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_money(cell)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    "cell", ["62.0㎡", "62平米", "62 平方米", "62m²", "62M2", "62.00", 62, 62.0, "６２平", "62平方"]
)
def test_an_area_is_read_in_square_metres(cell: Cell) -> None:
    assert parse_area(cell) == Decimal("62.00")


@pytest.mark.parametrize(
    ("cell", "code"),
    [("3亩", "unknown_unit"), ("0", "not_positive"), ("-3", "negative"), ("两居", "not_a_number")],
)
def test_what_is_no_area_is_refused_with_its_reason(cell: Cell, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_area(cell)

    assert refusal.value.code == code


@pytest.mark.parametrize("cell", ["1234", "１２３４", "1,234", 1234, 1234.0, "1234.0", "1.234e3"])
def test_a_whole_number_is_read(cell: Cell) -> None:
    assert parse_integer(cell) == 1234


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3.5", "not_whole"),
        (3.5, "not_whole"),
        ("-1", "out_of_range"),
        (2**31, "out_of_range"),
        ("三", "not_a_number"),
        ("12a", "not_a_number"),
    ],
)
def test_what_is_no_whole_number_is_refused_with_its_reason(cell: Cell, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_integer(cell)

    assert refusal.value.code == code


def test_a_plain_number_keeps_the_places_asked_for() -> None:
    assert parse_decimal("4.125", places=3) == Decimal("4.125")
    assert parse_decimal("-4.1", places=1, allow_negative=True) == Decimal("-4.1")


@pytest.mark.parametrize("cell", ["是", "有", "Y", "yes", "TRUE", "1", 1, 1.0, "√", "✔", True])
def test_yes_is_read_in_every_form(cell: Cell) -> None:
    assert parse_boolean(cell) is True


@pytest.mark.parametrize("cell", ["否", "无", "没有", "N", "no", "False", "0", 0, "×", False])
def test_no_is_read_in_every_form(cell: Cell) -> None:
    assert parse_boolean(cell) is False


@pytest.mark.parametrize(("cell", "code"), [("也许", "not_yes_or_no"), ("2", "not_yes_or_no"), ("", "empty")])
def test_what_is_neither_yes_nor_no_is_refused(cell: Cell, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_boolean(cell)

    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  王小明\u00a0 ", "王小明"),
        ("王\u3000小明", "王 小明"),
        ("\ufeff王\u200b小明", "王小明"),
        ("一行\r\n二行", "一行 二行"),
        ("家人👨‍👩‍👧好", "家人👨‍👩‍👧好"),
        ("，保留全角！", "，保留全角！"),
        (1203.0, "1203"),
        (1203, "1203"),
        ("𠮷田", "𠮷田"),
    ],
)
def test_text_is_cleaned_of_what_cannot_be_seen(cell: Cell, text: str) -> None:
    assert parse_text(cell, max_length=20) == text


def test_text_of_several_lines_keeps_them_where_asked() -> None:
    assert parse_text(" 一行 \r\n\r\n二行\n", max_length=20, multiline=True) == "一行\n\n二行"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "empty"),
        ("\u200b", "empty"),
        ("#REF!", "excel_error"),
        ("a\x00b", "control_character"),
        ("a\x07b", "control_character"),
        ("a\ud800b", "control_character"),
        ("王\ufffd明", "broken_encoding"),
        ("x" * 21, "too_long"),
    ],
)
def test_text_that_cannot_be_kept_is_refused_with_its_reason(cell: Cell, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_text(cell, max_length=20)

    assert refusal.value.code == code


def test_a_refusal_names_its_limits() -> None:
    with pytest.raises(CellError) as refusal:
        parse_text("x" * 21, max_length=20)

    assert refusal.value.params == {"length": 21, "limit": 20}
    assert str(refusal.value) == "too_long(length=21, limit=20)"
