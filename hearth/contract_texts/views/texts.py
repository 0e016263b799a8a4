"""Pages of the texts of contracts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, pgettext

from hearth.contract_texts.facts import facts_of
from hearth.contract_texts.forms import AddedClauseForm, BackForm, SignForm, TextClauseForm
from hearth.contract_texts.lists import STATE_COLOURS, TEXTS
from hearth.contract_texts.models import ContractText, TextClause
from hearth.contract_texts.models.templates import TextKind
from hearth.contract_texts.permissions import APPROVE_TEXT, CHANGE_TEXT, VIEW_TEXT
from hearth.contract_texts.selectors import clause_lines, reading_lines, texts_of
from hearth.contract_texts.services import (
    OF_TEXTS,
    add_text_clause,
    approve_text,
    clauses_of,
    contract_of,
    draft_text,
    findings_of,
    give_text,
    print_draft,
    print_text,
    return_text,
    sign_text,
    submit_text,
    write_text_clause,
)
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal, refusal_of, shown_form
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown
from hearth.lists.pages import list_page
from hearth.sales.models import Contract

BOTH = ("GET", "HEAD", "POST")
State = ContractText.State
PDF = "application/pdf"


@requires(VIEW_TEXT)
def text_list(request: HttpRequest) -> HttpResponse:
    """The versions of all texts."""
    return list_page(request, TEXTS, "contract_texts/texts.html")


def _text_of(request: HttpRequest, text_id: UUID) -> ContractText:
    """Return a text that the actor may see, else answer 404."""
    rows = ContractText.objects.visible_to(actor_of(request))
    whole = rows.select_related(
        "org_unit", "template", "author", "editor", "approved_by", "given_by", "signed_by", "contract__unit"
    )
    return get_object_or_404(whole, pk=text_id)


@requires(VIEW_TEXT)
def text(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """One version: its clauses with what is not right, who reads it, and what is done next."""
    return _text_page(request, _text_of(request, text_id))


def _text_page(
    request: HttpRequest, row: ContractText, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    contract, clauses = contract_of(row), clauses_of(row)
    tell_shown(request, contract.customer_id)
    findings = (
        findings_of(row, clauses, facts_of(contract)) if row.is_open or row.state == State.SIGNED else []
    )
    may_change = contract.is_live and actor.can(CHANGE_TEXT, row.org_unit_id)
    in_the_way = [each for each in findings if not (row.state != State.DRAFT and each.can_be_approved)]
    context = {
        "row": row,
        "contract": contract,
        "colour": STATE_COLOURS.get(row.state, "secondary"),
        "lines": clause_lines(clauses, findings),
        "of_all": [each for each in findings if each.clause is None],
        "findings": len(findings),
        "marked": sum(each.is_confirmed_singly and not each.is_left_out for each in clauses),
        "readings": reading_lines(row, actor, gives_links=may_change and row.state == State.GIVEN, now=now),
        "versions": ContractText.objects.visible_to(actor)
        .filter(contract=row.contract_id, kind=row.kind)
        .order_by("-version"),
        "may_change": may_change,
        "is_written": may_change and row.state == State.DRAFT,
        "may_submit": may_change
        and row.state == State.DRAFT
        and bool(findings)
        and all(each.can_be_approved for each in findings),
        "may_give": may_change and row.state in (State.DRAFT, State.APPROVED) and not in_the_way,
        "may_sign": may_change and row.state == State.GIVEN,
        "may_decide": OF_TEXTS.may_decide(row, actor),
        "refusal": refusal,
        "return_form": shown_form(form, BackForm, BackForm),
        "sign_form": shown_form(
            form, SignForm, lambda: SignForm(initial={"signed_date": timezone.localdate()})
        ),
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "contract_texts/text.html", context, status=status)


def _act(
    request: HttpRequest,
    text_id: UUID,
    act: Callable[..., Any],
    said: str,
    form: forms.Form | None = None,
) -> HttpResponse:
    """Do what was asked for and show the page again, with the refusal beside the field it speaks of."""
    row = _text_of(request, text_id)
    if form is not None and not form.is_valid():
        return _text_page(request, row, form=form)
    given = form.cleaned_data if form is not None else {}
    refusal = refusal_of(lambda: act(row, **given, actor=actor_of(request), now=timezone.now()), form)
    if refusal is not None:
        return _text_page(request, _text_of(request, text_id), form=form, refusal=refusal)
    messages.success(request, said)
    return go_to(request, reverse("contract_texts:text", args=[text_id]))


@requires(CHANGE_TEXT, methods=("POST",))
def submit(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """Hand what departs to the second person."""
    return _act(
        request, text_id, submit_text, pgettext("text of a contract", "It waits for the second person.")
    )


@requires(APPROVE_TEXT, methods=("POST",))
def approve(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """Approve what departs."""
    return _act(
        request, text_id, approve_text, pgettext("text of a contract", "The departures are approved.")
    )


@requires(APPROVE_TEXT, methods=("POST",))
def send_back(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """Send a text back, with the reason."""
    said = pgettext("text of a contract", "It is sent back.")
    return _act(request, text_id, return_text, said, BackForm(request.POST))


@requires(CHANGE_TEXT, methods=("POST",))
def give(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """Lay a text before its buyers."""
    said = pgettext("text of a contract", "It lies before the buyers. Give each their link, or the desk.")
    return _act(request, text_id, give_text, said)


@requires(CHANGE_TEXT, methods=("POST",))
def sign(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """Note that a text was signed."""
    said = pgettext("text of a contract", "It is noted as signed.")
    return _act(request, text_id, sign_text, said, SignForm(request.POST))


@requires(CHANGE_TEXT, methods=BOTH)
def clause(request: HttpRequest, clause_id: UUID) -> HttpResponse:
    """Change a clause of a draft, or leave it out."""
    rows = TextClause.objects.visible_to(actor_of(request)).select_related("origin")
    found = get_object_or_404(rows, pk=clause_id)
    row = _text_of(request, found.text_id)
    tell_shown(request, row.contract.customer_id)
    form = TextClauseForm(request.POST) if request.method == "POST" else TextClauseForm.showing(found)
    return _clause_page(
        request, row, form, lambda **by: write_text_clause(found, form.written(), **by), found
    )


@requires(CHANGE_TEXT, methods=BOTH)
def add_clause(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """Add a clause that the template does not have."""
    row, form = _text_of(request, text_id), AddedClauseForm(request.POST or None)
    return _clause_page(request, row, form, lambda **by: add_text_clause(row, form.written(), **by))


def _clause_page(
    request: HttpRequest,
    row: ContractText,
    form: forms.Form,
    act: Callable[..., Any],
    clause: TextClause | None = None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act(actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("contract_texts:text", args=[row.pk]))
    context = {"row": row, "form": form, "clause": clause}
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "contract_texts/text_clause.html", context, status=status)


@requires(VIEW_TEXT)
def pdf(request: HttpRequest, text_id: UUID) -> HttpResponseBase:
    """Give a text on paper: what was given once always as the same file, a draft marked as one."""
    row, now = _text_of(request, text_id), timezone.now()
    tell_shown(request, row.contract.customer_id)
    try:
        if not row.is_frozen:
            return _draft_pdf(row, print_draft(row, now=now))
        kept = print_text(row, now=now)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return go_to(request, reverse("contract_texts:text", args=[row.pk]))
    return FileResponse(kept.file.open("rb"), as_attachment=True, filename=kept.name, content_type=PDF)


def _draft_pdf(row: ContractText, made: bytes) -> HttpResponse:
    answer = HttpResponse(made, content_type=PDF)
    answer.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{row.contract.number}-V{row.version}.pdf"
    )
    return answer


@requires(VIEW_TEXT)
def of_contract(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """A card on the page of a contract: the versions of its text and of its supplements."""
    actor = actor_of(request)
    contract = get_object_or_404(Contract.objects.visible_to(actor), pk=contract_id)
    rows = [(row, STATE_COLOURS.get(row.state, "secondary")) for row in texts_of(contract, actor)]
    may_draft = contract.is_live and actor.can(CHANGE_TEXT, contract.org_unit_id)
    is_signed = any(row.kind == TextKind.CONTRACT and row.state == State.SIGNED for row, _colour in rows)
    context = {"contract": contract, "rows": rows, "may_draft": may_draft, "is_signed": is_signed}
    return page(request, "contract_texts/of_contract.html", context)


@requires(CHANGE_TEXT, methods=("POST",))
def draft(request: HttpRequest, contract_id: UUID, kind: str) -> HttpResponse:
    """Draft the next version of a text."""
    if kind not in TextKind.values:
        raise Http404
    actor = actor_of(request)
    contract = get_object_or_404(Contract.objects.visible_with(actor, CHANGE_TEXT), pk=contract_id)
    try:
        row = draft_text(contract, kind=kind, actor=actor, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return go_to(request, reverse("sales:contract", args=[contract.pk]))
    messages.success(request, gettext("Drafted from the template in force."))
    return go_to(request, reverse("contract_texts:text", args=[row.pk]))
