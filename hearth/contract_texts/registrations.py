"""Places of texts in the rail, what the timeline says of them, and how readings follow a merge."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.contract_texts import demands, lists, policy  # noqa: F401  (each registers what it offers)
from hearth.contract_texts.events import (
    ClauseConfirmed,
    ContractTextDrafted,
    ContractTextGiven,
    ContractTextRead,
    ContractTextSigned,
    DeparturesApproved,
)
from hearth.contract_texts.models import ContractText, TextReading
from hearth.contract_texts.permissions import VIEW_TEXT
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, register_place
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow

register_place(Place(_("Texts of contracts"), "file-text", "contract_texts:texts", VIEW_TEXT, order=51))
rows_follow(TextReading, "customer")


@timeline_detail(
    ContractTextDrafted.type,
    DeparturesApproved.type,
    ContractTextGiven.type,
    ClauseConfirmed.type,
    ContractTextRead.type,
    ContractTextSigned.type,
)
def text_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the text and its contract; one query."""
    rows = ContractText.objects.visible_to(actor).select_related("contract")
    by_id = {row.pk: row for row in rows.filter(pk__in=[event.subject_id for event in events])}
    return {
        event.id: Detail(
            summary=f"{row.contract.number} · {row}", url=reverse("contract_texts:text", args=[row.pk])
        )
        for event in events
        if event.subject_id and (row := by_id.get(event.subject_id))
    }
