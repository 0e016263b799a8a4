"""What a person enters about a request."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.privacy.models import PersonRequest

AREA = {"class": "form-control", "rows": 3}


class RequestForm(forms.Form):
    """A request as it came to the desk; the customer is named by number unless known."""

    number = forms.IntegerField(
        label=_("Number of the customer"),
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.NumberInput({"class": "form-control"}),
    )
    kind = forms.ChoiceField(
        label=_("What is asked for"),
        choices=PersonRequest.Kind.choices,
        widget=forms.Select({"class": "form-select"}),
    )
    wish = forms.CharField(
        label=_("What the person said"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(AREA),
        help_text=_("In their words, and where they want the answer."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.customer: Customer | None = None

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        self.customer = Customer.objects.visible_to(self.actor).filter(number=number).first()
        if self.customer is None:
            raise forms.ValidationError(_("There is no customer with this number."))
        return number


class IdentityForm(forms.Form):
    """How it was made sure who asks."""

    how = forms.CharField(
        label=_("How the identity was checked"),
        max_length=200,
        widget=forms.TextInput({"class": "form-control"}),
        help_text=_("For example: identity card seen at the desk, called back on the number we hold."),
    )


class AnswerForm(forms.Form):
    """What the person is told."""

    answer = forms.CharField(
        label=_("What the person is told"), max_length=2_000, widget=forms.Textarea(AREA)
    )
