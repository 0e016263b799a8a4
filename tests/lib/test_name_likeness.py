"""How alike names are."""

import pytest

from hearth.lib.name_likeness import NameLikeness, blurred, name_likeness, surname_of
from hearth.lib.pinyin import pinyin_key


@pytest.mark.parametrize(
    ("left", "right", "likeness"),
    [
        ("张三", "张 三", NameLikeness.SAME),
        ("古丽·娜扎", "古丽娜扎", NameLikeness.SAME),
        ("张三丰", "章三丰", NameLikeness.SAME_SOUND),
        ("曾伟", "增伟", NameLikeness.SAME_SOUND),
        ("王小明", "王小朋", NameLikeness.SIMILAR),
        ("杨伟", "扬伟", NameLikeness.SAME_SOUND),
        ("刘宇", "刘字", NameLikeness.SIMILAR),
        ("李静", "李进", NameLikeness.SIMILAR),
        ("何宁", "何林", NameLikeness.SIMILAR),
        ("张三丰", "张三", NameLikeness.SHORTENED),
        ("欧阳娜娜", "欧阳娜", NameLikeness.SHORTENED),
        ("王先生", "王伟", NameLikeness.COURTESY),
        ("欧阳女士", "欧阳娜娜", NameLikeness.COURTESY),
        ("张伟明", "张伟东", NameLikeness.SAME_SURNAME),
        ("欧阳娜娜", "欧阳那拉", NameLikeness.SAME_SURNAME),
        ("张三", "李三", NameLikeness.OTHER),
        ("", "张三", NameLikeness.OTHER),
        ("John Smith", "Jon Smith", NameLikeness.SIMILAR),
        ("John Smith", "Joan Baez", NameLikeness.OTHER),
        ("深圳华强电子有限公司", "深圳华强电子公司", NameLikeness.SIMILAR),
        ("深圳华强电子有限公司", "深圳华为技术有限公司", NameLikeness.OTHER),
        ("𠮷野家", "吉野家", NameLikeness.OTHER),
    ],
)
def test_names_are_as_alike_as_a_clerk_would_say(left: str, right: str, likeness: NameLikeness) -> None:
    one, other = pinyin_key(left), pinyin_key(right)

    assert name_likeness(one, other) is likeness
    assert name_likeness(other, one) is likeness


@pytest.mark.parametrize(
    ("name", "surname"),
    [("张三", "张"), ("欧阳娜娜", "欧阳"), ("欧阳", "欧"), ("smith", ""), ("", ""), ("深圳华强电子公司", "")],
)
def test_the_surname_is_told_apart(name: str, surname: str) -> None:
    assert surname_of(name) == surname


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [("zhang", "zan", True), ("nan", "lan", True), ("jing", "jin", True), ("wei", "mei", False)],
)
def test_sounds_that_speakers_do_not_tell_apart_are_one(left: str, right: str, is_same: bool) -> None:
    assert (blurred(left) == blurred(right)) is is_same
