"""The timeline of a customer and the composer above it."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.channels.permissions import RECORD_INTERACTION, VIEW_INTERACTION
from hearth.channels.selectors import colleagues_who_see, pinned_contacts, templates_for
from hearth.channels.services.composing import mention_of
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, is_part_request, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.workspace.composer import Tab, form_for, tabs_for, write
from hearth.workspace.timeline import (
    ENTRIES_AT_FIRST,
    ENTRIES_ON_A_PAGE,
    FAMILIES,
    People,
    TimelineFilters,
    timeline_of,
)

PARTS = {"timeline-entries", "timeline-more"}


@requires(VIEW_CUSTOMER)
def timeline(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The entries that fit the filters, as a part of the customer's page; alone it leads to that page."""
    row = get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)
    asked = request.GET.copy()
    asked.pop("cursor", None)
    address = (
        f"{reverse('workspace:customer', args=[row.pk])}?{urlencode({'tab': 'timeline'})}&{asked.urlencode()}"
    )
    if not is_part_request(request):
        return go_to(request, address)
    context = {"customer": row, **entries_context(request, row)}
    response = page(request, "workspace/timeline_entries.html", context, parts=PARTS)
    if "cursor" not in request.GET:
        response.headers["HX-Replace-Url"] = address
    return response


def timeline_context(request: HttpRequest, row: Customer, people: People) -> dict[str, Any]:
    """What the tab of the timeline shows: composer, filters, pinned notes, the first entries."""
    tabs = tabs_for(actor_of(request))
    entries = entries_context(request, row, people=people, limit=ENTRIES_AT_FIRST)
    context = {"customer": row, "families": FAMILIES.items(), **entries}
    asked = request.GET.get("compose", "")
    tab = next((tab for tab in tabs if tab.code == asked), tabs[0] if tabs else None)
    return context | (_composer(request, tab, tabs, is_asked=bool(asked)) if tab else {})


def entries_context(
    request: HttpRequest, row: Customer, *, people: People | None = None, limit: int = ENTRIES_ON_A_PAGE
) -> dict[str, Any]:
    actor, filters = actor_of(request), read_filters(request.GET)
    pinned = pinned_contacts(row, actor) if actor.can(VIEW_INTERACTION) else []
    cursor = request.GET.get("cursor", "")
    found = timeline_of(row, actor, filters, people=people, cursor=cursor, limit=limit)
    return {"timeline": found, "filters": filters, "pinned_notes": pinned}


def read_filters(sent: QueryDict) -> TimelineFilters:
    """Read what the address asks; without `asked`, boxes that are not named stand as they do at first."""
    is_asked = "asked" in sent
    try:
        until = date.fromisoformat(sent.get("until", ""))
    except ValueError:
        until = None
    return TimelineFilters(
        families=tuple(code for code in sent.getlist("family") if code in FAMILIES),
        q=sent.get("q", "").strip(),
        until=until,
        with_household=sent.get("household", "" if is_asked else "1") == "1",
        with_homes=sent.get("homes", "" if is_asked else "1") == "1",
        is_customer_visible=sent.get("seen", "") == "1",
    )


@requires(VIEW_CUSTOMER, methods=("GET", "HEAD", "POST"))
def compose(request: HttpRequest, customer_id: UUID, code: str) -> HttpResponse:
    """Give one tab of the composer, or write what it holds."""
    actor, now = actor_of(request), timezone.now()
    row = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    tabs = tabs_for(actor)
    tab = next((tab for tab in tabs if tab.code == code), None)
    if tab is None:
        raise Http404
    form = form_for(tab, actor, now=now, sent=request.POST, files=request.FILES)
    context = {"customer": row, **_composer(request, tab, tabs, is_asked=request.method == "GET")}
    if request.method != "POST":
        return page(request, "workspace/composer.html", context)
    if not form.is_valid():
        return page(request, "workspace/composer.html", context | {"form": form}, status=REFUSED)
    try:
        write(tab, row, form.cleaned_data, actor=actor, now=now)
    except DomainError as refusal:
        field = refusal.field if isinstance(refusal, InvalidInput) and refusal.field in form.fields else None
        form.add_error(field, str(refusal))
        return page(request, "workspace/composer.html", context | {"form": form}, status=REFUSED)
    if not is_part_request(request):
        return go_to(request, reverse("workspace:customer", args=[row.pk]))
    response = page(request, "workspace/composer.html", context, status=SUCCESS)
    response.headers["HX-Trigger"] = "hearth:recorded"
    return response


@requires(RECORD_INTERACTION)
def colleagues(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The colleagues who can be told of a customer, by what was typed after the sign."""
    actor = actor_of(request)
    row = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    text = request.GET.get("q", "").strip()[:60]
    people = colleagues_who_see(row, text, actor=actor, today=timezone.localdate())
    return page(
        request, "workspace/colleagues.html", {"people": [(each, mention_of(each)) for each in people]}
    )


@requires(RECORD_INTERACTION)
def text_templates(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The templates one may begin from, with this customer's name in them."""
    actor = actor_of(request)
    row = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    found = templates_for(row, actor=actor, today=timezone.localdate())
    return page(request, "workspace/text_templates.html", {"templates": found})


def _composer(request: HttpRequest, tab: Tab, tabs: list[Tab], *, is_asked: bool = False) -> dict[str, Any]:
    """An empty tab among those the reader may write in; one that was asked for takes the keyboard."""
    form = form_for(tab, actor_of(request), now=timezone.now())
    if is_asked:
        form.fields["body"].widget.attrs["autofocus"] = True
    return {"composer_tab": tab, "composer_tabs": tabs, "form": form}
