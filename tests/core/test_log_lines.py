"""Lines of the log keep no number, address or identity of a person."""

import logging
from typing import Any

import pytest
from django.conf import settings

from hearth.core.log_lines import MaskedLines, mask_line


@pytest.mark.requirement("S60")
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("致电13912345678未接", "致电139****5678未接"),
        ("139 1234 5678, 139-1234-5678", "139****5678, 139****5678"),
        ("+8613912345678 / 86 13912345678", "+86139****5678 / 86 139****5678"),
        ("Key (email)=(wang.wei+a@mail.example.com) exists", "Key (email)=(w***@mail.example.com) exists"),
        ("身份证11010519491231002X。", "身份证1****************X。"),
    ],
)
def test_what_looks_like_a_persons_is_masked(written: str, kept: str) -> None:
    assert mask_line(written) == kept


@pytest.mark.parametrize(
    "line",
    [
        "Request 01a21d79-a1f3-718c-bb19-2d0f803836b0 failed",
        "2026-11-27 22:46:41,631 took 13912345678901 ns",
        "amount 139123456780.50, version 3.13912345678",
        "digest 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "order 1391234567, batch 2391234567812",
    ],
)
def test_ids_moments_and_sums_stay_as_they_are(line: str) -> None:
    assert mask_line(line) == line


def test_a_traceback_is_masked_with_its_line() -> None:
    lines = MaskedLines("%(message)s")
    try:
        raise ValueError("13912345678")
    except ValueError as error:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": (type(error), error, None)})

    assert "139****5678" in lines.format(record)
    assert "13912345678" not in lines.format(record)


def test_every_handler_of_ours_writes_such_lines() -> None:
    log: Any = settings.LOGGING
    classes = {each["class"] for each in log["formatters"].values()}

    assert classes == {f"{MaskedLines.__module__}.{MaskedLines.__qualname__}"}
    assert all("formatter" in each for each in log["handlers"].values())
    assert any(isinstance(each.formatter, MaskedLines) for each in logging.getLogger().handlers)
