"""What a person enters about partners, brokers, registrations and conflicts."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.brokers.models import Broker, ConflictSide, Partner
from hearth.brokers.notices import CURRENT, notice_words
from hearth.brokers.permissions import CHANGE_BROKER
from hearth.brokers.selectors import brokers_to_register_for, projects_of
from hearth.brokers.services import NewBroker, NewPartner, NewRegistration
from hearth.core.actor import Actor
from hearth.core.forms import CHECK, SELECT, TEXT, OwnIds, day, text, words
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project

HOUSE = "house"


def reason(label: Any) -> forms.CharField:
    return text(label, 2, longest=300)


class PartnerForm(forms.Form):
    """A partner of a company."""

    org_unit = forms.ModelChoiceField(
        label=pgettext_lazy("partner", "Company"),
        queryset=OrgUnit.objects.none(),
        widget=forms.Select(SELECT),
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("partner", "Kind"), choices=Partner.Kind.choices, widget=forms.Select(SELECT)
    )
    name = words(pgettext_lazy("partner", "Name"), 80)
    active_from_date = day(pgettext_lazy("partner", "Active from"), initial=localdate)
    active_until_date = day(pgettext_lazy("partner", "Active until"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = OrgUnit.objects.visible_with(actor, CHANGE_BROKER).for_records()
        self.fields["org_unit"].queryset = places  # type: ignore[attr-defined]

    def partner(self) -> NewPartner:
        given = dict(self.cleaned_data)
        del given["org_unit"]
        return NewPartner(**given)


class UntilForm(OwnIds):
    """Until when a partner works with us."""

    active_until_date = day(pgettext_lazy("partner", "Active until"), required=False)


class BrokerForm(OwnIds):
    """A broker of an agency."""

    name = words(pgettext_lazy("broker", "Name"), 60)
    phone = words(pgettext_lazy("broker", "Phone"), 40, required=False)
    active_from_date = day(pgettext_lazy("broker", "Active from"), initial=localdate)
    active_until_date = day(pgettext_lazy("broker", "Active until"), required=False)

    def broker(self, customer: Customer | None) -> NewBroker:
        return NewBroker(**self.cleaned_data)


class ReferrerForm(OwnIds):
    """A customer who recommends."""

    who = words(
        pgettext_lazy("broker", "Customer who recommends"),
        60,
        help_text=_("Name, pinyin, phone, last four digits or customer number."),
    )
    active_from_date = day(pgettext_lazy("broker", "Active from"), initial=localdate)
    active_until_date = day(pgettext_lazy("broker", "Active until"), required=False)

    def broker(self, customer: Customer | None) -> NewBroker:
        given = dict(self.cleaned_data)
        del given["who"]
        return NewBroker(customer=customer, **given)


class RegistrationForm(forms.Form):
    """A customer whom a broker registers, by their own link."""

    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), widget=forms.Select(SELECT)
    )
    customer_name = words(pgettext_lazy("channel registration", "Name of the customer"), 60)
    phone = forms.CharField(
        label=pgettext_lazy("channel registration", "Phone of the customer"),
        max_length=40,
        widget=forms.TextInput({**TEXT, "inputmode": "tel", "autocomplete": "off"}),
        help_text=pgettext_lazy(
            "channel registration", "Whole, or as 138****5678 where the project takes hidden digits."
        ),
    )
    planned_date = day(pgettext_lazy("channel registration", "Planned visit"), initial=localdate)
    has_consent = forms.BooleanField(
        label=pgettext_lazy("channel registration", "I have told the customer this, and they agree."),
        widget=forms.CheckboxInput(CHECK),
    )

    def __init__(self, *args: Any, broker: Broker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects_of(broker)  # type: ignore[attr-defined]
        self.notice = notice_words(
            CURRENT,
            company=str(broker.org_unit),
            project=str(pgettext_lazy("channel registration", "the project")),
        )

    def registration(self, way: str) -> NewRegistration:
        return NewRegistration(**self.cleaned_data, way=way)


class DeskForm(forms.Form):
    """A customer whom a broker has registered by telephone."""

    broker = forms.ModelChoiceField(
        label=pgettext_lazy("broker", "Broker"), queryset=Broker.objects.none(), widget=forms.Select(SELECT)
    )
    project = forms.ModelChoiceField(
        label=_("Project"), queryset=Project.objects.none(), widget=forms.Select(SELECT)
    )
    customer_name = words(pgettext_lazy("channel registration", "Name of the customer"), 60)
    phone = words(pgettext_lazy("channel registration", "Phone of the customer"), 40)
    planned_date = day(pgettext_lazy("channel registration", "Planned visit"), initial=localdate)
    has_consent = forms.BooleanField(
        label=pgettext_lazy("channel registration", "The broker has told the customer this, and they agree."),
        widget=forms.CheckboxInput(CHECK),
    )

    def __init__(self, *args: Any, actor: Actor, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brokers: Any = self.fields["broker"]
        brokers.queryset = brokers_to_register_for(actor, day=localdate())
        brokers.label_from_instance = lambda row: f"{row.partner} · {row}"
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]
        words_of = pgettext_lazy("channel registration", "the project")
        company = str(pgettext_lazy("channel registration", "the company"))
        self.notice = notice_words(CURRENT, company=company, project=str(words_of))

    def registration(self, way: str) -> NewRegistration:
        given = dict(self.cleaned_data)
        del given["broker"]
        return NewRegistration(**given, way=way)


class ObjectionForm(OwnIds):
    """Why a registration holds all the same."""

    claim = reason(pgettext_lazy("registration conflict", "Why the registration holds"))


class DecisionForm(forms.Form):
    """Whose customer it is, and why."""

    awarded_to = forms.ChoiceField(
        label=pgettext_lazy("registration conflict", "The customer is of"), widget=forms.Select(SELECT)
    )
    reason = reason(pgettext_lazy("registration conflict", "Reason"))

    def __init__(self, *args: Any, sides: list[ConflictSide], house: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(side.registration_id): side.registration for side in sides}
        choices: list[tuple[str, str]] = [
            (key, f"{row.partner} · {row.broker}") for key, row in self.by_key.items()
        ]
        self.fields["awarded_to"].choices = [("", "---------"), *choices, (HOUSE, house)]  # type: ignore[attr-defined]

    def decision(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"awarded_to": self.by_key.get(given["awarded_to"]), "reason": given["reason"]}
