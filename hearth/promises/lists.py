"""The lists of disclosures."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import badge_of, name_of, value_of, word_of
from hearth.lists.definitions import Batch, Column, Emptiness, ListDefinition, Order, Preset, register_list
from hearth.lists.filters import CHOICE, INSTANT, PLACE, TEXT, Filter
from hearth.promises.models import Disclosure
from hearth.promises.permissions import VIEW_PROMISE

KINDS, STATES = Disclosure.Kind.choices, Disclosure.State.choices
STATE_COLOURS = {"draft": "blue", "submitted": "orange", "approved": "azure", "published": "green"}


def _names(batch: Batch[Disclosure]) -> Sequence[Heading]:
    return [Heading(row.project.name, str(row), icon="speakerphone") for row in batch.rows]


DISCLOSURES = register_list(
    ListDefinition(
        key="disclosures",
        label=_("Disclosures"),
        icon="speakerphone",
        permission=VIEW_PROMISE,
        url_name="promises:disclosures",
        record_url_name="promises:disclosure",
        rows=Disclosure.objects.visible_to,
        whole=lambda: Disclosure.objects.select_related("project", "org_unit", "approved_by"),
        search=lambda text: Q(project__name__icontains=text) | Q(heading__icontains=text),
        search_hint=_("Project or heading"),
        columns=(
            Column("name", pgettext_lazy("disclosure", "Disclosure"), _names, cells.HEADING),
            Column("kind", pgettext_lazy("disclosure", "About"), word_of("kind", KINDS)),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("version", _("Version"), value_of("version"), cells.NUMBER),
            Column(
                "published", pgettext_lazy("disclosure", "Published"), value_of("published_at"), cells.AGO
            ),
            Column(
                "superseded",
                pgettext_lazy("disclosure", "Superseded"),
                value_of("superseded_at"),
                cells.AGO,
                is_usual=False,
            ),
            Column("approver", pgettext_lazy("disclosure", "Approved by"), name_of("approved_by")),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("kind", pgettext_lazy("disclosure", "About"), CHOICE, "kind", KINDS, is_grouping=True),
            Filter("project", _("Project"), TEXT, "project__name"),
            Filter("published", pgettext_lazy("disclosure", "Published"), INSTANT, "published_at"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        quick=("state", "kind", "project"),
        presets=(
            Preset("published", pgettext_lazy("disclosures", "Published now"), {"state": "published"}),
            Preset("second", _("Waits for a second person"), {"state": "submitted"}),
        ),
        emptiness=Emptiness(
            title=_("No disclosure yet"),
            text=_(
                "What lies inside and outside the red line and may trouble a buyer is told before they sign, in "
                "versions that a second person approves."
            ),
            action_label=_("Begin a disclosure"),
            action_url_name="promises:new_disclosure",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
