"""Who has acknowledged a disclosure, and what a buyer was told."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.selectors import customer_meant
from hearth.promises.forms import AcknowledgeForm
from hearth.promises.ledger_selectors import promises_to
from hearth.promises.models import Acknowledgement, Disclosure
from hearth.promises.permissions import ACKNOWLEDGE, VIEW_PROMISE
from hearth.promises.selectors import acknowledgements_page, told_of_disclosures
from hearth.promises.services import acknowledge_disclosure
from hearth.promises.views.disclosures import BOTH, disclosure_of, saved
from hearth.properties.selectors import unit_meant
from hearth.sales.models import Contract

State = Disclosure.State


@requires(VIEW_PROMISE, methods=BOTH)
def buyers(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """Who has acknowledged a version; note another."""
    row = disclosure_of(request, disclosure_id)
    if request.method != "POST":
        return _buyers_page(request, row, AcknowledgeForm(project_id=row.project_id))
    form = AcknowledgeForm(request.POST, request.FILES, project_id=row.project_id)
    if form.is_valid():
        actor, given = actor_of(request), form.cleaned_data
        try:
            customer = customer_meant(given["who"], actor)
            unit = unit_meant(given["building"], given["room"], actor) if given["building"] else None
            said = form.acknowledged(unit)
            acknowledge_disclosure(row, customer, said, actor=actor, now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("promises:acknowledgements", args=[row.pk]))
    return _buyers_page(request, row, form)


def _buyers_page(request: HttpRequest, row: Disclosure, form: AcknowledgeForm) -> HttpResponse:
    actor = actor_of(request)
    lines, next_cursor = acknowledgements_page(row, actor, request.GET.get("cursor", ""))
    was_published = row.state in (State.PUBLISHED, State.SUPERSEDED)
    context = {
        "row": row,
        "lines": lines,
        "next_cursor": next_cursor,
        "form": form,
        "may_acknowledge": was_published and actor.can(ACKNOWLEDGE, row.org_unit_id),
    }
    status = REFUSED if form.is_bound else SUCCESS
    return page(request, "promises/buyers.html", context, parts=["buyers-list"], status=status)


@requires(VIEW_PROMISE)
def evidence(request: HttpRequest, acknowledgement_id: UUID) -> FileResponse:
    """Give what a buyer signed to be saved, to those who may see the buyer."""
    actor = actor_of(request)
    rows = Acknowledgement.objects.visible_to(actor).visible_buyers(actor)
    return saved(get_object_or_404(rows.select_related("evidence_file"), pk=acknowledgement_id).evidence_file)


@requires(VIEW_PROMISE)
def contract(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """A card on the page of a contract: what its buyer was told and promised by the day of signing."""
    actor = actor_of(request)
    rows = Contract.objects.visible_to(actor).select_related("unit")
    row = get_object_or_404(rows, pk=contract_id)
    context = {"told": told_of_disclosures(row, actor), "promises": promises_to(row, actor)}
    return page(request, "promises/told.html", context)
