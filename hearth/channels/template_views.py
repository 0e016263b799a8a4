"""Pages on which the text templates of places are kept."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.channels.forms import TemplateForm
from hearth.channels.models import TextTemplate
from hearth.channels.permissions import CHANGE_TEMPLATE
from hearth.channels.services.templates import add_template, change_template
from hearth.channels.templating import SIGNS
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.organization.models import OrgUnit, OrgUnitQuerySet

BOTH = ("GET", "HEAD", "POST")


@requires(CHANGE_TEMPLATE)
def templates(request: HttpRequest) -> HttpResponse:
    """All templates one may change, by place."""
    rows = TextTemplate.objects.visible_to(actor_of(request)).select_related("org_unit")
    context = {"templates": rows.order_by("org_unit__path", "name")}
    return page(request, "channels/templates.html", context)


@requires(CHANGE_TEMPLATE, methods=BOTH)
def new_template(request: HttpRequest) -> HttpResponse:
    """Write a template for a place."""
    form = TemplateForm(request.POST or None, places=_places(actor_of(request)))
    return _kept_or_shown(request, form)


@requires(CHANGE_TEMPLATE, methods=BOTH)
def template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Change a template, or put it out of use."""
    row = get_object_or_404(TextTemplate.objects.visible_to(actor_of(request)), pk=template_id)
    form = TemplateForm(request.POST or None, places=_places(actor_of(request)), template=row)
    return _kept_or_shown(request, form, row)


def _kept_or_shown(request: HttpRequest, form: TemplateForm, row: TextTemplate | None = None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            _keep(form, row, actor_of(request))
        except InvalidInput as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, gettext("The template is kept."))
            return go_to(request, reverse("channels:templates"))
    status = REFUSED if request.method == "POST" else SUCCESS
    context = {"form": form, "template": row, "signs": SIGNS.items()}
    return page(request, "channels/template.html", context, status=status)


def _keep(form: TemplateForm, row: TextTemplate | None, actor: Actor) -> None:
    now = timezone.now()
    if row is None:
        add_template(form.text(), org_unit=form.cleaned_data["org_unit"], actor=actor, now=now)
    else:
        change_template(row, form.text(), actor=actor, now=now)


def _places(actor: Actor) -> OrgUnitQuerySet:
    return OrgUnit.objects.visible_with(actor, CHANGE_TEMPLATE).filter(is_active=True).in_tree_order()
