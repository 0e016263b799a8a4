"""The parts of which two texts are made give both texts back."""

from hypothesis import given
from hypothesis import strategies as st

from hearth.lib.text_differences import Part, differences

WORDS = st.text(alphabet="甲方应当按期交付房屋，。 ab", max_size=60)


@given(WORDS, WORDS)
def test_what_is_in_one_text_gives_that_text(before: str, after: str) -> None:
    parts = differences(before, after)

    assert "".join(each.text for each in parts if not each.is_in) == before
    assert "".join(each.text for each in parts if not each.is_out) == after


def test_a_changed_word_is_shown_as_out_and_in() -> None:
    assert differences("按期交付", "提前交付") == [
        Part("按期", is_out=True),
        Part("提前", is_in=True),
        Part("交付"),
    ]
