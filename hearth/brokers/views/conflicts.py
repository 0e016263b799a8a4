"""Pages of conflicts: both sides in time order, and the decision."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from hearth.brokers.forms import DecisionForm
from hearth.brokers.models import RegistrationConflict
from hearth.brokers.permissions import DECIDE_CONFLICT, VIEW_BROKER
from hearth.brokers.selectors import conflicts_for, lines_of, sides_of
from hearth.brokers.services import decide_conflict, is_party
from hearth.brokers.views.partners import BOTH
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown


@requires(VIEW_BROKER)
def conflicts(request: HttpRequest) -> HttpResponse:
    """The conflicts of the places one sees, those that wait first."""
    return page(request, "brokers/conflicts.html", {"conflicts": conflicts_for(actor_of(request))})


@requires(VIEW_BROKER, methods=BOTH)
def conflict(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    """One conflict: both sides in time order, and the decision."""
    actor = actor_of(request)
    rows = RegistrationConflict.objects.visible_to(actor).select_related(
        "project", "consultant", "opened_by", "decided_by", "awarded_to__broker", "awarded_to__partner"
    )
    row = get_object_or_404(rows, pk=conflict_id)
    tell_shown(request, row.customer_id)
    sides = list(sides_of(row))
    house = str(row.consultant or pgettext("registration conflict", "none of them"))
    form = DecisionForm(request.POST or None, sides=sides, house=house)
    if request.method == "POST" and form.is_valid():
        try:
            decide_conflict(row, **form.decision(), actor=actor, now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("brokers:conflict", args=[row.pk]))
    is_side = is_party(row, [side.registration for side in sides], actor)
    context = {
        "row": row,
        "sides": sides,
        "lines": lines_of(row, sides, actor),
        "form": form,
        "may_decide": row.is_waiting and not is_side and actor.can(DECIDE_CONFLICT, row.org_unit_id),
    }
    return page(request, "brokers/conflict.html", context, status=REFUSED if form.errors else SUCCESS)
