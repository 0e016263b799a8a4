"""Rules in words."""

from typing import Any

import pytest
from django.utils import translation

from hearth.segments.reading import parse_rule
from hearth.segments.wording import rule_in_words

pytestmark = pytest.mark.usefixtures("sample_tables")
VISITS = {
    "behaviour": "contact",
    "where": [{"field": "direction", "op": "in", "value": ["inbound"]}],
    "days": 90,
    "aggregate": "count",
    "op": "gte",
    "value": 2,
}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            {"field": "birth_year", "op": "between", "value": [1970, "1980"]},
            "year of birth between 1970 and 1980",
        ),
        ({"field": "monetary_amount", "op": "gt", "value": 1000000}, "amount bought more than ¥1000000"),
        ({"not": {"field": "sex", "op": "is_empty"}}, "not sex is not known"),
        ({"field": "created_at", "op": "within_days", "value": 30}, "known since within the last 30 days"),
        (
            VISITS,
            "Was in contact (direction is one of from the customer), in the last 90 days, number of times at least 2",
        ),
        (
            {
                "all": [
                    {"field": "sex", "op": "is_empty"},
                    {
                        "any": [
                            {"field": "homes", "op": "eq", "value": 1},
                            VISITS | {"where": [], "aggregate": "never", "op": None, "value": None},
                        ]
                    },
                ]
            },
            "sex is not known and (number of homes exactly 1 or Was in contact, in the last 90 days, never)",
        ),
    ],
)
def test_a_rule_is_said_in_one_sentence(source: Any, words: str) -> None:
    with translation.override("en"):
        said = rule_in_words(parse_rule(source))

    assert said == words
