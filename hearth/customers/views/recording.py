"""Recording a customer."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.forms import NewCustomerForm
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.customers.selectors import Candidate, Likeness, duplicate_candidates, find_customers
from hearth.customers.services import LooksKnown, NewCustomer, create_customer
from hearth.organization.models import OrgUnit, OrgUnitQuerySet


class MemberNotFound(InvalidInput):
    """The text means nobody here, or several."""

    code = "member_not_found"
    message = _("This means nobody here, or several people. Give a customer number or a whole phone.")


WRITABLE = (OrgUnit.Kind.CITY_COMPANY, OrgUnit.Kind.PROJECT_TEAM)
LONGEST_HINT = 300


@requires(CHANGE_CUSTOMER, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Record a customer; whoever may be the same is shown first."""
    form = NewCustomerForm(request.POST or None, places=writable_places(actor_of(request)))
    candidates: Sequence[Candidate] = []
    if request.method == "POST" and form.is_valid():
        try:
            customer = _create(form.cleaned_data, request)
        except LooksKnown as refusal:
            candidates = refusal.candidates
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The customer is recorded."))
            return go_to(request, reverse("workspace:customer", args=[customer.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "customers/new.html", {"form": form, "candidates": candidates}, status=status)


@requires(CHANGE_CUSTOMER, methods=("POST",))
def hint(request: HttpRequest) -> HttpResponse:
    """Who may be the same as what has been typed so far; by POST, so that no phone gets into an address."""
    texts = {
        name: tuple(text[:LONGEST_HINT] for text in request.POST.getlist(name))
        for name in ("phones", "emails", "addresses")
    }
    typed = NewCustomerForm(request.POST, places=writable_places(actor_of(request)))
    typed.is_valid()  # what is valid so far counts, the rest is still being typed
    place = typed.cleaned_data.get("org_unit")
    likeness = Likeness(
        name=request.POST.get("name", "")[:LONGEST_HINT],
        sex=typed.cleaned_data.get("sex", ""),
        birth_date=typed.cleaned_data.get("birth_date"),
        phones=texts["phones"],
        emails=texts["emails"],
        addresses=texts["addresses"],
        identity_number=request.POST.get("identity_number", "")[:30],
        org_unit_id=place.pk if place else None,
    )
    candidates = duplicate_candidates(likeness, actor=actor_of(request), limit=3)
    return render(request, "customers/components/candidates.html", {"candidates": candidates})


def writable_places(actor: Actor) -> OrgUnitQuerySet:
    """The companies and teams in whose name the actor may record customers."""
    return OrgUnit.objects.visible_with(actor, CHANGE_CUSTOMER).filter(kind__in=WRITABLE).in_tree_order()


def _create(chosen: dict[str, Any], request: HttpRequest) -> Customer:
    actor, now = actor_of(request), timezone.now()
    values = {
        name: value
        for name, value in chosen.items()
        if name not in ("org_unit", "household", "household_member")
    }
    if chosen["household"] == "new":
        values["household_key"] = "new"
    lives_with = find_member(chosen["household_member"], actor) if chosen["household"] == "existing" else None
    return create_customer(
        NewCustomer(**values),
        org_unit=chosen["org_unit"],
        actor=actor,
        now=now,
        lives_with=lives_with,
        accepts_duplicates="create_anyway" in request.POST,
    )


def find_member(text: str, actor: Actor) -> Customer:
    """Return the one customer whom a number, phone or name means.

    :raises MemberNotFound: if it means nobody, or several
    """
    found = find_customers(text, actor, today=timezone.localdate(), limit=2)
    if len(found) != 1:
        raise MemberNotFound("household_member")
    return found[0]
