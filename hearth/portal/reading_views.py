"""A buyer reads the text of their contract on their own phone, and confirms it clause by clause."""

from datetime import datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from hearth.contract_texts.links import reading_of
from hearth.contract_texts.models import ContractText, TextReading
from hearth.contract_texts.models.readings import How
from hearth.contract_texts.selectors import clause_lines
from hearth.contract_texts.services import (
    ClauseNotMarked,
    clauses_of,
    confirm_clause,
    confirm_reading,
    open_reading,
    print_text,
)
from hearth.core.addresses import client_address
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS
from hearth.core.permissions import public
from hearth.core.rates import count_request
from hearth.core.signed_links import LinkNotGood
from hearth.portal.reader import READER, as_customer

GONE = 410
TRIES_A_MINUTE = 60
WHOLE = "whole"


@never_cache
@public(methods=("GET", "HEAD", "POST"))
@as_customer
def reading(request: HttpRequest, token: str) -> HttpResponse:
    """Show the text, and note what its buyer confirms."""
    now = timezone.now()
    try:
        row = _reading(request, token, now)
    except LinkNotGood:
        return render(request, "portal/reading.html", {"is_old": True}, status=GONE)
    if ended := _ended(row.text):
        return render(request, "portal/reading.html", ended, status=GONE)
    refusal, meant = "", request.POST.get("clause", "")
    if request.method == "POST":
        try:
            _confirm(row, meant, now)
        except DomainError as error:
            refusal = str(error)
        else:
            where = "" if meant == WHOLE else f"#clause-{meant}"
            return redirect(f"{reverse('portal:reading', args=[token])}{where}")
    elif request.method == "GET":
        open_reading(row, now=now)
    return _page(request, row, token, refusal)


def _reading(request: HttpRequest, token: str, now: datetime) -> TextReading:
    """Return for which reading a link is; links that are not good are counted, since many of them are guesses.

    :raises LinkNotGood: if it is not ours, or too old
    :raises Http404: if there were too many of those, or what it was for is gone
    """
    try:
        reading_id = reading_of(token, now=now)
    except LinkNotGood:
        caller = f"reading:{client_address(request)}"[:80]
        if count_request(caller, quota=TRIES_A_MINUTE, now=now).is_exceeded:
            raise Http404 from None
        raise
    rows = TextReading.objects.select_related("customer", "text__contract__unit", "text__org_unit")
    return get_object_or_404(rows, pk=reading_id)


def _ended(text: ContractText) -> dict[str, bool]:
    """Say why there is nothing to read any more, if so."""
    if not text.contract.is_live:
        return {"is_ended": True}
    return {} if text.is_current else {"is_replaced": True}


def _confirm(row: TextReading, meant: str, now: datetime) -> None:
    """Note the clause that was meant, or the whole."""
    if meant == WHOLE:
        confirm_reading(row, how=How.PHONE, actor=READER, now=now)
        return
    clause = next((each for each in clauses_of(row.text) if str(each.pk) == meant), None)
    if clause is None:
        raise ClauseNotMarked
    confirm_clause(row, clause, how=How.PHONE, actor=READER, now=now)


def _page(request: HttpRequest, row: TextReading, token: str, refusal: str) -> HttpResponse:
    done = dict(row.confirmations.values_list("clause_id", "created_at"))
    lines = [line for line in clause_lines(clauses_of(row.text)) if line.number]
    marked = [line.clause for line in lines if line.clause.is_confirmed_singly]
    context = {
        "reading": row,
        "text": row.text,
        "token": token,
        "lines": [(line, done.get(line.clause.pk)) for line in lines],
        "marked": len(marked),
        "next": next((clause for clause in marked if clause.pk not in done), None),
        "done": len(done),
        "refusal": refusal,
    }
    return render(request, "portal/reading.html", context, status=REFUSED if refusal else SUCCESS)


@never_cache
@public()
@as_customer
def reading_pdf(request: HttpRequest, token: str) -> HttpResponseBase:
    """Give the buyer the text on paper, as long as their link is good."""
    now = timezone.now()
    try:
        row = _reading(request, token, now)
    except LinkNotGood as error:
        raise Http404 from error
    if _ended(row.text):
        raise Http404
    try:
        kept = print_text(row.text, now=now)
    except DomainError as refusal:
        return render(request, "portal/reading.html", {"no_print": refusal}, status=GONE)
    return FileResponse(
        kept.file.open("rb"), as_attachment=True, filename=kept.name, content_type="application/pdf"
    )
