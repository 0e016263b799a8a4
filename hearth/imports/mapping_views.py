"""Remembered mappings: the list, the correction, and forgetting."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.imports.forms import read_mapping
from hearth.imports.kinds import import_kinds
from hearth.imports.models import RememberedMapping
from hearth.imports.permissions import RUN_IMPORT
from hearth.imports.selectors import mapped_fields_of, mapping_page
from hearth.imports.services import change_remembered, forget_mapping
from hearth.imports.services.steps import kind_of


def _remembered(request: HttpRequest, pk: UUID) -> RememberedMapping:
    """Return a mapping; whoever may not change its kind at its place does not see it."""
    actor = actor_of(request)
    rows = RememberedMapping.objects.visible_to(actor).select_related("org_unit", "changed_by")
    found = get_object_or_404(rows, pk=pk)
    kind = import_kinds.get(found.kind)
    if kind is None or not actor.can(kind.permission, found.org_unit_id):
        raise Http404
    return found


@requires(RUN_IMPORT)
def mapping_list(request: HttpRequest) -> HttpResponse:
    lines, next_cursor = mapping_page(actor_of(request), cursor=request.GET.get("cursor", ""))
    context = {"lines": lines, "next_cursor": next_cursor}
    return page(request, "imports/mappings.html", context, parts=["mapping-list"])


@requires(RUN_IMPORT, methods=("GET", "HEAD", "POST"))
def mapping_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = _remembered(request, pk)
    kind, refusal = kind_of(found.kind), None
    if request.method == "POST":
        options = {option.name: f"option-{option.name}" in request.POST for option in kind.options}
        try:
            change_remembered(
                found, read_mapping(request.POST, kind), options, actor=actor_of(request), now=timezone.now()
            )
        except DomainError as error:
            refusal = error
        else:
            return go_to(request, reverse("imports:mappings"))
    context = {
        "remembered": found,
        "kind": kind,
        "fields": mapped_fields_of(found.mapping, {column: [] for column in found.columns}, kind),
        "columns": found.columns,
        "options": [(option, found.options.get(option.name, option.default)) for option in kind.options],
        "refusal": refusal,
    }
    return page(request, "imports/mapping.html", context, status=REFUSED if refusal else SUCCESS)


@requires(RUN_IMPORT, methods=("POST",))
def mapping_forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    forget_mapping(_remembered(request, pk), actor=actor_of(request))
    return go_to(request, reverse("imports:mappings"))
