"""Who works on repairs, and keys to people that only say who did something."""

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.ownership import Holding, register_holding, register_mark
from hearth.repairs.models import RepairOrder
from hearth.repairs.permissions import WORK_REPAIR
from hearth.repairs.services import pass_on_repairs


def _describe(row: RepairOrder) -> tuple[str, str]:
    return f"W{row.number} {row.get_part_display()}", reverse("repairs:order", args=[row.pk])


register_holding(
    Holding(
        code="repairs",
        label=_("Repairs not finished"),
        icon="tool",
        field="engineer",
        place="org_unit",
        permission=WORK_REPAIR,
        group=F("unit_id"),
        open_rows=RepairOrder.objects.live,
        pass_on=pass_on_repairs,
        describe=_describe,
    )
)
register_mark("repairs.BuildingAcceptance.user", "who said when the building was accepted")
register_mark("repairs.RepairSlot.engineer", "whose time it is; nobody else can work in it")
register_mark("repairs.RepairOrder.author", "who made the order")
register_mark("repairs.RepairVisit.engineer", "who came and reported")
register_mark("repairs.SignOff.user", "on whose phone it was signed")
