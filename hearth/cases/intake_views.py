"""Taking a matter in, at the phone desk too, and completing what was told."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.cases.desk_selectors import callers, homes_to_name, open_matters
from hearth.cases.intake_forms import AccountForm, IntakeForm, NumberForm
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import NewCase, open_case
from hearth.cases.services.retelling import keep_account
from hearth.cases.views import case_page, changeable
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown
from hearth.customers.models import Customer
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.lib.identifiers import read_uuid
from hearth.organization.models import OrgUnit


@requires(CHANGE_CASE, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Take in a case, for a customer when the address names one."""
    actor, now = actor_of(request), timezone.now()
    customer = _named_customer(request)
    tell_shown(request, customer.pk if customer else None)
    homes = homes_to_name(customer, actor, day=timezone.localdate(now)) if customer else []
    form = IntakeForm(
        request.POST or None,
        places=OrgUnit.objects.visible_with(actor, CHANGE_CASE).for_records(),
        homes=homes,
        initial={name: request.GET.get(name, "") for name in ("channel", "unit")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = open_case(_matter(form, customer), actor=actor, now=now)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The case is open."))
            return go_to(request, reverse("cases:case", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    context = {
        "form": form,
        "customer": customer,
        "open_matters": open_matters(customer, actor) if customer else [],
    }
    return page(request, "cases/new.html", context, status=status)


def _matter(form: IntakeForm, customer: Customer | None) -> NewCase:
    chosen, home = form.cleaned_data, form.home
    return NewCase(
        org_unit_id=chosen["org_unit"].pk,
        **{name: chosen[name] for name in ("kind", "grade", "channel", "title", "body")},
        opened_at=timezone.now(),
        customer_id=customer.pk if customer else None,
        unit_id=home.pk if home else None,
        project_id=home.project_id if home else None,
        category_id=form.category_id,
        account=form.told,
    )


def _named_customer(request: HttpRequest) -> Customer | None:
    customer_id = read_uuid(request.GET.get("customer", ""))
    if customer_id is None:
        return None
    return get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)


@requires(CHANGE_CASE)
def desk(request: HttpRequest) -> HttpResponse:
    """Who is calling: the telephone opens `?number=…` when it rings, or a person types the number."""
    actor, number = actor_of(request), request.GET.get("number", "").strip()
    form, found = NumberForm(request.GET if number else None), None
    if number and form.is_valid():
        actor.require(VIEW_CUSTOMER)
        try:
            found = callers(form.cleaned_data["number"], actor, day=timezone.localdate())
        except DomainError as refusal:
            add_refusal(form, refusal, phone="number")
    status = REFUSED if form.errors else SUCCESS
    return page(request, "cases/desk.html", {"form": form, "callers": found, "number": number}, status=status)


@requires(CHANGE_CASE, methods=("POST",))
def account(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Complete what was told of a case."""
    row = changeable(request, case_id)
    form = AccountForm(request.POST, case=row)
    if form.is_valid():
        try:
            keep_account(
                row,
                form.told,
                category_id=form.category_id,
                actor=actor_of(request),
                now=timezone.now(),
            )
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("What was told is kept."))
            return go_to(request, reverse("cases:case", args=[row.pk]))
    return case_page(request, row, status=REFUSED, account_form=form)
