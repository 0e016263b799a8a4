"""What was reminded of, on the page of a contract."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from hearth.core.htmx import page
from hearth.core.permissions import actor_of, requires
from hearth.payment_reminders.models import PaymentReminder
from hearth.sales.models import Contract
from hearth.sales.permissions import VIEW_CONTRACT


@requires(VIEW_CONTRACT)
def contract(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """A card on the page of a contract: which reminders were made, how, and what became of the message."""
    actor = actor_of(request)
    row = get_object_or_404(Contract.objects.visible_to(actor), pk=contract_id)
    rows = PaymentReminder.objects.visible_to(actor).filter(instalment__plan__contract=row)
    reminders = rows.select_related("instalment", "message").order_by("-created_at", "-id")
    return page(request, "payment_reminders/of_contract.html", {"reminders": reminders})
