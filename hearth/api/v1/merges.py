"""Merging customers, and undoing it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, Field

from hearth.api.endpoints import KEY_REQUIRED, Reply, endpoint
from hearth.api.envelope import Asked
from hearth.api.problems import UnknownReference
from hearth.core.permissions import actor_of
from hearth.customers.models import Customer, CustomerMerge
from hearth.customers.permissions import MERGE_CUSTOMER
from hearth.customers.services import merge_customers, undo_merge

router = Router(tags=["customers"])
Choice = Literal[
    "name",
    "kind",
    "sex",
    "birth_date",
    "occupation",
    "source",
    "household",
    "responsible",
    "external_key",
    "note",
]
SURVIVOR, ABSORBED = "01990a5c-7e1b-7c3e-9d55-2f0c8f3a1b01", "01990a5c-7e1b-7c3e-9d55-2f0c8f3a1b02"
EXAMPLE: dict[str, Any] = {
    "id": "01990a5c-7e1b-7c3e-9d55-2f0c8f3a1b03",
    "survivor_id": SURVIVOR,
    "absorbed_ids": [ABSORBED],
    "merged_at": "2026-03-18T06:30:00Z",
    "undone_at": None,
    "moved": 12,
    "stayed": 2,
}
MERGE_EXAMPLE: Mapping[str, Any] = {"absorbed_ids": [ABSORBED], "values": {"name": ABSORBED}}


class MergeToMake(Asked):
    """The records to take in, and for a field the record whose value is kept."""

    absorbed_ids: list[UUID] = Field(min_length=1, max_length=20)
    values: dict[Choice, UUID] = Field(default_factory=dict)


class MergeChange(Asked):
    """A merge changes in one way: it is undone."""

    undone: Literal[True]


class MergeRecord(BaseModel):
    """A merge: how many entries came along, and how many stayed because the survivor has the same."""

    id: UUID
    survivor_id: UUID
    absorbed_ids: list[UUID]
    merged_at: datetime
    undone_at: datetime | None
    moved: int
    stayed: int


@endpoint(
    router,
    "POST /customers/{uuid:customer_id}/merge",
    permission=MERGE_CUSTOMER,
    returns=MergeRecord,
    summary="Merge customers",
    example=EXAMPLE,
    body_example=MERGE_EXAMPLE,
    headers=KEY_REQUIRED,
    problems=(404,),
)
def post_merge(request: HttpRequest, customer_id: UUID, body: MergeToMake) -> Reply:
    """Make one record of several: this one stays and gets everything. It can be undone."""
    visible = Customer.objects.visible_to(actor_of(request))
    survivor = get_object_or_404(visible, pk=customer_id)
    absorbed = list(visible.filter(pk__in=body.absorbed_ids))
    if len(absorbed) < len(set(body.absorbed_ids)):
        raise UnknownReference("absorbed_ids")
    values = {str(field): chosen for field, chosen in body.values.items()}
    made = merge_customers(survivor, absorbed, values=values, actor=actor_of(request), now=timezone.now())
    return Reply(_read(made), 201)


@endpoint(
    router,
    "PATCH /merges/{uuid:merge_id}",
    permission=MERGE_CUSTOMER,
    returns=MergeRecord,
    summary="Undo a merge",
    example=EXAMPLE | {"undone_at": "2026-03-30T06:30:00Z"},
    body_example={"undone": True},
    problems=(404,),
)
def patch_merge(request: HttpRequest, merge_id: UUID, body: MergeChange) -> Reply:
    """Part the records again, days later too; what came since goes where it belongs."""
    actor = actor_of(request)
    merge = get_object_or_404(CustomerMerge.objects.visible_to(actor), pk=merge_id)
    return Reply(_read(undo_merge(merge, actor=actor, now=timezone.now())))


def _read(merge: CustomerMerge) -> MergeRecord:
    return MergeRecord(
        id=merge.pk,
        survivor_id=merge.survivor_id,
        absorbed_ids=list(merge.absorbed.order_by("id").values_list("customer_id", flat=True)),
        merged_at=merge.created_at,
        undone_at=merge.undone_at,
        moved=sum(merge.outcome["moved"].values()),
        stayed=sum(merge.outcome["stayed"].values()),
    )
