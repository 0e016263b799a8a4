"""Where files are picked up from: the list, the form, looking now, and forgetting."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.imports.models import ImportSource
from hearth.imports.permissions import CHANGE_SOURCE
from hearth.imports.selectors import source_page
from hearth.imports.services.sources import delete_source, queue_pick_up, save_source
from hearth.imports.source_forms import SourceForm


def _source(request: HttpRequest, pk: UUID) -> ImportSource:
    rows = ImportSource.objects.visible_to(actor_of(request)).select_related("org_unit")
    return get_object_or_404(rows, pk=pk)


@requires(CHANGE_SOURCE)
def source_list(request: HttpRequest) -> HttpResponse:
    lines, next_cursor = source_page(actor_of(request), cursor=request.GET.get("cursor", ""))
    context = {"lines": lines, "next_cursor": next_cursor}
    return page(request, "imports/sources.html", context, parts=["source-list"])


@requires(CHANGE_SOURCE, methods=("GET", "HEAD", "POST"))
def new_source(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@requires(CHANGE_SOURCE, methods=("GET", "HEAD", "POST"))
def edit_source(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _edit(request, _source(request, pk))


def _edit(request: HttpRequest, source: ImportSource | None) -> HttpResponse:
    """Show the form or save what it says."""
    actor, refusal = actor_of(request), None
    form = SourceForm(request.POST if request.method == "POST" else None, actor=actor, source=source)
    if form.is_valid():
        try:
            save_source(
                form.plan(),
                org_unit=form.cleaned_data["place"],
                actor=actor,
                now=timezone.now(),
                source=source,
            )
        except DomainError as error:
            refusal = error
        else:
            return go_to(request, reverse("imports:sources"))
    context = {"form": form, "source": source, "refusal": refusal or ""}
    return page(request, "imports/source.html", context, status=REFUSED if form.is_bound else SUCCESS)


@requires(CHANGE_SOURCE, methods=("POST",))
def look_now(request: HttpRequest, pk: UUID) -> HttpResponse:
    queue_pick_up(_source(request, pk), actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("imports:sources"))


@requires(CHANGE_SOURCE, methods=("POST",))
def forget_source(request: HttpRequest, pk: UUID) -> HttpResponse:
    delete_source(_source(request, pk), actor=actor_of(request))
    return go_to(request, reverse("imports:sources"))
