"""What a visit means for registrations."""

from hearth.brokers.services import confirm_visit
from hearth.channels.events import InteractionRecorded
from hearth.channels.models import Channel, Interaction
from hearth.core.actor import Actor
from hearth.core.events import subscribe
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.properties.models import Project


@subscribe(InteractionRecorded)
def confirm_who_came(event: EventRecord) -> None:
    """Confirm the registration with which a customer came to a project."""
    is_visit = event.channel == Channel.VISIT and (
        event.payload.get("direction") == Interaction.Direction.INBOUND
    )
    if not is_visit or event.customer_id is None or event.project_id is None:
        return
    project = Project.objects.select_related("org_unit").get(pk=event.project_id)
    customer = Customer.objects.get(pk=event.customer_id)
    who = customer.merged_into_id or customer.pk
    confirm_visit(who, project, at=event.occurred_at, actor=Actor.system("visit"), now=event.recorded_at)
