"""What a person enters about repairs."""

import json
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.accounts.models import User
from hearth.cases.models import Cause
from hearth.core.actor import Actor
from hearth.core.forms import SELECT, TEXT, OwnIds, choice, day, figure, text, tick, words
from hearth.core.templatetags.ui import in_language
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.repairs.home_parts import PARTS
from hearth.repairs.models import RepairSlot, SparePart, UsedPart
from hearth.repairs.permissions import CHANGE_REPAIR
from hearth.repairs.services import AboutPart, DaysToCut, NewRepair


class AcceptanceForm(OwnIds):
    """When a building was accepted."""

    accepted_date = day(
        _("Building accepted on"), help_text=_("The builder's warranty counts from this day.")
    )


class RepairForm(forms.Form):
    """A repair to be ordered for a case."""

    unit = forms.ChoiceField(label=_("Home"), widget=forms.Select(SELECT))
    part = choice(_("Part of the home"), PARTS)
    fault = text(pgettext_lazy("repair", "What is broken"))
    cause = forms.ModelChoiceField(
        label=_("Cause"), queryset=Cause.objects.none(), required=False, widget=forms.Select(SELECT)
    )
    contractor = words(pgettext_lazy("repair", "Contractor responsible"), 80, required=False)

    def __init__(self, *args: Any, homes: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.homes = {str(home.pk): home for home in homes}
        self.fields["unit"].choices = [(key, home.address) for key, home in self.homes.items()]  # type: ignore[attr-defined]
        causes: Any = self.fields["cause"]
        causes.queryset = Cause.objects.in_use().filter(parent__isnull=False).in_order()
        causes.label_from_instance = lambda row: in_language(row, "name")

    def repair(self) -> NewRepair:
        given = dict(self.cleaned_data)
        return NewRepair(self.homes[given.pop("unit")], **given)


class BookForm(OwnIds):
    """The slot in which somebody comes; taken ones are refused with the nearest that is free."""

    slot = forms.UUIDField(label=pgettext_lazy("repair", "Appointment"), widget=forms.Select(SELECT))

    def __init__(self, *args: Any, slots: Sequence[RepairSlot] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].widget.choices = [(each.pk, slot_words(each)) for each in slots]


def slot_words(slot: RepairSlot) -> str:
    """Name a slot: day, from, until, and whose it is."""
    starts, ends = localtime(slot.starts_at), localtime(slot.ends_at)
    return f"{starts:%m-%d %H:%M}–{ends:%H:%M} {slot.engineer}"


class CancelForm(OwnIds):
    """Why a repair is not made."""

    because = words(pgettext_lazy("repair", "Cancelled because"), 200)


class DaysForm(OwnIds):
    """Working days of a person to be cut into slots."""

    org_unit = forms.ModelChoiceField(
        label=_("Place"), queryset=OrgUnit.objects.none(), widget=forms.Select(SELECT)
    )
    engineer = forms.ModelChoiceField(
        label=pgettext_lazy("repair", "Engineer"), queryset=User.objects.none(), widget=forms.Select(SELECT)
    )
    first_date = day(pgettext_lazy("repair slot", "From"), initial=localdate)
    last_date = day(pgettext_lazy("repair slot", "Until"), initial=localdate)
    minutes = forms.IntegerField(
        label=pgettext_lazy("repair slot", "Minutes of a slot"),
        min_value=15,
        max_value=480,
        widget=forms.NumberInput(TEXT),
    )
    capacity = forms.IntegerField(
        label=pgettext_lazy("repair slot", "Homes for each slot"),
        min_value=1,
        max_value=20,
        initial=1,
        widget=forms.NumberInput(TEXT),
    )

    def __init__(self, *args: Any, actor: Actor, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = OrgUnit.objects.visible_to(actor).visible_with(actor, CHANGE_REPAIR).for_records()
        self.fields["org_unit"].queryset = places  # type: ignore[attr-defined]
        self.fields["engineer"].queryset = people  # type: ignore[attr-defined]

    def days(self) -> DaysToCut:
        given = dict(self.cleaned_data)
        del given["org_unit"]
        return DaysToCut(**given)


class SparePartForm(forms.Form):
    """A part of the catalogue."""

    org_unit = forms.ModelChoiceField(
        label=_("Place"), queryset=OrgUnit.objects.none(), widget=forms.Select(SELECT)
    )
    name = words(_("Name"), 80)
    measure = words(pgettext_lazy("spare part", "Counted in"), 10)
    price_amount = figure(pgettext_lazy("spare part", "Price, ¥"), 10, min_value=0)
    is_active = tick(pgettext_lazy("spare part", "In use"), initial=True)

    def __init__(self, *args: Any, actor: Actor, part: SparePart | None = None, **kwargs: Any) -> None:
        if part is not None:
            kept = {name: getattr(part, name) for name in ("name", "measure", "price_amount", "is_active")}
            kwargs = {"initial": kept, **kwargs}
        super().__init__(*args, **kwargs)
        if part is not None:
            del self.fields["org_unit"]
            return
        places = OrgUnit.objects.visible_to(actor).visible_with(actor, CHANGE_REPAIR).for_records()
        self.fields["org_unit"].queryset = places  # type: ignore[attr-defined]

    def part(self) -> AboutPart:
        given = dict(self.cleaned_data)
        given.pop("org_unit", None)
        return AboutPart(**given)


class CorrectionForm(OwnIds):
    """What a visit used, as it should have been said: how much of each, and one part more."""

    part = forms.ModelChoiceField(
        label=_("One part more"),
        queryset=SparePart.objects.none(),
        required=False,
        widget=forms.Select(SELECT),
    )
    quantity = figure(pgettext_lazy("spare part", "Quantity"), 8, min_value=0, required=False)

    def __init__(self, *args: Any, used: Sequence[UsedPart], parts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.used = {f"used_{row.part_id}": row for row in used}
        self.fields["part"].queryset = parts.exclude(pk__in=[row.part_id for row in used])  # type: ignore[attr-defined]
        for name, row in self.used.items():
            label = f"{row.part.name} ({row.part.measure})"
            kept = figure(label, 8, min_value=0, required=False, initial=row.quantity)
            self.fields[name] = kept
        self.order_fields([*self.used, "part", "quantity"])

    def quantities(self) -> dict[UUID, Decimal]:
        """Say how much of each was used; of what is emptied, nothing was."""
        given = self.cleaned_data
        said = {row.part_id: given[name] for name, row in self.used.items() if given[name]}
        return said | ({given["part"].pk: given["quantity"] or Decimal(0)} if given["part"] else {})


class ArrivalForm(forms.Form):
    """When somebody came, by the phone's clock."""

    came_at = forms.DateTimeField()


class NamesForm(forms.Form):
    """Who signed on the phone."""

    name_engineer = forms.CharField(max_length=60, required=False)
    name_owner = forms.CharField(max_length=60, required=False)
    name_supervisor = forms.CharField(max_length=60, required=False)


class ReportForm(ArrivalForm):
    """What the phone sends of a visit, beside its files."""

    key = forms.UUIDField()
    note = forms.CharField(max_length=4000, required=False)
    is_finished = forms.BooleanField(required=False)
    parts = forms.CharField(max_length=20_000, required=False)

    def clean_parts(self) -> dict[UUID, Decimal]:
        """Read amounts by the id of the part."""
        try:
            given = json.loads(self.cleaned_data["parts"] or "{}")
            return {UUID(key): Decimal(str(value)) for key, value in given.items()}
        except (AttributeError, ValueError, InvalidOperation, RecursionError) as error:
            raise forms.ValidationError(_("The parts cannot be read.")) from error
