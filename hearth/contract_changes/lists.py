"""The list of changes of contracts."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.contract_changes.kinds import kind_choices
from hearth.contract_changes.models import ChangeRequest
from hearth.contract_changes.permissions import VIEW_CHANGE
from hearth.contract_changes.selectors import label_of, waits_for
from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import badge_of, name_of, value_of
from hearth.lists.definitions import (
    Batch,
    Board,
    Column,
    Emptiness,
    ListDefinition,
    Order,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, INSTANT, NUMBER, PERSON, PLACE, TEXT, Filter, Reader, Test

STATES = ChangeRequest.State.choices
STATE_COLOURS = {
    "submitted": "orange",
    "approved": "blue",
    "carried_out": "green",
    "refused": "red",
}
WAITING = (
    ("anybody", pgettext_lazy("change of a contract", "for anybody")),
    ("me", pgettext_lazy("change of a contract", "for me")),
)


def _headings(batch: Batch[ChangeRequest]) -> Sequence[Heading]:
    return [Heading(label_of(row), row.contract.number, icon="checklist") for row in batch.rows]


def _homes(batch: Batch[ChangeRequest]) -> Sequence[str]:
    return [row.contract.unit.address for row in batch.rows]


def _refunds(batch: Batch[ChangeRequest]) -> Sequence[Decimal | None]:
    return [row.refund_amount or None for row in batch.rows]


def _waits(test: Test, reader: Reader) -> Q:
    """Keep changes that wait for the approval of somebody, or of the reader."""
    is_anybody = "anybody" in test.values
    found = Q(state=ChangeRequest.State.SUBMITTED) if is_anybody else waits_for(reader.actor)
    return ~found if test.operator == "not" else found


CHANGES = register_list(
    ListDefinition(
        key="contract_changes",
        label=_("Changes of contracts"),
        icon="checklist",
        permission=VIEW_CHANGE,
        url_name="contract_changes:requests",
        record_url_name="contract_changes:request",
        rows=ChangeRequest.objects.visible_to,
        whole=lambda: ChangeRequest.objects.select_related(
            "org_unit",
            "author",
            "contract__unit__project",
            "contract__unit__building",
            "contract__unit__entrance",
        ),
        search=lambda words: Q(contract__number__startswith=words),
        search_hint=_("Contract number"),
        columns=(
            Column("kind", pgettext_lazy("change of a contract", "Change"), _headings, cells.HEADING),
            Column("home", _("Home"), _homes),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column(
                "difference",
                pgettext_lazy("change of a contract", "Change of the total, ¥"),
                value_of("difference_amount"),
                cells.MONEY,
                total="difference_amount",
            ),
            Column(
                "refund",
                pgettext_lazy("change of a contract", "To pay back, ¥"),
                _refunds,
                cells.MONEY,
                is_usual=False,
                total="refund_amount",
            ),
            Column("author", pgettext_lazy("change of a contract", "Asked by"), name_of("author")),
            Column(
                "asked",
                pgettext_lazy("change of a contract", "Asked"),
                value_of("created_at"),
                cells.AGO,
                order="newest",
            ),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
        ),
        filters=(
            Filter(
                "waits",
                pgettext_lazy("change of a contract", "Waits"),
                CHOICE,
                choices=WAITING,
                condition=_waits,
            ),
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter(
                "kind",
                pgettext_lazy("change of a contract", "Change"),
                CHOICE,
                "kind",
                kind_choices(),
                is_grouping=True,
            ),
            Filter("author", pgettext_lazy("change of a contract", "Asked by"), PERSON, "author"),
            Filter("asked", pgettext_lazy("change of a contract", "Asked"), INSTANT, "created_at"),
            Filter(
                "difference",
                pgettext_lazy("change of a contract", "Change of the total, ¥"),
                NUMBER,
                "difference_amount",
            ),
            Filter("project", _("Project"), TEXT, "contract__unit__project__name"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("newest", _("Newest"), "-id"),),
        boards=(Board("state", ("kind", "home", "difference", "author"), amount="difference_amount"),),
        texts=lambda row: [(pgettext_lazy("change of a contract", "Reason"), row.reason)],
        quick=("waits", "state", "kind", "project"),
        presets=(
            Preset("mine", pgettext_lazy("changes of contracts", "Waits for me"), {"waits": "me"}),
            Preset(
                "approved",
                pgettext_lazy("changes of contracts", "To be carried out"),
                {"state": "approved"},
            ),
        ),
        emptiness=Emptiness(
            title=_("No change of a contract yet"),
            text=_(
                "Discounts after signing, withdrawals, swaps of homes and other names are asked for on the page of the "
                "contract, approved step by step and carried out once."
            ),
            action_label=_("Contracts"),
            action_url_name="sales:contracts",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
