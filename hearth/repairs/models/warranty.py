"""When a building was accepted, from which day its builder answers for it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building
from hearth.repairs.permissions import VIEW_REPAIR


class BuildingAcceptanceQuerySet(ScopedQuerySet["BuildingAcceptance"]):
    view_permission = VIEW_REPAIR


class BuildingAcceptance(Record):
    """The acceptance of a finished building 竣工验收. `org_unit` repeats the project's place."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    building = models.OneToOneField(Building, on_delete=models.CASCADE, related_name="acceptance")
    accepted_date = models.DateField(_("accepted"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = BuildingAcceptanceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(accepted_date__gte="1980-01-01"), name="a_building_is_accepted_in_our_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.building_id} {self.accepted_date}"
