"""Pages of custom fields: which there are, and their values on a record."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, page
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.core.shown import tell_shown
from hearth.custom_fields.forms import DefinitionForm, ValuesForm
from hearth.custom_fields.importing import PREFIX
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.objects import CustomObject, custom_objects
from hearth.custom_fields.permissions import DEFINE_FIELD
from hearth.custom_fields.selectors import values_of
from hearth.custom_fields.services import change_field, define_field, set_custom_values
from hearth.organization.models import OrgUnit, OrgUnitQuerySet

BOTH = ("GET", "HEAD", "POST")


@requires(DEFINE_FIELD)
def definitions(request: HttpRequest) -> HttpResponse:
    """All fields that may be changed, by object."""
    places = _places(actor_of(request))
    rows = FieldDefinition.objects.filter(org_unit__in=places).select_related("org_unit").in_order()
    by_object: dict[str, list[FieldDefinition]] = {code: [] for code in custom_objects}
    for row in rows:
        by_object.setdefault(row.object_code, []).append(row)
    groups = [(described, by_object[code]) for code, described in custom_objects.items()]
    return page(request, "custom_fields/definitions.html", {"groups": groups})


@requires(DEFINE_FIELD, methods=BOTH)
def define(request: HttpRequest) -> HttpResponse:
    """Give an object one more field."""
    actor = actor_of(request)
    form = DefinitionForm(request.POST or None, places=_places(actor))
    if request.method == "POST" and form.is_valid():
        place, code = form.cleaned_data["org_unit"], form.cleaned_data["object_code"]
        try:
            define_field(code, form.stated(), org_unit=place, actor=actor, now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The field is defined."))
            return redirect("custom_fields:definitions")
    return _definition_page(request, form)


@requires(DEFINE_FIELD, methods=BOTH)
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the definition of a field."""
    actor = actor_of(request)
    rows = FieldDefinition.objects.filter(org_unit__in=_places(actor)).select_related("org_unit")
    definition = get_object_or_404(rows, pk=pk)
    form = DefinitionForm(request.POST or None, places=_places(actor), definition=definition)
    if request.method == "POST" and form.is_valid():
        try:
            change_field(definition, form.stated(definition), actor=actor, now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The change is kept."))
            return redirect("custom_fields:definitions")
    return _definition_page(request, form, definition)


@requires(SIGNED_IN)
def card(request: HttpRequest, object_code: str, record_id: UUID) -> HttpResponse:
    """The custom fields of a record, as a part of its page."""
    described, record = _record(request, object_code, record_id)
    values = values_of(described, record, actor_of(request))
    context = {"described": described, "record": record, "values": values, "prefix": PREFIX}
    return page(request, "custom_fields/card.html", context)


@requires(SIGNED_IN, methods=BOTH)
def values(request: HttpRequest, object_code: str, record_id: UUID) -> HttpResponse:
    """Change the custom fields of a record."""
    actor = actor_of(request)
    described, record = _record(request, object_code, record_id)
    tell_shown(request, described.about(record).get("customer_id"))
    shown = values_of(described, record, actor)
    form = ValuesForm(request.POST or None, values=[each for each in shown if each.may_change])
    if request.method == "POST" and form.is_valid():
        try:
            set_custom_values(described, record, form.cleaned_data, actor=actor, now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The change is kept."))
            return redirect(reverse(described.url_name, args=[record.pk]))
    context = {
        "described": described,
        "record": record,
        "form": form,
        "read_only": [each for each in shown if not each.may_change],
    }
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "custom_fields/values.html", context, status=status)


def _record(request: HttpRequest, object_code: str, record_id: UUID) -> tuple[CustomObject, Any]:
    """Return the object and the record; the right to see the object is asked here, since it depends on it."""
    actor, described = actor_of(request), custom_objects.get(object_code)
    if described is None:
        raise Http404
    actor.require(described.view_permission)
    return described, get_object_or_404(described.rows(actor), pk=record_id)


def _places(actor: Actor) -> OrgUnitQuerySet:
    return OrgUnit.objects.visible_with(actor, DEFINE_FIELD).in_tree_order()


def _definition_page(
    request: HttpRequest, form: DefinitionForm, definition: FieldDefinition | None = None
) -> HttpResponse:
    context = {"form": form, "definition": definition}
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "custom_fields/definition.html", context, status=status)
