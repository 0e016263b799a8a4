"""What events of other apps ask to be done."""

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hearth.core.actor import Actor
from hearth.core.events import subscribe
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.families.events import NeedChanged
from hearth.families.selectors import words_of_need_fields
from hearth.organization.models import OrgUnit, Role
from hearth.organization.selectors import people_with
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.services import NewTask, create_tasks

ANSWER_WITHIN = timedelta(days=2)
TEAM = "customer_manager"
RULE = "need_changed"


@subscribe(NeedChanged)
@transaction.atomic
def ask_to_answer_a_changed_need(event: EventRecord) -> None:
    """Have a changed need answered before it becomes a complaint: by whoever is responsible, else by the team.

    The responsible person gets the task if they still have the right at the place. Nothing is asked where the
    change belongs to no place, or no such role exists there.
    """
    if event.customer_id is None or event.org_unit_id is None:
        return
    customer = Customer.objects.filter(pk=event.customer_id).first()
    place = OrgUnit.objects.get(pk=event.org_unit_id)
    if customer is None:
        return
    today = localdate(event.recorded_at)
    able = people_with(VIEW_TASK, place, today=today).filter(customers=customer)
    assignee_id = able.values_list("pk", flat=True).first()
    role = None if assignee_id else Role.objects.filter(code=TEAM).first()
    if assignee_id is None and role is None:
        return
    task = NewTask(
        place.pk,
        _("%(name)s looks for something else now: answer the change") % {"name": customer.name},
        today + ANSWER_WITHIN,
        assignee_id,
        role.pk if role else None,
        note=words_of_need_fields(event.payload.get("fields", [])),
        customer_id=customer.pk,
        rule=RULE,
        event_id=event.id,
    )
    create_tasks([task], actor=Actor.system(RULE), now=event.recorded_at, is_sample=customer.is_sample)
