"""The page of the sample data."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hearth.core.htmx import REFUSED, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.demo import jobs
from hearth.demo.forms import LoadForm
from hearth.demo.permissions import DEMO_MANAGE
from hearth.demo.progress import note_queued, read_progress
from hearth.demo.services import demo_status, has_customers, is_demo_loaded, list_demo_accounts
from hearth.demo.wording import kind_name


@requires(DEMO_MANAGE)
def status(request: HttpRequest) -> HttpResponse:
    """Show what is loaded, the planted stories and where to see them."""
    return _page(request, LoadForm())


@requires(DEMO_MANAGE)
def banner(request: HttpRequest) -> HttpResponse:
    """Give the banner while a sample is loaded, and nothing otherwise."""
    return render(request, "demo/banner.html") if is_demo_loaded() else HttpResponse()


@requires(DEMO_MANAGE, methods=("POST",))
def load(request: HttpRequest) -> HttpResponse:
    """Queue the loading."""
    form = LoadForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=REFUSED)
    user_id = actor_of(request).user_id or 0
    with transaction.atomic():
        note_queued("load")
        jobs.load.defer(user_id=user_id, **form.cleaned_data)
    return go_to(request, reverse("demo:status"))


@requires(DEMO_MANAGE, methods=("POST",))
def clear(request: HttpRequest) -> HttpResponse:
    """Queue the removal."""
    with transaction.atomic():
        note_queued("clear")
        jobs.clear.defer(user_id=actor_of(request).user_id or 0)
    messages.info(request, _("The sample data are being removed."))
    return go_to(request, reverse("demo:status"))


def _page(request: HttpRequest, form: LoadForm, *, status: int = 200) -> HttpResponse:
    found = demo_status()
    context = {
        "form": form,
        "status": found,
        "counts": [(kind_name(kind), number) for kind, number in found.counts.items()],
        "accounts": list_demo_accounts(),
        "has_customers": has_customers(),
        "progress": read_progress(),
    }
    return page(request, "demo/status.html", context, parts=("demo",), status=status)
