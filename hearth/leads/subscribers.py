"""What reservations and contracts mean for leads."""

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.events import subscribe
from hearth.core.models import EventRecord
from hearth.inventory.events import HomeGivenFree, HomeReserved, ReservationLapsed, ReservationWithdrawn
from hearth.leads.services import follow_reservations, take_back_wins_of, win_leads_of
from hearth.properties.models import Unit
from hearth.sales.events import ContractCancelled, ContractSigned


@subscribe(ContractSigned)
@transaction.atomic
def win_what_was_signed(event: EventRecord) -> None:
    """Win the live leads of a customer who signed for a home, for the project of the home."""
    if event.customer_id is None or event.unit_id is None:
        return
    project_id = Unit.objects.filter(pk=event.unit_id).values_list("project_id", flat=True).first()
    if project_id is not None:
        win_leads_of(
            event.customer_id, project_id, actor=Actor.system("contract_signed"), now=event.recorded_at
        )


@subscribe(ContractCancelled)
@transaction.atomic
def take_back_what_was_won(event: EventRecord) -> None:
    """Open the won lead of a customer whose contract was cancelled, unless another of the project stands."""
    if event.customer_id is None or event.unit_id is None:
        return
    project_id = Unit.objects.filter(pk=event.unit_id).values_list("project_id", flat=True).first()
    if project_id is not None:
        actor = Actor.system("contract_cancelled")
        take_back_wins_of(event.customer_id, project_id, actor=actor, now=event.recorded_at)


@subscribe(HomeReserved)
@subscribe(ReservationWithdrawn)
@subscribe(ReservationLapsed)
@subscribe(HomeGivenFree)
def move_what_was_reserved(event: EventRecord) -> None:
    """Have the leads of a customer stand where the reservations of the project say."""
    if event.customer_id is None or event.unit_id is None:
        return
    project_id = Unit.objects.filter(pk=event.unit_id).values_list("project_id", flat=True).first()
    if project_id is not None:
        actor = Actor.system("reservation")
        follow_reservations(event.customer_id, project_id, actor=actor, now=event.recorded_at)
