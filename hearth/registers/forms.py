"""What a person enters about an incident."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.forms import SELECT, TEXT
from hearth.core.permissions import SIGNED_IN
from hearth.exports.models import Export
from hearth.organization.models import OrgUnit
from hearth.registers.models import DataKind, Incident
from hearth.registers.services import NewIncident, NewSearch

AREA = {"class": "form-control", "rows": 3}
LONGEST_CODE = 8


def _instant(label: Any, **kwargs: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput({**TEXT, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **kwargs)


def kinds_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Kinds of data"),
        choices=DataKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )


def _persons() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Persons concerned, as far as known"),
        min_value=0,
        max_value=1_000_000_000,
        required=False,
        widget=forms.NumberInput(TEXT),
    )


class ReportForm(forms.Form):
    """An incident as a colleague reports it."""

    org_unit = forms.ModelChoiceField(
        label=_("Place"), queryset=OrgUnit.objects.none(), widget=forms.Select(SELECT)
    )
    title = forms.CharField(
        label=pgettext_lazy("incident", "What happened, in a line"),
        max_length=120,
        widget=forms.TextInput(TEXT),
    )
    account = forms.CharField(
        label=pgettext_lazy("incident", "What is known"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(AREA),
        help_text=_("When, through what, by whom as far as known. No data of customers here."),
    )
    found_at = _instant(pgettext_lazy("incident", "Noticed"))
    data_kinds = kinds_field()
    persons = _persons()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = actor.scope(SIGNED_IN)
        places = OrgUnit.objects.filter(is_active=True).order_by("path")
        if not scope.everywhere:
            places = places.filter(pk__in=sorted(scope.org_unit_ids))
        self.fields["org_unit"].queryset = places  # type: ignore[attr-defined]
        self.fields["org_unit"].initial = places.values_list("pk", flat=True).first()

    def new(self) -> NewIncident:
        """Return what was entered."""
        return NewIncident(**self.cleaned_data)


class ExtentForm(forms.Form):
    """How far an incident reaches."""

    persons = _persons()
    data_kinds = kinds_field()


class AuthorityForm(forms.Form):
    """That the authority was told."""

    told_at = _instant(_("Authority told"))
    note = forms.CharField(
        label=_("Which office, how, and under which number"), max_length=500, widget=forms.TextInput(TEXT)
    )


class NoticeForm(forms.Form):
    """Whether the persons are told."""

    notice = forms.ChoiceField(
        label=_("Notice to persons"),
        choices=[each for each in Incident.Notice.choices if each[0]],
        widget=forms.Select(SELECT),
    )
    because = forms.CharField(label=_("Reason of that decision"), max_length=500, widget=forms.Textarea(AREA))


class NoteForm(forms.Form):
    """A step in words."""

    note = forms.CharField(
        label=pgettext_lazy("incident", "Note"), max_length=500, widget=forms.TextInput(TEXT)
    )


class CloseForm(forms.Form):
    """What an incident ends with."""

    cause = forms.CharField(
        label=pgettext_lazy("incident", "Cause"), max_length=2_000, widget=forms.Textarea(AREA)
    )
    measures = forms.CharField(
        label=pgettext_lazy("incident", "Measures"), max_length=2_000, widget=forms.Textarea(AREA)
    )


class SearchForm(forms.Form):
    """What the access log is searched for."""

    account_name = forms.CharField(
        label=pgettext_lazy("access search", "Account"),
        max_length=150,
        required=False,
        widget=forms.TextInput({**TEXT, "autocomplete": "off"}),
        help_text=_("The name somebody signs in with."),
    )
    file = forms.CharField(
        label=_("File taken out"),
        max_length=36,
        required=False,
        widget=forms.TextInput(TEXT),
        help_text=_("The code of eight signs in the file and its name."),
    )
    address = forms.CharField(
        label=_("Address on the network"), max_length=45, required=False, widget=forms.TextInput(TEXT)
    )
    org_unit = forms.ModelChoiceField(
        label=_("Customers of this place alone"),
        queryset=OrgUnit.objects.order_by("path"),
        required=False,
        widget=forms.Select(SELECT),
    )
    began_at = _instant(pgettext_lazy("access search", "From"))
    ended_at = _instant(pgettext_lazy("access search", "Until"))

    def clean_account_name(self) -> User | None:
        """Return the account.

        :raises ValidationError: if there is none of this name
        """
        name = self.cleaned_data["account_name"].strip()
        if not name:
            return None
        found: User | None = User.objects.filter(username=name).first()
        if found is None:
            raise forms.ValidationError(_("There is no account of this name."))
        return found

    def clean_file(self) -> Export | None:
        """Return the export whose code this is.

        :raises ValidationError: if there is none, or several
        """
        code = self.cleaned_data["file"].strip().lower()
        if not code:
            return None
        rows = Export.objects.annotate(words=Cast("id", TextField())).filter(words__endswith=code)
        found = list(rows[:2]) if len(code) >= LONGEST_CODE else []
        if len(found) != 1:
            raise forms.ValidationError(_("There is no file of this code."))
        return found[0]

    def new(self) -> NewSearch:
        """Return what was entered."""
        said = self.cleaned_data
        began_at: datetime = said["began_at"]
        return NewSearch(
            began_at=began_at,
            ended_at=said["ended_at"],
            user=said["account_name"],
            export=said["file"],
            org_unit=said["org_unit"],
            address=said["address"].strip(),
        )
