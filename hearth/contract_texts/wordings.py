# domain data
"""Wordings that no contract may have, with the reason; places add their own."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

SPACE = re.compile(r"\s+")
UNFAIR = pgettext_lazy("forbidden wording", "Takes from the buyer what the law gives them.")
FORECAST = pgettext_lazy("forbidden wording", "Promises a gain in value or a yield.")
SCHOOL = pgettext_lazy("forbidden wording", "Promises a place at a school.")
SHIPPED: Mapping[str, str | Promise] = {
    "最终解释权": pgettext_lazy("forbidden wording", "One side alone may not say what a contract means."),
    "概不负责": UNFAIR,
    "概不退还": UNFAIR,
    "不承担任何责任": UNFAIR,
    "放弃一切权利": UNFAIR,
    "放弃追究": UNFAIR,
    "放弃诉讼": UNFAIR,
    "自愿放弃": UNFAIR,
    "无条件接受": UNFAIR,
    "不得提出异议": UNFAIR,
    "保值增值": FORECAST,
    "升值潜力": FORECAST,
    "稳定回报": FORECAST,
    "保证升值": FORECAST,
    "包租返租": FORECAST,
    "售后包租": FORECAST,
    "保证入学": SCHOOL,
    "学位承诺": SCHOOL,
    "名校学位": SCHOOL,
    "学区房": SCHOOL,
    "承诺落户": pgettext_lazy("forbidden wording", "Promises what only an authority can grant."),
}


@dataclass(frozen=True)
class Forbidden:
    """A wording that was found, and why no contract may have it."""

    words: str
    because: str | Promise


def forbidden_in(text: str, known: Iterable[Forbidden]) -> list[Forbidden]:
    """Return which wordings a text has, wherever spaces or line breaks part them."""
    joined = SPACE.sub("", text).casefold()
    return [each for each in known if SPACE.sub("", each.words).casefold() in joined]


def plain_lines(wording: str) -> str:
    """Return a wording as it is kept: without blanks around it, its lines parted as the same words always are."""
    return "\n".join(wording.strip().splitlines())


def shipped_wordings() -> list[Forbidden]:
    """Return what is forbidden everywhere."""
    return [Forbidden(words, because) for words, because in SHIPPED.items()]
