"""Who belongs to a customer: the card on their page, adding and ending."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER, REVEAL_CONTACT, VIEW_CUSTOMER
from hearth.customers.selectors import access_of, find_customers
from hearth.families.forms import RelationshipForm
from hearth.families.models import Relationship
from hearth.families.picture import draw_family
from hearth.families.ruled_fields import INCOME
from hearth.families.selectors import completeness_of, present_need, relatives_of, stated
from hearth.families.services import end_relationship, relate

MOST_PEOPLE = 6


class RelativeNotFound(InvalidInput):
    """The text means nobody here, or several."""

    code = "relative_not_found"
    message = _("This means nobody here, or several people. Choose one of those found below the field.")


@requires(VIEW_CUSTOMER)
def card(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Relatives and needs as a part of the customer's page."""
    return _card(request, _customer(request, customer_id), RelationshipForm())


@requires(CHANGE_CUSTOMER)
def people(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Those whom the typed text may mean, to choose one from."""
    customer, text = _customer(request, customer_id), request.GET.get("who", "").strip()
    context = {"text": text, "people": _people(text, customer, actor_of(request))}
    return render(request, "families/card.html#kin", context)


@requires(CHANGE_CUSTOMER, methods=("POST",))
def add(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Relate somebody to the customer."""
    actor, customer = actor_of(request), _customer(request, customer_id)
    form = RelationshipForm(request.POST)
    if not form.is_valid():
        return _card(request, customer, form, status=REFUSED)
    kind, is_reversed = form.kind()
    try:
        other = _find(form.cleaned_data["who"], form.cleaned_data["person"], actor)
        one, another = (customer, other) if is_reversed else (other, customer)
        relate(
            one,
            another,
            kind=kind,
            actor=actor,
            now=timezone.now(),
            position=form.cleaned_data["position"],
            valid_from=form.cleaned_data["valid_from"],
        )
    except DomainError as refusal:
        form.add_error("who", str(refusal))
        return _card(request, customer, form, status=REFUSED)
    return _card(request, customer, RelationshipForm())


@requires(CHANGE_CUSTOMER, methods=("POST",))
def end(request: HttpRequest, customer_id: UUID, relationship_id: UUID) -> HttpResponse:
    """End a relationship of the customer today."""
    actor, customer, now = actor_of(request), _customer(request, customer_id), timezone.now()
    relationship = get_object_or_404(Relationship.objects.of(customer.pk), pk=relationship_id)
    try:
        end_relationship(relationship, last_day=timezone.localdate(now), actor=actor, now=now)
    except DomainError as refusal:
        return _card(request, customer, RelationshipForm(), status=REFUSED, refusal=str(refusal))
    return _card(request, customer, RelationshipForm())


def _people(text: str, customer: Customer, actor: Actor) -> Sequence[Customer]:
    """Return others whom a text means; at most four queries, none without a text."""
    if not text:
        return []
    found = find_customers(text, actor, today=timezone.localdate(), limit=MOST_PEOPLE + 1)
    return [person for person in found if person.pk != customer.pk][:MOST_PEOPLE]


def _find(text: str, person_id: UUID | None, actor: Actor) -> Customer:
    """Return the customer who was chosen, else the one whom a number, phone or name means.

    :raises RelativeNotFound: if it means nobody, or several
    """
    if person_id:
        found = list(Customer.objects.visible_to(actor).filter(pk=person_id))
    else:
        found = find_customers(text, actor, today=timezone.localdate(), limit=2)
    if len(found) != 1:
        raise RelativeNotFound("who")
    return found[0]


def _customer(request: HttpRequest, customer_id: UUID) -> Customer:
    visible = Customer.objects.visible_to(actor_of(request))
    return get_object_or_404(visible.select_related("profile"), pk=customer_id)


def _card(
    request: HttpRequest,
    customer: Customer,
    form: RelationshipForm,
    *,
    status: int = SUCCESS,
    refusal: str = "",
) -> HttpResponse:
    actor = actor_of(request)
    relatives = relatives_of(customer, actor)
    need = present_need(customer)
    text = str(form["who"].value() or "").strip() if form.is_bound else ""
    context = {
        "customer": customer,
        "relatives": relatives,
        "picture": draw_family(customer, relatives),
        "need": need,
        "stated": stated(need, access_of(customer.pk, INCOME, actor)) if need else (),
        "may_reveal": actor.can(REVEAL_CONTACT),
        "completeness": completeness_of(customer, need=need),
        "form": form,
        "text": text,
        "people": _people(text, customer, actor),
        "chosen": form["person"].value() if form.is_bound else "",
        "refusal": refusal,
        "may_change": actor.can(CHANGE_CUSTOMER),
    }
    return page(request, "families/card.html", context, status=status)
