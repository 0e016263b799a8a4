"""Numbers in Chinese: amounts in capitals 大写金额 as contracts and cheques write them, and the numbers of clauses."""

from decimal import Decimal

CAPITALS = "零壹贰叁肆伍陆柒捌玖"
PLAIN = "零一二三四五六七八九"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
GROUP = 10_000
CENT = Decimal("0.01")
TOO_MUCH = Decimal(10) ** 16
TEN, HUNDRED = 10, 100


def capital_amount(amount: Decimal) -> str:
    """Return an amount in yuan in capitals, to the cent: 人民币壹佰贰拾万零伍元叁角整.

    A nought is written where places between figures are empty, 整 where nothing is left below.

    :raises ValueError: if it is negative, finer than a cent, or ten thousand million million or more
    """
    if not 0 <= amount < TOO_MUCH or amount != amount.quantize(CENT):
        raise ValueError(amount)
    whole, cents = divmod(int(amount * HUNDRED), HUNDRED)
    tenths, last = divmod(cents, TEN)
    said = f"{_capital_number(whole)}元" if whole or not cents else ""
    if tenths:
        said += f"{CAPITALS[tenths]}角"
    elif last and whole:
        said += CAPITALS[0]
    return f"人民币{said}" + (f"{CAPITALS[last]}分" if last else "整")


def _capital_number(number: int) -> str:
    """Return a whole number in capitals, group by group of four places."""
    if not number:
        return CAPITALS[0]
    groups = []
    while number:
        number, part = divmod(number, GROUP)
        groups.append(part)
    said, is_gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        part = groups[place]
        if not part:
            is_gap = bool(said)
            continue
        if said and (is_gap or part < GROUP // TEN):
            said += CAPITALS[0]
        said += _capital_group(part) + _name_of(place, groups)
        is_gap = False
    return said


def _name_of(place: int, groups: list[int]) -> str:
    """Return the name of a group; 亿 is said once, by the last group that has anything of it."""
    hundred_million = 2
    if place > hundred_million and groups[hundred_million]:
        return "万"
    return GROUPS[place]


def _capital_group(part: int) -> str:
    said, is_gap = "", False
    for place in range(len(PLACES) - 1, -1, -1):
        figure = part // TEN**place % TEN
        if not figure:
            is_gap = bool(said)
            continue
        said += (CAPITALS[0] if is_gap else "") + CAPITALS[figure] + PLACES[place]
        is_gap = False
    return said


def clause_number(number: int) -> str:
    """Return the number of a clause: 第三条."""
    return f"第{_counted(number)}条"


def annex_number(number: int) -> str:
    """Return the number of an annex: 附件二."""
    return f"附件{_counted(number)}"


def _counted(number: int) -> str:
    return chinese_number(number) if number < HUNDRED else str(number)


def chinese_number(number: int) -> str:
    """Return a number from 1 to 99 as clauses are numbered: 三, 十二, 二十.

    :raises ValueError: outside these
    """
    if not 0 < number < HUNDRED:
        raise ValueError(number)
    tens, ones = divmod(number, TEN)
    said = ("" if tens == 1 else PLAIN[tens]) + "十" if tens else ""
    return said + (PLAIN[ones] if ones else "")
