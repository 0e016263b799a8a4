"""The desk: a buyer reads beside a colleague, who notes each confirmation with its proof."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.contract_texts.forms import DeskForm
from hearth.contract_texts.models import TextReading
from hearth.contract_texts.models.readings import How
from hearth.contract_texts.permissions import CHANGE_TEXT
from hearth.contract_texts.services import ClauseNotMarked, confirm_clause, confirm_reading, marked_in
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown

WHOLE = "whole"


@requires(CHANGE_TEXT, methods=("GET", "HEAD", "POST"))
def desk(request: HttpRequest, reading_id: UUID) -> HttpResponse:
    """Show the marked clauses to a buyer at the desk, and note what they confirm."""
    actor = actor_of(request)
    rows = TextReading.objects.visible_to(actor).visible_with(actor, CHANGE_TEXT).visible_buyers(actor)
    reading = get_object_or_404(rows.select_related("text__contract__unit", "customer"), pk=reading_id)
    tell_shown(request, reading.customer_id)
    form = DeskForm(request.POST or None)
    marked = marked_in(reading.text)
    if request.method == "POST" and form.is_valid():
        try:
            _confirm(reading, request.POST.get("clause", ""), form.cleaned_data["proof"], request)
        except DomainError as error:
            add_refusal(form, error)
        else:
            return go_to(request, reverse("contract_texts:desk", args=[reading.pk]))
    done = {row.clause_id: row for row in reading.confirmations.select_related("user")}
    context = {
        "reading": reading,
        "row": reading.text,
        "clauses": [(each, done.get(each.pk)) for each in marked],
        "left": len(marked) - len(done),
        "form": form,
        "is_over": not reading.text.is_current,
    }
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "contract_texts/desk.html", context, status=status)


def _confirm(reading: TextReading, meant: str, proof: str, request: HttpRequest) -> None:
    """Note the clause that was meant, or the whole."""
    actor, now = actor_of(request), timezone.now()
    if meant == WHOLE:
        confirm_reading(reading, how=How.DESK, proof=proof, actor=actor, now=now)
        return
    clause = next((each for each in marked_in(reading.text) if str(each.pk) == meant), None)
    if clause is None:
        raise ClauseNotMarked
    confirm_clause(reading, clause, how=How.DESK, proof=proof, actor=actor, now=now)
