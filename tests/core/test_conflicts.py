"""Two people change one record: what is in conflict, and what a person chooses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from hearth.core.conflicts import (
    ChangedMeanwhile,
    Difference,
    as_sent,
    in_words,
    refuse_conflicts,
    remember_seen,
    seen_in,
    settled,
    touched,
)
from hearth.core.versions import EPOCH, version_of
from hearth.customers.models import Customer

SEEN = {"name": "张三", "source": "call"}


def test_what_a_person_left_alone_is_no_change() -> None:
    assert touched(SEEN, {"name": "张三", "source": "web", "note": "新"}) == {"source": "web", "note": "新"}


@pytest.mark.parametrize(
    ("current", "wanted"),
    [
        ({"name": "李四", "source": "call"}, {"source": "web"}),
        ({"name": "张三", "source": "call"}, {"name": "王五"}),
        ({"name": "王五", "source": "call"}, {"name": "王五"}),
    ],
)
def test_other_fields_and_the_same_value_are_no_conflict(
    current: dict[str, Any], wanted: dict[str, Any]
) -> None:
    refuse_conflicts(SEEN, current, wanted)


def test_the_same_field_with_another_value_is_a_conflict_with_three_sides() -> None:
    with pytest.raises(ChangedMeanwhile) as refusal:
        refuse_conflicts(SEEN, {"name": "李四", "source": "call"}, {"name": "王五", "source": "web"})

    assert refusal.value.differences == [Difference("name", "张三", "李四", "王五")]


@pytest.mark.parametrize(
    ("keep", "value"), [("mine", ["c"]), ("theirs", ["b"]), ("original", ["a"]), ("else", ["c"])]
)
def test_the_chosen_side_becomes_the_value_and_theirs_what_was_seen(keep: str, value: list[str]) -> None:
    sent = QueryDict(f"x=c&initial-x=a&first-x=a&theirs-x=b&keep-x={keep}&settle=1")

    chosen = settled(sent)

    assert (chosen.getlist("x"), chosen.getlist("initial-x")) == (value, ["b"])


def test_a_dialog_that_was_closed_chooses_nothing() -> None:
    sent = QueryDict("x=c&initial-x=a&first-x=a&theirs-x=b&keep-x=theirs")

    assert settled(sent) is sent


def test_a_form_tells_what_a_person_saw_as_values() -> None:
    class Sample(forms.Form):
        day = remember_seen(forms.DateField())
        text = remember_seen(forms.CharField())
        other = forms.CharField()

    form = Sample({"initial-day": "2026-03-18", "initial-text": " 一\r\n二 "})
    unreadable = Sample({"initial-day": "soon", "initial-text": ""})

    assert seen_in(form) == {"day": date(2026, 3, 18), "text": "一\n二"}
    assert seen_in(unreadable) == {"day": None, "text": ""}


def test_values_are_said_and_sent_as_their_field_does() -> None:
    choice = forms.ChoiceField(choices=[("a", "甲")])
    several = forms.MultipleChoiceField(choices=[("a", "甲"), ("b", "乙")])

    words = [in_words(choice, "a"), in_words(choice, "gone"), in_words(several, ["a", "b"])]
    assert words == ["甲", "gone", "甲, 乙"]
    assert [in_words(forms.DateField(), date(2026, 3, 18)), in_words(choice, None)] == ["2026-03-18", ""]
    assert [as_sent(several, ["a", "b"]), as_sent(forms.DateField(), None)] == [["a", "b"], [""]]


def test_a_version_is_the_moment_of_the_change() -> None:
    changed_at = EPOCH + timedelta(microseconds=0x2A)

    assert version_of(Customer(updated_at=changed_at)) == "2a"
