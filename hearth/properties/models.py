"""Project 项目, phase, building, entrance and unit."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.core.fields import TokensField
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.properties.permissions import VIEW_PROPERTY


class ProjectQuerySet(ScopedQuerySet["Project"]):
    view_permission = VIEW_PROPERTY


class Project(Record):
    """A development; `org_unit` is its city company or its own project team."""

    class LifePhase(models.TextChoices):
        IDENTIFY_NEEDS = "identify_needs", _("identify needs")
        MAKE_PLAN = "make_plan", _("make plan")
        EXECUTE_PLAN = "execute_plan", _("execute plan")
        FINISH = "finish", _("finish project")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="projects")
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(_("city"), max_length=60, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    life_phase = models.CharField(
        _("phase of life"), max_length=20, choices=LifePhase, default=LifePhase.EXECUTE_PLAN
    )
    planned_handover_date = models.DateField(_("planned handover"), null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="project_by_name")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "code"], name="one_project_for_each_code_in_a_company"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PhaseQuerySet(ScopedQuerySet["Phase"]):
    view_permission = VIEW_PROPERTY
    place_path = "project__org_unit_id"


class Phase(Record):
    """A part of a project that is built and handed over together."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="phases")
    name = models.CharField(_("name"), max_length=60)

    objects = PhaseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "name"], name="one_phase_for_each_name_in_a_project")
        ]

    def __str__(self) -> str:
        return self.name


class BuildingQuerySet(ScopedQuerySet["Building"]):
    view_permission = VIEW_PROPERTY
    place_path = "project__org_unit_id"


class Building(Record):
    """A block of homes."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="buildings")
    phase = models.ForeignKey(
        Phase, on_delete=models.SET_NULL, null=True, blank=True, related_name="buildings"
    )
    name = models.CharField(_("building"), max_length=60)
    floors = models.PositiveSmallIntegerField(_("floors"), null=True, blank=True)

    objects = BuildingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "name"], name="one_building_for_each_name_in_a_project"
            )
        ]

    def __str__(self) -> str:
        return self.name


class EntranceQuerySet(ScopedQuerySet["Entrance"]):
    view_permission = VIEW_PROPERTY
    place_path = "building__project__org_unit_id"


class Entrance(Record):
    """A staircase 单元 of a building."""

    building = models.ForeignKey(Building, on_delete=models.CASCADE, related_name="entrances")
    name = models.CharField(_("entrance"), max_length=30)

    objects = EntranceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["building", "name"], name="one_entrance_for_each_name_in_a_building"
            )
        ]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(ScopedQuerySet["Unit"]):
    view_permission = VIEW_PROPERTY

    def with_place(self) -> "UnitQuerySet":
        """Load what the address needs."""
        return self.select_related("project", "building", "entrance")


class Unit(Record):
    """A home 房间. `org_unit` repeats the project's place, so that the row rule needs no join."""

    class State(models.TextChoices):
        PLANNED = "planned", _("not yet released")
        AVAILABLE = "available", _("for sale")
        HELD = "held", _("held")
        SUBSCRIBED = "subscribed", _("subscribed")
        CONTRACTED = "contracted", _("under contract")
        DELIVERED = "delivered", _("handed over")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="units")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="units")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="units")
    entrance = models.ForeignKey(
        Entrance, on_delete=models.PROTECT, null=True, blank=True, related_name="units"
    )
    number = models.CharField(_("room"), max_length=30)
    floor = models.SmallIntegerField(_("floor"), null=True, blank=True)
    layout = models.CharField(_("layout"), max_length=40, blank=True)
    orientation = models.CharField(_("orientation"), max_length=20, blank=True)
    fit_out = models.CharField(_("fit-out"), max_length=20, blank=True)
    floor_area = models.DecimalField(_("area, m²"), max_digits=8, decimal_places=2, null=True, blank=True)
    list_price_amount = models.DecimalField(
        _("list price, ¥"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    built_year = models.PositiveSmallIntegerField(_("year built"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PLANNED)
    handover_date = models.DateField(_("handed over"), null=True, blank=True)
    external_key = models.CharField(_("external key"), max_length=60, blank=True)
    custom = models.JSONField(default=dict, blank=True)
    address_tokens = TokensField()

    objects = UnitQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["building", "floor", "number"], name="unit_by_floor"),
            models.Index(fields=["project", "state"], name="unit_by_state"),
            GinIndex(fields=["address_tokens"], name="unit_by_address"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["building", "entrance", "number"],
                name="one_unit_for_each_number",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["org_unit", "external_key"],
                condition=~models.Q(external_key=""),
                name="one_unit_for_each_external_key_in_a_company",
            ),
            models.CheckConstraint(
                condition=models.Q(floor_area__isnull=True) | models.Q(floor_area__gt=0),
                name="a_floor_area_is_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(list_price_amount__isnull=True) | models.Q(list_price_amount__gte=0),
                name="a_list_price_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def address(self) -> str:
        """The address as people write it; load it `with_place`."""
        entrance = f" {self.entrance.name}" if self.entrance else ""
        return f"{self.project.name} {self.building.name}{entrance} {self.number}"

    @property
    def price_per_area(self) -> Decimal | None:
        """List price for each m², where both are known."""
        if self.list_price_amount is None or not self.floor_area:
            return None
        return self.list_price_amount / self.floor_area
