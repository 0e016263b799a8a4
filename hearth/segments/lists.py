"""The list of segments."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import name_of, value_of
from hearth.lists.definitions import Batch, Column, Emptiness, ListDefinition, Order, Preset, register_list
from hearth.lists.filters import INSTANT, PERSON, PLACE, Filter
from hearth.segments.models import Segment
from hearth.segments.permissions import VIEW_SEGMENT
from hearth.segments.selectors import with_sizes


def _names(batch: Batch[Segment]) -> Sequence[Heading]:
    return [Heading(row.name, row.description, "users-group") for row in batch.rows]


SEGMENTS = register_list(
    ListDefinition(
        key="segments",
        label=_("Segments"),
        icon="users-group",
        permission=VIEW_SEGMENT,
        url_name="segments:segments",
        record_url_name="segments:segment",
        rows=Segment.objects.visible_to,
        whole=lambda: with_sizes().select_related("org_unit", "owner"),
        search=lambda text: Q(name__icontains=text),
        search_hint=_("Name of the segment"),
        columns=(
            Column("name", _("Segment"), _names, cells.HEADING, order="name"),
            Column("size", _("Customers"), value_of("last_size"), cells.NUMBER),
            Column("counted", _("Counted"), value_of("last_counted_at"), cells.AGO),
            Column("uses", _("Campaigns"), value_of("uses"), cells.NUMBER),
            Column("place", _("Place"), name_of("org_unit")),
            Column("owner", _("In charge"), name_of("owner")),
            Column("changed", _("Changed"), value_of("updated_at"), cells.AGO, is_usual=False),
        ),
        filters=(
            Filter("owner", _("In charge"), PERSON, "owner"),
            Filter("place", _("Place"), PLACE, "org_unit"),
            Filter("changed", _("Changed"), INSTANT, "updated_at"),
        ),
        orders=(Order("name", _("Segment"), "name", "name"), Order("recorded", _("Newest"), "-id")),
        quick=("owner", "place"),
        presets=(Preset("mine", _("My segments"), {"owner": "me"}),),
        emptiness=Emptiness(
            title=_("No segments yet"),
            text=_("A segment describes customers by what they are and did; campaigns start from one."),
            action_label=_("New segment"),
            action_url_name="segments:new",
            has_samples=True,
            none_fits=_("Search by another part of the name, or remove a filter."),
        ),
    )
)
