"""Amounts in Chinese capitals say what the figures say."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearth.lib.capitals import CAPITALS, TOO_MUCH, capital_amount, chinese_number

CENTS = st.integers(min_value=0, max_value=int(TOO_MUCH) * 100 - 1)
WORTH = {"拾": 10, "佰": 100, "仟": 1000}
GROUPS = {"万": 10**4, "亿": 10**8}


def read(said: str) -> Decimal:
    """Return the amount that capitals say, by another way than they were written."""
    plain = said.removeprefix("人民币").removesuffix("整")
    whole, _mark, small = plain.partition("元") if "元" in plain else ("", "", plain)
    return Decimal(_whole(whole)) + Decimal(_small(small, "角")) / 10 + Decimal(_small(small, "分")) / 100


def _whole(said: str) -> int:
    total, section, figure = 0, 0, 0
    for sign in said:
        if sign in CAPITALS:
            figure = CAPITALS.index(sign)
        elif sign in WORTH:
            section, figure = section + figure * WORTH[sign], 0
        elif sign == "亿":
            total, section, figure = (total + section + figure) * GROUPS[sign], 0, 0
        else:
            total, section, figure = total + (section + figure) * GROUPS[sign], 0, 0
    return total + section + figure


def _small(said: str, unit: str) -> int:
    return CAPITALS.index(said[said.index(unit) - 1]) if unit in said else 0


@given(CENTS)
def test_capitals_read_back_are_the_amount(cents: int) -> None:
    amount = Decimal(cents) / 100

    assert read(capital_amount(amount)) == amount


@given(CENTS)
def test_no_two_noughts_follow_each_other_and_no_digit_is_left(cents: int) -> None:
    said = capital_amount(Decimal(cents) / 100)

    assert "零零" not in said
    assert not any(sign.isdigit() for sign in said if sign not in CAPITALS)
    assert said.startswith("人民币")
    assert said.endswith(("整", "分"))


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("1.05", "人民币壹元零伍分"),
        ("10.50", "人民币壹拾元伍角整"),
        ("1005", "人民币壹仟零伍元整"),
        ("100500", "人民币壹拾万零伍佰元整"),
        ("2000000", "人民币贰佰万元整"),
        ("123456789.12", "人民币壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
        ("1000500000000", "人民币壹万零伍亿元整"),
    ],
)
def test_amounts_as_cheques_write_them(amount: str, said: str) -> None:
    assert capital_amount(Decimal(amount)) == said


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "10000000000000000"])
def test_what_is_no_amount_in_yuan_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match=amount):
        capital_amount(Decimal(amount))


def test_clauses_are_numbered_in_chinese() -> None:
    assert [chinese_number(each) for each in (1, 10, 11, 20, 99)] == ["一", "十", "十一", "二十", "九十九"]


@pytest.mark.parametrize("number", [0, 100])
def test_other_numbers_are_no_clauses(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        chinese_number(number)
