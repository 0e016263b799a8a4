"""Pages of rules of commission and of sheets."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.brokers.commission_forms import PaymentForm, ReturnForm, RuleForm
from hearth.brokers.commission_lists import RULES, SETTLEMENTS, STATE_COLOURS
from hearth.brokers.commission_selectors import lines_on, sheet_lines
from hearth.brokers.models import CommissionRule, CommissionSheet, Partner
from hearth.brokers.permissions import APPROVE_SETTLEMENT as APPROVE
from hearth.brokers.permissions import CHANGE_COMMISSION, SETTLE, VIEW_COMMISSION
from hearth.brokers.services import (
    approve_settlement,
    gather_again,
    make_settlement,
    may_approve,
    pay_settlement,
    return_settlement,
    submit_settlement,
    write_rule,
)
from hearth.brokers.views.partners import BOTH
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.lists.pages import list_page

State = CommissionSheet.State


@requires(VIEW_COMMISSION)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules of commission, in versions."""
    return list_page(request, RULES, "brokers/rules.html")


@requires(CHANGE_COMMISSION, methods=BOTH)
def new_rule(request: HttpRequest) -> HttpResponse:
    """Write the next version of a rule."""
    form = RuleForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        project = form.cleaned_data["project"]
        try:
            row = write_rule(project, form.rule(), actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("brokers:rule", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "brokers/rule_new.html", {"form": form}, status=status)


@requires(VIEW_COMMISSION)
def rule(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """One version of a rule, and what was earned by it."""
    rows = CommissionRule.objects.visible_to(actor_of(request)).select_related(
        "project", "partner", "org_unit", "author"
    )
    row = get_object_or_404(rows.prefetch_related("steps"), pk=rule_id)
    return page(request, "brokers/rule.html", {"row": row, "lines": lines_on(row)})


@requires(VIEW_COMMISSION)
def settlements(request: HttpRequest) -> HttpResponse:
    """The sheets of the places one sees."""
    return list_page(request, SETTLEMENTS, "brokers/settlements.html")


@requires(SETTLE, methods=("POST",))
def new_settlement(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Make a sheet of what is payable to a partner."""
    partner = get_object_or_404(Partner.objects.visible_with(actor_of(request), SETTLE), pk=partner_id)
    try:
        row = make_settlement(partner, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        context = {"partner": partner, "refusal": str(refusal)}
        return page(request, "brokers/settlement_refused.html", context, status=REFUSED)
    return go_to(request, reverse("brokers:settlement", args=[row.pk]))


def _settlement_of(request: HttpRequest, settlement_id: UUID) -> CommissionSheet:
    rows = CommissionSheet.objects.visible_to(actor_of(request)).select_related(
        "partner", "org_unit", "author", "editor", "approved_by"
    )
    return get_object_or_404(rows, pk=settlement_id)


@requires(VIEW_COMMISSION)
def settlement(request: HttpRequest, settlement_id: UUID) -> HttpResponse:
    """One sheet: its lines, its sum, and the step that comes next."""
    return _page(request, _settlement_of(request, settlement_id))


def _page(
    request: HttpRequest, row: CommissionSheet, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    may_settle = actor.can(SETTLE, row.org_unit_id)
    context = {
        "row": row,
        "colour": STATE_COLOURS[row.state],
        "lines": sheet_lines(row, actor),
        "refusal": refusal,
        "may_submit": may_settle and row.state == State.DRAFT,
        "may_approve": may_approve(row, actor),
        "return_form": form if isinstance(form, ReturnForm) else ReturnForm(),
        "payment_form": None,
    }
    if may_settle and row.state == State.APPROVED:
        context["payment_form"] = form if isinstance(form, PaymentForm) else PaymentForm()
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "brokers/settlement.html", context, status=status)


def _act(
    request: HttpRequest, settlement_id: UUID, act: Callable[..., Any], form: forms.Form | None = None
) -> HttpResponse:
    """Do what was asked for and show the page again, with a refusal beside the field it speaks of."""
    row = _settlement_of(request, settlement_id)
    if form is not None and not form.is_valid():
        return _page(request, row, form=form)
    given = form.cleaned_data if form is not None else {}
    try:
        act(row, **given, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        if form is None:
            return _page(request, _settlement_of(request, settlement_id), refusal=str(refusal))
        add_refusal(form, refusal)
        return _page(request, row, form=form)
    return go_to(request, reverse("brokers:settlement", args=[row.pk]))


@requires(SETTLE, methods=("POST",))
def gather(request: HttpRequest, settlement_id: UUID) -> HttpResponse:
    """Add to a draft what has become payable since."""
    return _act(request, settlement_id, gather_again)


@requires(SETTLE, methods=("POST",))
def submit(request: HttpRequest, settlement_id: UUID) -> HttpResponse:
    """Hand a draft to the second person."""
    return _act(request, settlement_id, submit_settlement)


@requires(APPROVE, methods=("POST",))
def approve(request: HttpRequest, settlement_id: UUID) -> HttpResponse:
    """Approve a sheet."""
    return _act(request, settlement_id, approve_settlement)


@requires(APPROVE, methods=("POST",))
def send_back(request: HttpRequest, settlement_id: UUID) -> HttpResponse:
    """Send a sheet back, with what must be changed."""
    return _act(request, settlement_id, return_settlement, ReturnForm(request.POST))


@requires(SETTLE, methods=("POST",))
def pay(request: HttpRequest, settlement_id: UUID) -> HttpResponse:
    """Note by what a sheet was paid, and when."""
    return _act(request, settlement_id, pay_settlement, PaymentForm(request.POST))
