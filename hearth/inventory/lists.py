"""The lists of release batches and of the prices of homes."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.inventory.models import ReleaseBatch
from hearth.inventory.permissions import VIEW_INVENTORY
from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import badge_of, name_of, value_of
from hearth.lists.definitions import (
    Batch,
    Column,
    Emptiness,
    ListDefinition,
    Order,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, INSTANT, PLACE, TEXT, Filter

STATES = ReleaseBatch.State.choices
STATE_COLOURS = {"draft": "blue", "submitted": "orange", "approved": "azure", "released": "green"}


def _names(batch: Batch[ReleaseBatch]) -> Sequence[Heading]:
    return [Heading(row.name, row.project.name, icon="building-store") for row in batch.rows]


BATCHES = register_list(
    ListDefinition(
        key="release_batches",
        label=_("Release batches"),
        icon="building-store",
        permission=VIEW_INVENTORY,
        url_name="inventory:batches",
        record_url_name="inventory:batch",
        rows=ReleaseBatch.objects.visible_to,
        whole=lambda: ReleaseBatch.objects.select_related("project", "org_unit", "approved_by"),
        search=lambda text: (
            Q(name__icontains=text) | Q(project__name__icontains=text) | Q(permit_number=text)
        ),
        search_hint=_("Name, project or permit"),
        columns=(
            Column("name", pgettext_lazy("release batch", "Batch"), _names, cells.HEADING),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("permit", _("Pre-sale permit"), value_of("permit_number")),
            Column("opens", pgettext_lazy("release batch", "On sale from"), value_of("opens_at"), cells.AGO),
            Column("approver", pgettext_lazy("release batch", "Approved by"), name_of("approved_by")),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("project", _("Project"), TEXT, "project__name"),
            Filter("released", pgettext_lazy("release batch", "Released"), INSTANT, "released_at"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        quick=("state", "project"),
        presets=(Preset("second", _("Waits for a second person"), {"state": "submitted"}),),
        emptiness=Emptiness(
            title=_("No release batch yet"),
            text=_(
                "Homes go on sale in batches: which ones, by which pre-sale permit, from when and at which price. "
                "A second person approves both."
            ),
            action_label=_("Begin a batch"),
            action_url_name="inventory:new_batch",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
