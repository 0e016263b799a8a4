"""The page of searches for duplicates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.htmx import go_to, page
from hearth.core.pages import keyset_page
from hearth.core.permissions import actor_of, requires
from hearth.customers.permissions import MERGE_CUSTOMER
from hearth.insight.models import DuplicateSearch
from hearth.insight.selectors.searches import latest_search, unfinished_search, weighings
from hearth.insight.services import start_search


@requires(MERGE_CUSTOMER)
def searches(request: HttpRequest) -> HttpResponse:
    """The searches so far, what the last one found and what it went by; renews itself while one runs."""
    found = keyset_page(
        DuplicateSearch.objects.all(), order="-created_at", cursor=request.GET.get("cursor", ""), limit=20
    )
    latest = latest_search()
    context = {
        "found": found,
        "latest": latest,
        "weighings": weighings(latest) if latest else [],
        "unfinished": unfinished_search(),
    }
    return page(request, "insight/duplicates.html", context, parts={"searches"})


@requires(MERGE_CUSTOMER, methods=("POST",))
def search(request: HttpRequest) -> HttpResponse:
    """Queue a search; with `whole` everybody is compared with everybody."""
    try:
        start_search(actor=actor_of(request), now=timezone.now(), is_whole="whole" in request.POST)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, gettext("Duplicates are being looked for."))
    return go_to(request, reverse("insight:duplicates"))
