"""Forms of the customer pages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hearth.core.conflicts import one_line_end, remember_seen, seen_in
from hearth.core.errors import InvalidInput
from hearth.core.forms import SELECT, TEXT
from hearth.customers.contacts import ADDRESS, EMAIL, PHONE, WECHAT, read_contact, read_identity
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.origins import Basis, Source
from hearth.organization.models import OrgUnit


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__({"class": "form-control"}, format="%Y-%m-%d")


class ManyInput(forms.Widget):
    """One input for each value, and a button for another."""

    template_name = "customers/widgets/many.html"

    def __init__(self, input_type: str, autocomplete: str = "off") -> None:
        super().__init__({"class": "form-control", "type": input_type, "autocomplete": autocomplete})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sequence[str]:
        values: Sequence[str] = data.getlist(name) if hasattr(data, "getlist") else data.get(name, ())
        return values

    def format_value(self, value: Any) -> list[str]:
        return [each for each in value or [] if each] or [""]


class ContactsField(forms.Field):
    """Several contacts of one kind; cleaned to the texts people wrote, each checked."""

    def __init__(self, kind: str, *, label: Any, input_type: str = "text") -> None:
        super().__init__(label=label, required=False, widget=ManyInput(input_type))
        self.kind = kind

    def clean(self, value: Any) -> tuple[str, ...]:
        texts = tuple(text.strip() for text in value or () if text.strip())
        for text in texts:
            check_contact(self.kind, text)
        return texts


def check_contact(kind: str, text: str) -> None:
    """Refuse a contact in the words of the domain.

    :raises ValidationError: if it is not valid
    """
    try:
        read_contact(kind, text)
    except InvalidInput as error:
        raise ValidationError(str(error)) from error


class CustomerForm(forms.Form):
    """What both a new and a known customer have."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Customer.Kind.choices, widget=forms.Select(SELECT))
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(TEXT))
    sex = forms.ChoiceField(
        label=_("Sex"), choices=Customer.Sex.choices, required=False, widget=forms.Select(SELECT)
    )
    birth_date = forms.DateField(label=_("Date of birth"), required=False, widget=DayInput())
    identity_number = forms.CharField(
        label=_("Identity number"),
        required=False,
        max_length=24,
        widget=forms.TextInput({**TEXT, "autocomplete": "off"}),
    )
    occupation = forms.CharField(
        label=_("Occupation"), required=False, max_length=80, widget=forms.TextInput(TEXT)
    )
    source = forms.ChoiceField(
        label=_("Source"), choices=Customer.Source.choices, required=False, widget=forms.Select(SELECT)
    )
    household_role = forms.ChoiceField(
        label=_("Role in the household"),
        choices=Customer.HouseholdRole.choices,
        required=False,
        widget=forms.Select(SELECT),
    )
    note = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea({**TEXT, "rows": 3}))

    def clean_identity_number(self) -> str:
        number: str = self.cleaned_data["identity_number"].strip()
        try:
            return read_identity(number).number if number else ""
        except InvalidInput as error:
            raise ValidationError(str(error)) from error


class NewCustomerForm(CustomerForm):
    """A customer to record, with contacts, place and household."""

    phones = ContactsField(PHONE, label=_("Phones"), input_type="tel")
    emails = ContactsField(EMAIL, label=_("E-mails"), input_type="email")
    wechat_names = ContactsField(WECHAT, label=_("WeChat names"))
    addresses = ContactsField(ADDRESS, label=_("Addresses"))
    org_unit = forms.ModelChoiceField(
        label=_("Place"),
        queryset=OrgUnit.objects.none(),
        empty_label=_("Choose a place"),
        widget=forms.Select(SELECT),
        help_text=_("The people of this place, and of those above it, see the customer."),
    )
    household = forms.ChoiceField(
        label=_("Household"),
        choices=[
            ("none", _("none yet")),
            ("new", _("a new one")),
            ("existing", _("that of another customer")),
        ],
        initial="none",
        widget=forms.Select(SELECT),
    )
    household_member = forms.CharField(
        label=_("Member of that household"),
        required=False,
        max_length=30,
        widget=forms.TextInput({**TEXT, "autocomplete": "off"}),
        help_text=_("Customer number or phone of somebody who lives there."),
    )

    def __init__(self, *args: Any, places: QuerySet[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["org_unit"]
        field.queryset = places
        found = list(places[:2])
        if len(found) == 1:
            field.initial = found[0].pk

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("household") == "existing" and not cleaned.get("household_member"):
            self.add_error("household_member", _("Say whose household it is."))
        return cleaned


class EditCustomerForm(CustomerForm):
    """The fields of a known customer with what the person saw of each, and when.

    A form that does not tell what was seen stands against any change since.
    """

    unchanged_since = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, hides_identity: bool, hides_note: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if hides_identity:
            del self.fields["identity_number"]
        if hides_note:
            del self.fields["note"]
        for name, field in self.fields.items():
            if name != "unchanged_since" and (not self.is_bound or f"initial-{name}" in self.data):
                remember_seen(field)

    @property
    def seen(self) -> dict[str, Any] | None:
        """Return the values the person saw, None where the form does not tell."""
        return seen_in(self) or None

    def clean_note(self) -> Any:
        return one_line_end(self.cleaned_data["note"])

    def clean_unchanged_since(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data["unchanged_since"])
        except ValueError:
            return None


def _stated(choices: type[Source | Basis]) -> list[tuple[str, Any]]:
    """Return what a person can state; nothing stated is the usual."""
    return [("", _("as usual")), *[pair for pair in choices.choices if pair[0]]]


class ContactForm(forms.Form):
    """One more contact."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactPoint.Kind.choices, widget=forms.Select(SELECT))
    value = forms.CharField(label=_("Contact"), max_length=300, widget=forms.TextInput(TEXT))
    label = forms.CharField(
        label=_("Label"),
        max_length=30,
        required=False,
        widget=forms.TextInput({**TEXT, "placeholder": _("for example: work, weekend")}),
    )
    is_primary = forms.BooleanField(
        label=_("preferred"), required=False, widget=forms.CheckboxInput({"class": "form-check-input"})
    )
    source = forms.ChoiceField(
        label=_("Came in by"), required=False, choices=_stated(Source), widget=forms.Select(SELECT)
    )
    basis = forms.ChoiceField(
        label=_("Kept by right of"), required=False, choices=_stated(Basis), widget=forms.Select(SELECT)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "contact_%s"  # the page has other fields of these names

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") and cleaned.get("value"):
            try:
                check_contact(cleaned["kind"], cleaned["value"])
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned
