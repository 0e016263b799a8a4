"""What people enter about projects and homes."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Entrance, Project, Unit
from hearth.properties.permissions import CHANGE_PROPERTY


class _Dressed:
    """Gives the controls of a form the look of the site."""

    fields: dict[str, forms.Field]

    def dress(self) -> None:
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"


class ProjectForm(_Dressed, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A project; only places where the actor may change homes are offered."""

    class Meta:
        model = Project
        fields = (
            "org_unit",
            "name",
            "code",
            "city",
            "district",
            "address",
            "life_phase",
            "planned_handover_date",
        )
        widgets = {"planned_handover_date": forms.DateInput(attrs={"type": "date"})}
        labels = {"org_unit": _("Company")}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [OrgUnit.Kind.CITY_COMPANY, OrgUnit.Kind.PROJECT_TEAM]
        places = OrgUnit.objects.visible_with(actor, CHANGE_PROPERTY).filter(kind__in=kinds)
        cast("forms.ModelChoiceField[OrgUnit]", self.fields["org_unit"]).queryset = places.in_tree_order()
        self.dress()

    def validate_unique(self) -> None:
        """Leave it to the service, which says it for the place."""


class BuildingForm(_Dressed, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A building of a known project."""

    phase_name = forms.CharField(label=_("Phase"), max_length=60, required=False)

    class Meta:
        model = Building
        fields = ("name", "floors")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()


class UnitForm(_Dressed, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A home of a known building."""

    class Meta:
        model = Unit
        fields = (
            "entrance",
            "number",
            "floor",
            "layout",
            "orientation",
            "fit_out",
            "floor_area",
            "list_price_amount",
            "built_year",
            "state",
            "external_key",
        )

    def __init__(self, *args: Any, building: Building, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entrances = Entrance.objects.filter(building=building).order_by("name", "id")
        cast("forms.ModelChoiceField[Entrance]", self.fields["entrance"]).queryset = entrances
        self.dress()

    def validate_unique(self) -> None:
        """Leave it to the service, which knows the building."""
