"""Pages of webhooks: which systems are told, and what was sent to them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from hearth.core.errors import DomainError, InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.webhooks.forms import EndpointForm, NewEndpointForm, ReplayForm
from hearth.webhooks.models import Delivery, Endpoint
from hearth.webhooks.permissions import MANAGE_WEBHOOK
from hearth.webhooks.selectors import count_unsettled, list_deliveries, list_endpoints
from hearth.webhooks.services.endpoints import (
    change_endpoint,
    create_endpoint,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
)
from hearth.webhooks.services.replaying import replay_delivery, replay_range, try_endpoint

BOTH = ("GET", "HEAD", "POST")
NEW_SECRET = "webhooks.new_secret"  # noqa: S105  (a key of the session)


@requires(MANAGE_WEBHOOK)
def endpoints(request: HttpRequest) -> HttpResponse:
    """The systems that are told of events."""
    found = list_endpoints(actor_of(request), cursor=request.GET.get("cursor", ""))
    return page(request, "webhooks/endpoints.html", {"found": found}, parts={"endpoints"})


@requires(MANAGE_WEBHOOK, methods=BOTH)
def new(request: HttpRequest) -> HttpResponse:
    """Have events sent to one more system; the next page shows the secret once."""
    form = NewEndpointForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = create_endpoint(**form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            request.session[NEW_SECRET] = [str(made.pk), secret]
            return go_to(request, reverse("webhooks:endpoint", args=[made.pk]))
    return _form_page(request, form, None)


@requires(MANAGE_WEBHOOK)
def endpoint(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """One system: how it does, and the log of what was sent."""
    return _endpoint_page(request, _endpoint(request, endpoint_id), ReplayForm())


@requires(MANAGE_WEBHOOK, methods=BOTH)
def change(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Change where events go and which."""
    row = _endpoint(request, endpoint_id)
    initial = {"name": row.name, "url": row.url, "types": row.types, "is_full": row.is_full}
    form = EndpointForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_endpoint(row, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, gettext("Saved."))
            return go_to(request, reverse("webhooks:endpoint", args=[row.pk]))
    return _form_page(request, form, row)


@requires(MANAGE_WEBHOOK, methods=("POST",))
def pause(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Stop sending for now."""
    row = pause_endpoint(_endpoint(request, endpoint_id), actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("webhooks:endpoint", args=[row.pk]))


@requires(MANAGE_WEBHOOK, methods=("POST",))
def resume(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Go on sending where it stopped."""
    row = resume_endpoint(_endpoint(request, endpoint_id), actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("webhooks:endpoint", args=[row.pk]))


@requires(MANAGE_WEBHOOK, methods=("POST",))
def remove(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Send nothing there any more."""
    remove_endpoint(_endpoint(request, endpoint_id), actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("The webhook is removed."))
    return go_to(request, reverse("webhooks:endpoints"))


@requires(MANAGE_WEBHOOK, methods=("POST",))
def rotate(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Make a new secret, shown once; the old one signs beside it for a day."""
    row = _endpoint(request, endpoint_id)
    secret = rotate_secret(row, actor=actor_of(request), now=timezone.now())
    request.session[NEW_SECRET] = [str(row.pk), secret]
    return go_to(request, reverse("webhooks:endpoint", args=[row.pk]))


@requires(MANAGE_WEBHOOK, methods=("POST",))
def try_out(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Send one event that means nothing."""
    row = _endpoint(request, endpoint_id)
    try:
        try_endpoint(row, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, gettext("A test event is on its way."))
    return go_to(request, reverse("webhooks:endpoint", args=[row.pk]))


@requires(MANAGE_WEBHOOK, methods=("POST",))
def replay(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Send the events of some days again."""
    row, form = _endpoint(request, endpoint_id), ReplayForm(request.POST)
    if not form.is_valid():
        return _endpoint_page(request, row, form, status=REFUSED)
    try:
        number = replay_range(row, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        form.add_error("until", str(refusal))
        return _endpoint_page(request, row, form, status=REFUSED)
    told = ngettext("%(number)s event is sent again.", "%(number)s events are sent again.", number)
    messages.success(request, told % {"number": number})
    return go_to(request, reverse("webhooks:endpoint", args=[row.pk]))


@requires(MANAGE_WEBHOOK, methods=("POST",))
def replay_one(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Send one event again."""
    visible = Endpoint.objects.visible_to(actor_of(request))
    row = get_object_or_404(
        Delivery.objects.select_related("endpoint").filter(endpoint__in=visible), pk=delivery_id
    )
    replay_delivery(row, actor=actor_of(request), now=timezone.now())
    messages.success(request, gettext("The event is sent again."))
    return go_to(request, reverse("webhooks:endpoint", args=[row.endpoint_id]))


def _endpoint(request: HttpRequest, endpoint_id: UUID) -> Endpoint:
    visible = Endpoint.objects.visible_to(actor_of(request)).select_related("org_unit", "owner")
    return get_object_or_404(visible, pk=endpoint_id)


def _form_page(request: HttpRequest, form: Form, row: Endpoint | None) -> HttpResponse:
    status = REFUSED if form.errors else SUCCESS
    return page(request, "webhooks/edit.html", {"form": form, "endpoint": row}, status=status)


def _endpoint_page(request: HttpRequest, row: Endpoint, form: Form, *, status: int = SUCCESS) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in Delivery.State.values else ""
    found = list_deliveries(row, state=state, cursor=request.GET.get("cursor", ""))
    counts = count_unsettled(row)
    context: dict[str, Any] = {
        "endpoint": row,
        "found": found,
        "state": state,
        "states": [(code, label, counts.get(str(code), 0)) for code, label in Delivery.State.choices],
        "replay_form": form,
        "new_secret": _new_secret(request, row),
    }
    return page(request, "webhooks/endpoint.html", context, parts={"deliveries"}, status=status)


def _new_secret(request: HttpRequest, row: Endpoint) -> str:
    """Take the secret that was just made out of the session, so that it is shown once."""
    kept = request.session.get(NEW_SECRET)
    if request.method != "GET" or not kept or kept[0] != str(row.pk):
        return ""
    del request.session[NEW_SECRET]
    return str(kept[1])
