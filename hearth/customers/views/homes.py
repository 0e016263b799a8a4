"""What customers are to homes: beginning, correcting and withdrawing a role, and who was known to live where."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown
from hearth.customers.home_forms import CorrectionForm, HomeRoleForm, TwoDaysForm
from hearth.customers.models import Customer, UnitRole
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.selectors import changed_minds, people_as_known
from hearth.customers.services import assign_unit_role, correct_unit_role, withdraw_unit_role
from hearth.lib.chinese import query_tokens
from hearth.properties.models import Unit

BOTH = ("GET", "HEAD", "POST")


class HomeNotFound(InvalidInput):
    """The text means no home here, or several."""

    code = "home_not_found"
    message = _("This means no home here, or several. Give project, building and number.")


@requires(VIEW_CUSTOMER)
def home_history(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Who lived in a home on a day, as known on another."""
    actor, today = actor_of(request), timezone.localdate()
    unit = get_object_or_404(Unit.objects.visible_to(actor).with_place(), pk=unit_id)
    form = TwoDaysForm({"on": request.GET.get("on", ""), "known_on": request.GET.get("known_on", "")})
    asked = form.cleaned_data if form.is_valid() else {}
    on, known_on = asked.get("on") or today, asked.get("known_on") or today
    context = {
        "unit": unit,
        "form": form if form.errors else TwoDaysForm(initial={"on": on, "known_on": known_on}),
        "on": on,
        "known_on": known_on,
        "people": people_as_known(unit, actor, on=on, known_on=known_on),
        "changed": changed_minds(unit, actor),
    }
    return page(request, "customers/home_history.html", context, parts={"people-then"})


@requires(CHANGE_CUSTOMER, methods=BOTH)
def add_home(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Make a customer something to a home."""
    actor = actor_of(request)
    customer = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    form = HomeRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            unit = find_home(values.pop("home"), actor)
            assign_unit_role(customer, unit, actor=actor, now=timezone.now(), **values)
        except DomainError as refusal:
            form.add_error("home", str(refusal))
        else:
            messages.success(request, gettext("The home is linked."))
            return go_to(request, _homes_of(customer.pk))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "customers/add_home.html", {"customer": customer, "form": form}, status=status)


@requires(CHANGE_CUSTOMER, methods=BOTH)
def correct_home(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Correct a role on a home, or say that it never was."""
    actor, now = actor_of(request), timezone.now()
    role = _role(role_id, actor)
    tell_shown(request, role.customer_id)
    form = CorrectionForm.of(role, request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            if "withdraw" in request.POST:
                withdraw_unit_role(role, reason=values["reason"], actor=actor, now=now)
            else:
                correct_unit_role(role, actor=actor, now=now, **values)
        except DomainError as refusal:
            form.add_error("reason" if "reason" in refusal.code else None, str(refusal))
        else:
            messages.success(request, gettext("The change is kept, and what was thought before too."))
            return go_to(request, _homes_of(role.customer_id))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "customers/correct_home.html", {"role": role, "form": form}, status=status)


def find_home(text: str, actor: Actor) -> Unit:
    """Return the one home that an address means.

    :raises HomeNotFound: if it means none here, or several
    """
    tokens = query_tokens(text, "address")
    found = Unit.objects.visible_to(actor).filter(address_tokens__matches=tokens) if tokens else ()
    units = list(found[:2])
    if len(units) != 1:
        raise HomeNotFound("home")
    return units[0]


def _role(role_id: UUID, actor: Actor) -> UnitRole:
    visible = Customer.objects.visible_to(actor)
    roles = UnitRole.objects.filter(customer__in=visible, unit__in=Unit.objects.visible_to(actor))
    related = ("customer", "unit__project", "unit__building", "unit__entrance")
    return get_object_or_404(roles.select_related(*related), pk=role_id)


def _homes_of(customer_id: UUID) -> str:
    return reverse("workspace:customer", args=[customer_id]) + "?tab=homes"
