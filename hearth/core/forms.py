"""Fields as pages show them, and a refusal beside the field it speaks of."""

from collections.abc import Callable
from typing import Any

from django import forms

from hearth.core.errors import DomainError

TEXT = {"class": "form-control"}
SELECT = {"class": "form-select"}
CHECK = {"class": "form-check-input"}
FIGURE = {**TEXT, "inputmode": "decimal", "step": "0.01"}


class DayInput(forms.DateInput):
    """A day, chosen in the browser's calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({**TEXT, **(attrs or {})}, format="%Y-%m-%d")


def words(label: Any, longest: int, **kwargs: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(label=label, max_length=longest, widget=forms.TextInput(TEXT), **kwargs)


def text(label: Any, rows: int = 3, *, longest: int = 20_000, **kwargs: Any) -> forms.CharField:
    """Several lines of text."""
    widget = forms.Textarea({**TEXT, "rows": rows})
    return forms.CharField(label=label, max_length=longest, widget=widget, **kwargs)


def choice(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    """One of a few."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.Select(SELECT), **kwargs)


def day(label: Any, **kwargs: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, widget=DayInput(), **kwargs)


def figure(label: Any, digits: int = 14, **kwargs: Any) -> forms.DecimalField:
    """A number of so many digits with two decimals, such as money."""
    widget = forms.NumberInput(FIGURE)
    return forms.DecimalField(label=label, max_digits=digits, decimal_places=2, widget=widget, **kwargs)


def tick(label: Any, **kwargs: Any) -> forms.BooleanField:
    """A box to tick, which may be left empty."""
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput(CHECK), **kwargs)


class OwnIds(forms.Form):
    """A form whose fields have ids of their own beside the other forms of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{type(self).__name__.lower()}_%s", **kwargs})


def field_of(form: forms.BaseForm, refusal: DomainError, **asked_as: str) -> str | None:
    """Return which field of a form a refusal speaks of; None where it speaks of none, or of one not asked for.

    `asked_as` names the fields that the form asks for under another name than the act.
    """
    name = getattr(refusal, "field", "")
    name = asked_as.get(name, name)
    return name if name in form.fields else None


def add_refusal(form: forms.BaseForm, refusal: DomainError, **asked_as: str) -> None:
    """Put a refusal beside the field it speaks of, or above the form; `asked_as` as for `field_of`."""
    form.add_error(field_of(form, refusal, **asked_as), str(refusal))


def shown_form(
    form: forms.Form | None, kind: type[forms.Form], fresh: Callable[[], forms.Form]
) -> forms.Form:
    """Return the form that was sent, if it is of the kind, else a fresh one."""
    return form if isinstance(form, kind) else fresh()


def refusal_of(act: Callable[[], object], form: forms.BaseForm | None = None) -> str | None:
    """Do an act; return None if it was done, else why it is refused: nothing where a field of the form says it."""
    try:
        act()
    except DomainError as refusal:
        if form is None or field_of(form, refusal) is None:
            return str(refusal)
        add_refusal(form, refusal)
        return ""
    return None
