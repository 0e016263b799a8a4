"""Changes of a person's contracts: given out, and kept as long as the contract."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.contract_changes.models import ApprovalStep, ChangeRequest
from hearth.core.personal_data import Person, Table, register_personal_data, strike_out_in, table_of
from hearth.core.retention import ties


def export_changes(person: Person) -> Table:
    mine = Q(contract__customer__in=person.ids) | Q(customer__in=person.ids)
    rows = ChangeRequest.objects.filter(mine).select_related("contract").order_by("created_at", "id")
    return table_of(
        rows,
        ("contract__number", _("contract")),
        "kind",
        "created_at",
        "reason",
        "difference_amount",
        "penalty_amount",
        "fee_amount",
        "refund_amount",
        "state",
    )


def erase_words(person: Person, now: datetime) -> int:
    """A change is kept with its contract; whoever is named in reasons and comments is struck out."""
    number = strike_out_in(ChangeRequest.objects.all(), person, "reason")
    return number + strike_out_in(ApprovalStep.objects.all(), person, "comment")


register_personal_data(
    "contract_changes.requests",
    _("Changes of contracts"),
    ChangeRequest,
    ApprovalStep,
    export=export_changes,
    erase=erase_words,
)


def named_in_changes(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers whom a change of a contract names, whatever became of it."""
    rows = ChangeRequest.objects.filter(customer__in=ids)
    return set(rows.values_list("customer_id", flat=True))


ties.register("contract_changes.requests", named_in_changes)
