"""What two ways of writing an address have in common."""

import pytest

from hearth.lib.addresses import AddressKeys, address_keys


@pytest.mark.parametrize(
    "text",
    [
        "广东省深圳市南山区科苑路15号金色家园7栋2单元1203室",
        "南山区科苑路15号 金色家园 7-2-1203",
        "深圳南山科苑路十五号金色家园7座1203",
        "科苑路１５号七栋二单元１２０３",
        "深圳市南山区科苑路15号,7#2-1203室",
    ],
)
def test_one_home_has_one_key_however_it_is_written(text: str) -> None:
    assert address_keys(text) == AddressKeys("科苑路15", "科苑路15|1203")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", AddressKeys("", "")),
        ("深圳市南山区", AddressKeys("", "")),
        ("12 High Street", AddressKeys("", "")),
        ("人民路3号", AddressKeys("人民路3", "")),
        ("金色家园七栋一二〇三室", AddressKeys("色家园7", "色家园7|1203")),
        ("金色家园7栋1204", AddressKeys("色家园7", "色家园7|1204")),
    ],
)
def test_an_address_that_says_less_has_fewer_keys(text: str, keys: AddressKeys) -> None:
    assert address_keys(text) == keys
