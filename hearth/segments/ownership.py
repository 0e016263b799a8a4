"""Who is in charge of segments."""

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.ownership import Holding, register_holding, register_mark
from hearth.segments.models import Segment
from hearth.segments.permissions import VIEW_SEGMENT
from hearth.segments.services import pass_on_segments


def _describe(row: Segment) -> tuple[str, str]:
    return row.name, reverse("segments:segment", args=[row.pk])


register_holding(
    Holding(
        code="segments",
        label=_("Segments"),
        icon="users-group",
        field="owner",
        place="org_unit",
        permission=VIEW_SEGMENT,
        group=F("id"),
        open_rows=Segment.objects.all,
        pass_on=pass_on_segments,
        describe=_describe,
    )
)
register_mark("segments.Segment.created_by", "who described it first")
