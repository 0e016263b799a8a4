"""A day is a day of the company's clock: before eight in the morning in China, UTC is a day behind."""

import re

from tests.gates.tree import list_modules, name_of, read_text

PLAIN_DAY = re.compile(r"\b(?:\w+\.)?now\.date\(\)|\bdate\.today\(\)")


def find_plain_days(text: str) -> list[str]:
    """Return the places of a text that take the day of an instant without saying in which zone."""
    return PLAIN_DAY.findall(text)


def test_no_act_takes_the_day_of_an_instant_in_utc() -> None:
    found = {
        name_of(path): days
        for path in list_modules()
        if name_of(path).startswith(("hearth/", "benchmarks/")) and (days := find_plain_days(read_text(path)))
    }

    assert found == {}


def test_a_plain_day_is_found_in_whatever_holds_the_instant() -> None:
    text = "today = now.date()\nday = self.context.now.date()\nlocaldate(now)\n"

    assert find_plain_days(text) == ["now.date()", "context.now.date()"]
