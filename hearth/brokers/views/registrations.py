"""Pages of registrations."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.brokers.commission_selectors import lines_of_registration
from hearth.brokers.forms import DeskForm, ObjectionForm
from hearth.brokers.lists import REGISTRATIONS, STATE_COLOURS
from hearth.brokers.models import ChannelRegistration
from hearth.brokers.notices import notice_words
from hearth.brokers.permissions import REGISTER, VIEW_BROKER, VIEW_COMMISSION
from hearth.brokers.selectors import conflicts_of
from hearth.brokers.services import object_to_refusal, register_customer
from hearth.brokers.services.conflicts import OPEN_TO_OBJECTION
from hearth.brokers.views.partners import BOTH
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown
from hearth.customers.models import Customer
from hearth.lists.pages import list_page
from hearth.properties.models import Project

Way = ChannelRegistration.Way


@requires(VIEW_BROKER)
def registrations(request: HttpRequest) -> HttpResponse:
    """What brokers have registered."""
    return list_page(request, REGISTRATIONS, "brokers/registrations.html")


@requires(REGISTER, methods=BOTH)
def new_registration(request: HttpRequest) -> HttpResponse:
    """Register a customer in the name of a broker who called."""
    actor = actor_of(request)
    projects = Project.objects.visible_to(actor).visible_with(actor, REGISTER)
    form = DeskForm(
        request.POST or None,
        actor=actor,
        projects=projects.select_related("org_unit").order_by("name", "id"),
    )
    if request.method == "POST" and form.is_valid():
        broker = form.cleaned_data["broker"]
        try:
            row = register_customer(broker, form.registration(Way.DESK), actor=actor, now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("brokers:registration", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "brokers/registration_new.html", {"form": form}, status=status)


def _registration_of(request: HttpRequest, registration_id: UUID) -> ChannelRegistration:
    rows = ChannelRegistration.objects.visible_to(actor_of(request))
    whole = rows.select_related("project__org_unit", "partner", "broker", "registered_by", "lead")
    return get_object_or_404(whole, pk=registration_id)


@requires(VIEW_BROKER)
def registration(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """One registration: how it stands and why, and the conflicts about it."""
    return _page(request, _registration_of(request, registration_id), ObjectionForm())


def _page(request: HttpRequest, row: ChannelRegistration, form: ObjectionForm) -> HttpResponse:
    actor = actor_of(request)
    tell_shown(request, row.customer_id)
    conflicts = conflicts_of(row)
    is_disputed = any(each.is_waiting for each in conflicts)
    may_object = row.because in OPEN_TO_OBJECTION and not is_disputed and actor.can(REGISTER, row.org_unit_id)
    customer = (
        Customer.objects.visible_to(actor).filter(pk=row.customer_id).first() if row.customer_id else None
    )
    context = {
        "row": row,
        "colour": STATE_COLOURS[row.state],
        "customer": customer,
        "notice": notice_words(
            row.notice_version, company=str(row.project.org_unit), project=row.project.name
        ),
        "conflicts": conflicts,
        "lines": lines_of_registration(row) if actor.can(VIEW_COMMISSION, row.org_unit_id) else [],
        "form": form if may_object else None,
    }
    status = REFUSED if form.errors else SUCCESS
    return page(request, "brokers/registration.html", context, status=status)


@requires(REGISTER, methods=("POST",))
def object_to(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """Object in the name of the broker to a registration that was found invalid."""
    row, form = _registration_of(request, registration_id), ObjectionForm(request.POST)
    if form.is_valid():
        try:
            found = object_to_refusal(row, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("brokers:conflict", args=[found.pk]))
    return _page(request, row, form)
