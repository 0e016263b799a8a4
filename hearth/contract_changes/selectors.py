"""What the pages of changes show."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from hearth.contract_changes.kinds import kinds
from hearth.contract_changes.models import ApprovalStep, ChangeRequest
from hearth.contract_changes.permissions import APPROVE_CHANGE
from hearth.core.actor import Actor
from hearth.customers.models import Customer, UnitRole
from hearth.customers.selectors import names_of
from hearth.sales.models import Contract
from hearth.sales.services import OWNERS

Step = ApprovalStep.State


def waits_for(actor: Actor) -> Q:
    """Return the condition that a request waits for the actor: neither theirs, nor approved by them before."""
    if actor.user_id is None:
        return Q(pk__in=[])
    scope = actor.scope(APPROVE_CHANGE)
    steps = ApprovalStep.objects.filter(request=OuterRef("pk"))
    waiting = steps.waiting() if scope.everywhere else steps.waiting().filter(place__in=scope.org_unit_ids)
    had = steps.filter(state=Step.APPROVED, decided_by=actor.user_id)
    return Q(Exists(waiting)) & ~Q(Exists(had)) & ~Q(author=actor.user_id)


def steps_of(request: ChangeRequest) -> list[ApprovalStep]:
    """Return the chain of a request in its order; one query."""
    return list(request.steps.select_related("place", "decided_by").order_by("position"))


def changes_of(contract: Contract, actor: Actor) -> Sequence[ChangeRequest]:
    """Return the changes of a contract, the newest first; one query."""
    rows = ChangeRequest.objects.visible_to(actor).filter(contract=contract).select_related("author")
    return list(rows.order_by("-id"))


def owners_beside(contract: Contract, actor: Actor) -> list[Customer]:
    """Return who owns the home of a contract beside its buyer, as far as the actor may see them; two queries."""
    rows = UnitRole.objects.filter(unit=contract.unit_id, role__in=OWNERS, valid_to__isnull=True)
    keys = rows.exclude(customer=contract.customer_id).values_list("customer_id", flat=True)
    return sorted(names_of(keys, actor).values(), key=lambda row: (row.name, row.pk))


def label_of(request: ChangeRequest) -> str:
    """Return the kind of a request in words; its code where the app that brought the kind is gone."""
    return str(kinds[request.kind].label) if request.kind in kinds else request.kind
