"""A customer's profile follows what happens to them, without waiting for the night.

Left to the night's run: what an import or the sample data brought (thousands of rows at a time), and everything
before the first run. A customer to whom several things happened is computed once.
"""

from django.utils import timezone

from hearth.cases.events import CaseClosed, CaseOpened
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.events import subscribe
from hearth.core.models import EventRecord
from hearth.customers.events import CustomerRestored, CustomersMerged, MergeUndone
from hearth.customers.models import Customer, CustomerProfile
from hearth.insight.selectors.runs import latest_run
from hearth.insight.services import score_customer
from hearth.sales.events import (
    ContractCancelled,
    ContractHandedOn,
    ContractRepriced,
    ContractSigned,
    ContractTakenOver,
    HomeHandedOver,
    PaymentReceived,
)

IMPORT = "import"


@subscribe(ContractSigned)
@subscribe(ContractCancelled)
@subscribe(ContractRepriced)
@subscribe(ContractHandedOn)
@subscribe(ContractTakenOver)
@subscribe(PaymentReceived)
@subscribe(HomeHandedOver)
@subscribe(CustomersMerged)
@subscribe(MergeUndone)
@subscribe(CustomerRestored)
def score_after_event(event: EventRecord) -> None:
    """Compute the profile of the customer to whom it happened, unless it already knows of it."""
    if event.customer_id is None or event.is_sample or event.actor_kind == IMPORT or latest_run() is None:
        return
    known = CustomerProfile.objects.filter(customer=event.customer_id, scored_at__gte=event.recorded_at)
    named = Customer.objects.filter(pk=event.customer_id).select_related("merged_into").first()
    customer = (named.merged_into or named) if named else None
    if customer and customer.may_be_profiled and not known.exists():
        score_customer(customer, actor=Actor.system("insight"), now=timezone.now())


@subscribe(CaseOpened)
@subscribe(CaseClosed)
def score_after_complaint(event: EventRecord) -> None:
    """Compute the profile of who complained, or whose complaint is settled."""
    if event.payload.get("kind") == Case.Kind.COMPLAINT:
        score_after_event(event)
