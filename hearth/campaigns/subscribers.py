"""What campaigns take note of."""

from decimal import Decimal

from django.utils import timezone

from hearth.campaigns.services.responses import record_purchases
from hearth.core.actor import Actor
from hearth.core.events import subscribe
from hearth.core.models import EventRecord
from hearth.sales.events import ContractSigned

OBSERVER = Actor.system("campaigns")


@subscribe(ContractSigned)
def count_purchase(event: EventRecord) -> None:
    """Count a signed contract for the running campaigns of the household; its payments are not counted again."""
    if event.customer_id is None or event.subject_id is None:
        return
    record_purchases(
        event.customer_id,
        amount=event.amount or Decimal(0),
        reference=str(event.subject_id),
        occurred_at=event.occurred_at,
        actor=OBSERVER,
        now=timezone.now(),
    )
