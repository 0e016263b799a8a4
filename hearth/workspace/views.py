"""Pages that join apps: the start page, the page of a customer, the search."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.audit.permissions import VIEW_AUDIT
from hearth.core.htmx import go_to, is_part_request, page
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.core.search import search_everything
from hearth.customers.models import Customer, UnitRole
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.selectors import find_customers, present_contacts, present_identity
from hearth.leads.permissions import CHANGE_LEAD
from hearth.leads.selectors import my_due_leads
from hearth.lists.definitions import Batch, lists
from hearth.lists.slots import slots_of
from hearth.properties.models import Unit
from hearth.properties.permissions import VIEW_PROPERTY
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.selectors import open_tasks_of_customer
from hearth.workspace.card_views import cards_for
from hearth.workspace.composer import tabs_for
from hearth.workspace.customer_page import (
    campaigns_shown,
    contracts_shown,
    customer_page,
)
from hearth.workspace.first_steps import first_steps_for
from hearth.workspace.first_steps_views import leads_into_first_run
from hearth.workspace.histories import find_record, history_of
from hearth.workspace.home_page import home_page
from hearth.workspace.overview import overview_of
from hearth.workspace.services import note_look
from hearth.workspace.timeline_views import timeline_context

MOST_BUYERS = 8
ABOUT = ("name", "kind", "occupation", "source", "responsible", "key", "note")
OF_PERSONS = ("sex", "birth_date")
TAB_PART = "customer-tab"
TABS = ("overview", "timeline", "homes", "money", "cases", "campaigns", "history")
# What only the timeline knows: an address with one of these means it.
OF_TIMELINE = ("compose", "asked")


@requires(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """The loop at a glance, and what waits for the reader."""
    if leads_into_first_run(request):
        return go_to(request, reverse("workspace:first_steps"))
    actor, today = actor_of(request), timezone.localdate()
    context = {
        "home": home_page(actor, today=today),
        "leads": my_due_leads(actor, today=today) if actor.can(CHANGE_LEAD) else None,
        "today": today,
        "steps": first_steps_for(actor),
    }
    return page(request, "workspace/home.html", context)


@requires(VIEW_CUSTOMER)
def customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Everything about one customer; HTMX may ask for one tab."""
    actor = actor_of(request)
    found = Customer.objects.visible_to(actor).select_related("profile", "household", "responsible")
    row = found.filter(pk=customer_id).first()
    if row is None:
        survivor = get_object_or_404(Customer.objects.visible_to(actor), aliases=customer_id)
        return go_to(request, reverse("workspace:customer", args=[survivor.pk]))
    tabs = [name for name in TABS if name != "history" or actor.can(VIEW_AUDIT)]
    tab = _tab(request, tabs)
    found_of_them = customer_page(row, actor)
    context: dict[str, Any] = {
        "page": found_of_them,
        "about": slots_of(lists["customers"], Batch([row], actor), keys=_about(row)),
        "contacts": present_contacts([row], actor)[row.pk],
        "identity": present_identity(row, actor),
        "tab": tab,
        "tabs": tabs,
        "writes": bool(tabs_for(actor)),
    }
    if not (is_part_request(request) and request.headers.get("HX-Target") == TAB_PART):
        context["columns"] = cards_for(request)
    if tab == "timeline":
        context |= timeline_context(request, row, found_of_them.people)
    elif tab == "money":
        context["contracts"] = contracts_shown(row, actor)
    elif tab == "campaigns":
        context["campaigns"] = campaigns_shown(row, actor)
    elif tab == "history":
        context["history"] = (
            history_of("customers", row, actor) if find_record("customers", row.pk, actor) else None
        )
    return page(request, "workspace/customer.html", context, parts={TAB_PART})


def _tab(request: HttpRequest, tabs: Sequence[str]) -> str:
    asked = request.GET.get("tab", "")
    if asked in tabs:
        return asked
    return "timeline" if any(name in request.GET for name in OF_TIMELINE) else tabs[0]


@requires(VIEW_CUSTOMER)
def customer_overview(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What is new, what comes next and what happened last, as a part of the customer's page."""
    actor, now = actor_of(request), timezone.now()
    row = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    since = note_look(row.pk, user_id=actor.user_id, now=now) if actor.user_id else None
    context = {
        "customer": row,
        "overview": overview_of(row, actor, since=since),
        "today": timezone.localdate(),
    }
    return page(request, "workspace/customer_overview.html", context)


@requires(VIEW_TASK)
def customer_tasks(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What is to be done for a customer, as a card of their page."""
    actor = actor_of(request)
    row = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    tasks = open_tasks_of_customer(row.pk, actor)
    context = {"customer": row, "tasks": tasks, "today": timezone.localdate()}
    return page(request, "workspace/customer_tasks.html", context)


def _about(row: Customer) -> list[str]:
    """Name the fields of the panel: a company has no sex, and who is in no household no role there."""
    is_person = row.kind == Customer.Kind.PERSON
    further = (*(OF_PERSONS if is_person else ()), *(("household_role",) if row.household_id else ()))
    return [*ABOUT[:2], *further, *ABOUT[2:]]


@requires(SIGNED_IN)
def search(request: HttpRequest) -> HttpResponse:
    """Hits of every kind, as a menu under the search field or as a page."""
    query = request.GET.get("q", "").strip()
    as_menu = is_part_request(request)
    groups = search_everything(query, actor=actor_of(request), limit=6 if as_menu else 25)
    template = "workspace/search_menu.html" if as_menu else "workspace/search.html"
    return page(request, template, {"groups": groups, "query": query})


@requires(VIEW_PROPERTY)
def unit_people(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """The people with a role on a home, as a part of the home's page."""
    actor = actor_of(request)
    unit = get_object_or_404(Unit.objects.visible_to(actor), pk=unit_id)
    roles = UnitRole.objects.filter(unit=unit, customer__in=Customer.objects.visible_to(actor))
    roles = roles.select_related("customer").order_by("valid_to", "-valid_from", "id")
    is_on_sale = unit.state not in (Unit.State.CONTRACTED, Unit.State.DELIVERED)
    query = request.GET.get("buyer", "").strip()
    context = {
        "unit": unit,
        "roles": roles,
        "may_sell": is_on_sale and actor.can(CHANGE_CONTRACT, unit.org_unit_id),
        "query": query,
        "buyers": find_customers(query, actor, today=timezone.localdate(), limit=MOST_BUYERS)
        if query
        else [],
    }
    return page(request, "workspace/unit_people.html", context, parts={"buyers"})
