"""Two people change the same record: what both saw, what one wrote meanwhile, what the other wants.

A form keeps what a person saw of each field beside the field (`initial-<field>`), so that only what they changed is
written, and only what both changed is in conflict. In the dialog they choose between the three sides of a field; it
sends `keep-<field>` with what the others wrote (`theirs-<field>`) and what both saw (`first-<field>`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import QueryDict

from hearth.core.errors import Conflict

THEIRS, ORIGINAL = "theirs", "original"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two people gave different values: what both saw, what the other wrote, what is wanted now."""

    name: str
    original: Any
    theirs: Any
    mine: Any


class ChangedMeanwhile(Conflict):
    """Somebody else gave the same fields other values; nothing is lost, a person chooses."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        super().__init__()
        self.differences = differences


def touched(seen: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of the wanted values is a change against what the person saw."""
    return {name: value for name, value in wanted.items() if name not in seen or seen[name] != value}


def refuse_conflicts(seen: Mapping[str, Any], current: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Let wanted changes pass that no change of somebody else stands against.

    :raises ChangedMeanwhile: for fields that have by now another value than the person saw, and than they want
    """
    found = [
        Difference(name, seen.get(name), current[name], value)
        for name, value in wanted.items()
        if current[name] not in (seen.get(name), value)
    ]
    if found:
        raise ChangedMeanwhile(found)


def remember_seen(field: forms.Field) -> forms.Field:
    """Have a form keep what the person saw of a field beside it."""
    field.show_hidden_initial = True
    return field


def seen_in(form: forms.Form) -> dict[str, Any]:
    """Return the values a person saw, of the fields whose form kept them; what cannot be read is None."""
    return {name: _seen(form, name) for name, field in form.fields.items() if field.show_hidden_initial}


def _seen(form: forms.Form, name: str) -> Any:
    field, kept = form.fields[name], form[name].html_initial_name
    raw = field.hidden_widget().value_from_datadict(form.data, form.files, kept)
    try:
        return one_line_end(field.to_python(raw))
    except ValidationError:
        return None


def one_line_end(value: Any) -> Any:
    """Return a text with the line ends that are kept; browsers send others."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


@dataclass(frozen=True)
class ShownDifference:
    """A difference in words, with the values as a form sends them."""

    name: str
    label: str
    original: str
    theirs: str
    mine: str
    sent_original: Sequence[str]
    sent_theirs: Sequence[str]
    sent_mine: Sequence[str]


def show_differences(form: forms.Form, differences: Sequence[Difference]) -> list[ShownDifference]:
    """Return differences as a person reads them, by the words of the form's fields."""
    return [
        ShownDifference(
            name,
            str(form.fields[name].label),
            *(in_words(form.fields[name], side) for side in sides),
            *(as_sent(form.fields[name], side) for side in sides),
        )
        for name, *sides in ((each.name, each.original, each.theirs, each.mine) for each in differences)
    ]


def in_words(field: forms.Field, value: Any) -> str:
    """Return a value as people read it: the label of a choice, the name of a row, an ISO day; empty for nothing."""
    if isinstance(value, list | tuple):
        return ", ".join(in_words(field, each) for each in value)
    if value in (None, ""):
        return ""
    if isinstance(value, Model | date):
        return str(value)
    choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
    return str(dict(choices).get(value, value))


def as_sent(field: forms.Field, value: Any) -> list[str]:
    """Return a value as a form sends it, one text for each input of the name."""
    prepared = field.prepare_value(value)
    if isinstance(prepared, list | tuple):
        return [str(each) for each in prepared]
    return ["" if prepared is None else str(prepared)]


def settled(sent: QueryDict) -> QueryDict:
    """Return what a form sent, with the sides that were chosen in the dialog as its values.

    What the others wrote is by now what the person saw.
    """
    if "settle" not in sent:
        return sent
    chosen = sent.copy()
    for key in sent:
        name = key.removeprefix("keep-")
        if name == key:
            continue
        sides = {THEIRS: f"theirs-{name}", ORIGINAL: f"first-{name}"}
        if side := sides.get(str(sent[key])):
            chosen.setlist(name, sent.getlist(side))
        chosen.setlist(f"initial-{name}", sent.getlist(f"theirs-{name}"))
    return chosen
