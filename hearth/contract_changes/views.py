"""Pages of changes of contracts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from hearth.contract_changes.forms import ChangeForm, CommentForm
from hearth.contract_changes.kinds import kinds
from hearth.contract_changes.lists import CHANGES, STATE_COLOURS
from hearth.contract_changes.models import ApprovalStep, ChangeRequest
from hearth.contract_changes.permissions import APPROVE_CHANGE, ASK_CHANGE, VIEW_CHANGE
from hearth.contract_changes.selectors import changes_of, label_of, steps_of
from hearth.contract_changes.services import (
    approve_change,
    ask_change,
    carry_out_change,
    may_decide,
    refuse_change,
    withdraw_change,
)
from hearth.contract_changes.services.steps import url_of
from hearth.contract_changes.words import lines_of
from hearth.core.errors import DomainError
from hearth.core.forms import refusal_of
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown
from hearth.lists.pages import list_page
from hearth.sales.models import Contract
from hearth.sales.permissions import CHANGE_CONTRACT

BOTH = ("GET", "HEAD", "POST")
STEP_COLOURS = {"waiting": "orange", "approved": "green", "refused": "red"}
WITH_HOME = (
    "contract__customer",
    "contract__unit__project",
    "contract__unit__building",
    "contract__unit__entrance",
)


@requires(VIEW_CHANGE)
def requests(request: HttpRequest) -> HttpResponse:
    """The list of changes."""
    return list_page(request, CHANGES, "lists/list.html")


def _request_of(request: HttpRequest, request_id: UUID) -> ChangeRequest:
    """Return a change that the actor may see, else answer 404."""
    rows = ChangeRequest.objects.visible_to(actor_of(request))
    whole = rows.select_related("org_unit", "author", "carried_out_by", "new_contract", *WITH_HOME)
    return get_object_or_404(whole, pk=request_id)


@requires(VIEW_CHANGE)
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One change: before and after, the money, the chain of approval, and what can be done."""
    row = _request_of(request, request_id)
    tell_shown(request, row.customer_id or row.contract.customer_id)
    return _show(request, row)


def _show(
    request: HttpRequest, row: ChangeRequest, *, form: CommentForm | None = None, refusal: str = ""
) -> HttpResponse:
    actor, steps = actor_of(request), steps_of(row)
    may_ask = actor.can(ASK_CHANGE, row.org_unit_id)
    may_carry_out = may_ask and actor.can(CHANGE_CONTRACT, row.org_unit_id)
    is_stale = row.is_open and (not row.contract.is_live or row.contract.version != row.asked_version)
    context = {
        "row": row,
        "label": label_of(row),
        "colour": STATE_COLOURS.get(row.state, "secondary"),
        "lines": lines_of(row, actor),
        "steps": [(step, STEP_COLOURS.get(step.state, "secondary")) for step in steps],
        "is_stale": is_stale,
        "may_decide": may_decide(row, steps, actor),
        "may_withdraw": row.is_open and may_ask,
        "may_carry_out": row.state == ChangeRequest.State.APPROVED and may_carry_out and not is_stale,
        "form": form or CommentForm(),
        "refusal": refusal,
        "waiting": next((step for step in steps if step.state == ApprovalStep.State.WAITING), None),
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "contract_changes/request.html", context, status=status)


def _act(
    request: HttpRequest,
    row: ChangeRequest,
    act: Callable[..., Any],
    said: str,
    form: CommentForm | None = None,
) -> HttpResponse:
    """Do what was asked for and show the page again, with the refusal where it belongs."""
    refusal = refusal_of(lambda: act(row, actor=actor_of(request), now=timezone.now()), form)
    if refusal is not None:
        return _show(request, _request_of(request, row.pk), form=form, refusal=refusal)
    messages.success(request, said)
    return go_to(request, url_of(row))


def _decide(request: HttpRequest, request_id: UUID, act: Callable[..., Any], said: str) -> HttpResponse:
    row, form = _request_of(request, request_id), CommentForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form=form)
    comment = form.cleaned_data["comment"]
    return _act(request, row, lambda row, **by: act(row, comment=comment, **by), said, form)


@requires(APPROVE_CHANGE, methods=("POST",))
def approve(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Approve the step that waits."""
    said = pgettext("change of a contract", "Your step is approved.")
    return _decide(request, request_id, approve_change, said)


@requires(APPROVE_CHANGE, methods=("POST",))
def refuse(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Refuse a change."""
    said = pgettext("change of a contract", "The change is refused.")
    return _decide(request, request_id, refuse_change, said)


@requires(ASK_CHANGE, methods=("POST",))
def withdraw(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take a change back."""
    said = pgettext("change of a contract", "The request is withdrawn.")
    return _act(request, _request_of(request, request_id), withdraw_change, said)


@requires(ASK_CHANGE, methods=("POST",))
def carry_out(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Carry out what was approved."""
    said = pgettext("change of a contract", "The change is carried out.")
    return _act(request, _request_of(request, request_id), carry_out_change, said)


@requires(VIEW_CHANGE)
def of_contract(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """A card on the page of a contract: its changes, and those that may be asked for."""
    actor = actor_of(request)
    contract = get_object_or_404(Contract.objects.visible_to(actor), pk=contract_id)
    rows = [
        (row, label_of(row), STATE_COLOURS.get(row.state, "secondary")) for row in changes_of(contract, actor)
    ]
    is_free = contract.is_live and not any(row.is_open for row, _label, _colour in rows)
    may_ask = is_free and actor.can(ASK_CHANGE, contract.org_unit_id)
    context = {"contract": contract, "rows": rows, "kinds": kinds.values() if may_ask else []}
    return page(request, "contract_changes/of_contract.html", context)


@requires(ASK_CHANGE, methods=BOTH)
def ask(request: HttpRequest, contract_id: UUID, kind: str) -> HttpResponse:
    """Ask for a change of one kind."""
    if kind not in kinds:
        raise Http404
    actor, chosen = actor_of(request), kinds[kind]
    contracts = Contract.objects.visible_to(actor).visible_with(actor, ASK_CHANGE)
    whole = contracts.select_related("customer", "unit__project", "unit__building", "unit__entrance")
    contract = get_object_or_404(whole, pk=contract_id)
    form = ChangeForm(request.POST or None, kind=chosen, contract=contract, actor=actor)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            row = ask_change(contract, kind, form.wanted(), reason=reason, actor=actor, now=timezone.now())
        except DomainError as refusal:
            form.add_error(form.field_of(getattr(refusal, "field", "")), str(refusal))
        else:
            messages.success(request, gettext("The change is asked for."))
            return go_to(request, url_of(row))
    context = {"contract": contract, "kind": chosen, "form": form}
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "contract_changes/ask.html", context, status=status)
