"""The lists of rules of commission and of sheets."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.brokers.models import CommissionRule, CommissionSheet
from hearth.brokers.permissions import VIEW_COMMISSION
from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import badge_of, name_of, value_of, word_of
from hearth.lists.definitions import Batch, Column, Emptiness, ListDefinition, Order, Preset, register_list
from hearth.lists.filters import CHOICE, DAY, PLACE, TEXT, Filter

STATES, KINDS = CommissionSheet.State.choices, CommissionRule.Kind.choices
STATE_COLOURS = {"draft": "blue", "submitted": "orange", "approved": "azure", "paid": "green"}


def _sheets(batch: Batch[CommissionSheet]) -> Sequence[Heading]:
    return [Heading(f"#{row.number}", row.partner.name, icon="receipt") for row in batch.rows]


SETTLEMENTS = register_list(
    ListDefinition(
        key="commission-sheets",
        label=pgettext_lazy("commission sheets", "Settlements of commissions"),
        icon="receipt",
        permission=VIEW_COMMISSION,
        url_name="brokers:settlements",
        record_url_name="brokers:settlement",
        rows=CommissionSheet.objects.visible_to,
        whole=lambda: CommissionSheet.objects.select_related("partner", "org_unit", "author", "approved_by"),
        search=lambda words: Q(partner__name__icontains=words) | Q(payment_number__icontains=words),
        search_hint=pgettext_lazy("commission sheets", "Partner, or number of the payment"),
        columns=(
            Column("number", pgettext_lazy("commission sheet", "Sheet"), _sheets, cells.HEADING),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column(
                "total",
                pgettext_lazy("commission sheet", "Total, ¥"),
                value_of("total_amount"),
                cells.MONEY,
                total="total_amount",
            ),
            Column("author", pgettext_lazy("commission sheet", "Made by"), name_of("author")),
            Column("approver", pgettext_lazy("commission sheet", "Approved by"), name_of("approved_by")),
            Column("paid", pgettext_lazy("commission sheet", "Paid"), value_of("paid_date"), cells.DAY),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("partner", pgettext_lazy("broker", "Partner"), TEXT, "partner__name"),
            Filter("paid", pgettext_lazy("commission sheet", "Paid"), DAY, "paid_date"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        quick=("state", "partner"),
        presets=(
            Preset("second", _("Waits for a second person"), {"state": "submitted"}),
            Preset("unpaid", pgettext_lazy("commission sheets", "To be paid"), {"state": "approved"}),
        ),
        emptiness=Emptiness(
            title=pgettext_lazy("commission sheets", "No settlement yet"),
            text=_(
                "What partners have earned stands on sheets that one person makes and another approves. Make one on "
                "the page of a partner."
            ),
            action_label=pgettext_lazy("commission sheets", "To the partners"),
            action_url_name="brokers:partners",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)


def _projects(batch: Batch[CommissionRule]) -> Sequence[Heading]:
    return [Heading(row.project.name, f"V{row.version}", icon="percentage") for row in batch.rows]


def _steps(batch: Batch[CommissionRule]) -> Sequence[str]:
    return [row.words for row in batch.rows]


RULES = register_list(
    ListDefinition(
        key="commission-rules",
        label=pgettext_lazy("commission", "Rules of commission"),
        icon="percentage",
        permission=VIEW_COMMISSION,
        url_name="brokers:rules",
        record_url_name="brokers:rule",
        rows=CommissionRule.objects.visible_to,
        whole=lambda: CommissionRule.objects.select_related(
            "project", "partner", "org_unit"
        ).prefetch_related("steps"),
        search=lambda words: Q(project__name__icontains=words) | Q(partner__name__icontains=words),
        search_hint=pgettext_lazy("commission", "Project or partner"),
        columns=(
            Column("project", _("Project"), _projects, cells.HEADING),
            Column("partner", pgettext_lazy("broker", "Partner"), name_of("partner")),
            Column("kind", pgettext_lazy("commission", "Pays"), word_of("kind", KINDS)),
            Column("steps", pgettext_lazy("commission", "From deal: rate"), _steps),
            Column(
                "payable",
                pgettext_lazy("commission", "Payable from percent received"),
                value_of("payable_percent"),
                cells.NUMBER,
            ),
            Column("from", pgettext_lazy("commission", "Valid from"), value_of("valid_from_date"), cells.DAY),
            Column(
                "until", pgettext_lazy("commission", "Valid until"), value_of("valid_until_date"), cells.DAY
            ),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter("kind", pgettext_lazy("commission", "Pays"), CHOICE, "kind", KINDS, is_grouping=True),
            Filter("project", _("Project"), TEXT, "project__name"),
            Filter("partner", pgettext_lazy("broker", "Partner"), TEXT, "partner__name"),
            Filter("until", pgettext_lazy("commission", "Valid until"), DAY, "valid_until_date"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        quick=("project", "partner"),
        emptiness=Emptiness(
            title=pgettext_lazy("commission", "No rule of commission yet"),
            text=_(
                "What a project pays for a contract that came by a partner, and when it is payable, in versions."
            ),
            action_label=pgettext_lazy("commission", "Write a rule"),
            action_url_name="brokers:new_rule",
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
