"""What a customer looks for: stating it, and how it changed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.selectors import access_of
from hearth.customers.views.revealing import answer_reveal
from hearth.families.forms import NeedForm
from hearth.families.ruled_fields import INCOME
from hearth.families.selectors import need_history
from hearth.families.services import reveal_income, state_needs


@requires(VIEW_CUSTOMER)
def needs(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The present needs as a form, and all versions with what each changed."""
    return _needs_page(request, _customer(request, customer_id), None)


@requires(CHANGE_CUSTOMER, methods=("POST",))
def state(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Keep another version."""
    customer = _customer(request, customer_id)
    form = NeedForm(request.POST, income=access_of(customer.pk, INCOME, actor_of(request)))
    if not form.is_valid():
        return _needs_page(request, customer, form)
    try:
        state_needs(
            customer,
            form.stated(),
            actor=actor_of(request),
            now=timezone.now(),
            follows=form.cleaned_data["follows"],
        )
    except DomainError as refusal:
        add_refusal(form, refusal)
        return _needs_page(request, customer, form)
    messages.success(request, gettext("The needs are kept."))
    return redirect("families:needs", customer.pk)


@requires(VIEW_CUSTOMER, methods=("POST",))
def reveal(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The income of the family, once a reason is given; the service asks for the right."""
    customer, actor, now = _customer(request, customer_id), actor_of(request), timezone.now()
    return answer_reveal(
        request, lambda reason: (reveal_income(customer, reason=reason, actor=actor, now=now), "")
    )


def _needs_page(request: HttpRequest, customer: Customer, form: NeedForm | None) -> HttpResponse:
    actor = actor_of(request)
    income = access_of(customer.pk, INCOME, actor)
    versions = need_history(customer, income)
    present = versions[0].profile if versions else None
    context = {
        "customer": customer,
        "versions": versions,
        "form": form or NeedForm.of(present, income),
        "may_change": actor.can(CHANGE_CUSTOMER),
    }
    return page(request, "families/needs.html", context, status=REFUSED if form else SUCCESS)


def _customer(request: HttpRequest, customer_id: UUID) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)
