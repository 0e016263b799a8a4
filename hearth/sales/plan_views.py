"""Pages of payment plans, ways to pay, building stages and receivables."""

from collections.abc import Sequence
from decimal import Decimal
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
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.lists.pages import list_page
from hearth.organization.models import OrgUnit, OrgUnitQuerySet
from hearth.properties.models import Building, Project
from hearth.sales.ageing import Age
from hearth.sales.models import Contract, Instalment, Payment, PlanTemplate
from hearth.sales.permissions import CHANGE_CONTRACT, KEEP_TERMS, VIEW_CONTRACT
from hearth.sales.plan_forms import NameInstalmentForm, PlanForms, StageForm, TermsForms
from hearth.sales.plan_selectors import BY, receivables_by, stages_of, templates_for
from hearth.sales.receivable_lists import RECEIVABLES
from hearth.sales.services import (
    PlanTerms,
    add_plan_template,
    change_plan_template,
    make_plan,
    name_instalment,
    note_stage,
)
from hearth.sales.terms import NewPlan, plan_from, read_step

BOTH = ("GET", "HEAD", "POST")


@requires(VIEW_CONTRACT)
def receivables(request: HttpRequest) -> HttpResponse:
    """What is to come in, the oldest due first."""
    return list_page(request, RECEIVABLES, "sales/receivables.html")


@requires(VIEW_CONTRACT)
def owed(request: HttpRequest, by: str) -> HttpResponse:
    """What is to come in, summed up by project or by consultant."""
    if by not in BY:
        raise Http404
    rows = receivables_by(by, actor_of(request), timezone.localdate())
    totals = [sum(column, Decimal(0)) for column in zip(*(row.amounts for row in rows), strict=True)]
    context = {"by": by, "rows": rows, "ages": Age, "totals": totals, "total": sum(totals, Decimal(0))}
    return page(request, "sales/owed.html", context)


@requires(VIEW_CONTRACT)
def instalment(request: HttpRequest, instalment_id: UUID) -> HttpResponse:
    """Lead from an instalment to its contract."""
    rows = Instalment.objects.visible_to(actor_of(request)).select_related("plan")
    row = get_object_or_404(rows, pk=instalment_id)
    return redirect(f"{reverse('sales:contract', args=[row.plan.contract_id])}#plan")


@requires(CHANGE_CONTRACT, methods=BOTH)
def new_plan(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Settle how a contract is paid, from a template or by hand."""
    actor = actor_of(request)
    rows = Contract.objects.visible_with(actor, CHANGE_CONTRACT).select_related("org_unit", "unit")
    row = get_object_or_404(rows, pk=contract_id)
    offered = templates_for(row.org_unit)
    forms = PlanForms(request.POST or None, plan=_begun(request, row, offered))
    if request.method == "POST" and forms.is_valid():
        try:
            make_plan(row, forms.plan(), actor=actor, now=timezone.now())
        except DomainError as refusal:
            forms.plan_form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("It is settled how the contract is paid."))
            return go_to(request, reverse("sales:contract", args=[row.pk]))
    context = {"contract": row, "offered": offered, "forms": forms}
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "sales/plan_new.html", context, status=status)


def _begun(request: HttpRequest, row: Contract, offered: Sequence[PlanTemplate]) -> NewPlan | None:
    """Return what the template that the address names makes of the price."""
    wanted = request.GET.get("template", "")
    chosen = [each for each in offered if str(each.pk) == wanted]
    if not chosen:
        return None
    return plan_from(chosen[0], total=row.total_amount, signed_date=row.signed_date)


@requires(CHANGE_CONTRACT, methods=("POST",))
def name_payment(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Say for which instalment a payment is."""
    actor = actor_of(request)
    row = get_object_or_404(Payment.objects.visible_with(actor, CHANGE_CONTRACT), pk=payment_id)
    parts = Instalment.objects.visible_to(actor).filter(
        plan__contract=row.contract_id, plan__superseded_at=None
    )
    form = NameInstalmentForm(request.POST, parts=parts)
    if row.contract_id is None or not form.is_valid():
        raise Http404
    name_instalment(row, form.cleaned_data["instalment"], actor=actor, now=timezone.now())
    messages.success(request, gettext("The money is put on the instalments anew."))
    return go_to(request, reverse("sales:contract", args=[row.contract_id]))


@requires(VIEW_CONTRACT)
def templates(request: HttpRequest) -> HttpResponse:
    """All ways to pay of the places one sees."""
    rows = PlanTemplate.objects.visible_to(actor_of(request)).select_related("org_unit")
    shown = [
        (row, [read_step(each) for each in row.steps])
        for row in rows.order_by("org_unit__path", "name", "id")
    ]
    return page(request, "sales/plan_templates.html", {"shown": shown})


@requires(KEEP_TERMS, methods=BOTH)
def new_template(request: HttpRequest) -> HttpResponse:
    """Offer one more way to pay."""
    places = _places(actor_of(request))
    forms = TermsForms(request.POST or None, places=places, begin=request.GET.get("begin", ""))
    return _kept_or_shown(request, forms)


@requires(KEEP_TERMS, methods=BOTH)
def template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Change a way to pay, or put it out of use."""
    actor = actor_of(request)
    row = get_object_or_404(PlanTemplate.objects.visible_with(actor, KEEP_TERMS), pk=template_id)
    forms = TermsForms(request.POST or None, places=_places(actor), template=row)
    return _kept_or_shown(request, forms, row)


def _kept_or_shown(request: HttpRequest, forms: TermsForms, row: PlanTemplate | None = None) -> HttpResponse:
    if request.method == "POST" and forms.is_valid():
        try:
            _keep(forms.terms(), row, forms.plan_form.cleaned_data.get("org_unit"), actor_of(request))
        except DomainError as refusal:
            forms.plan_form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The way to pay is kept."))
            return go_to(request, reverse("sales:plan_templates"))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "sales/plan_template.html", {"template": row, "forms": forms}, status=status)


def _keep(terms: PlanTerms, row: PlanTemplate | None, org_unit: OrgUnit | None, actor: Actor) -> None:
    now = timezone.now()
    if row:
        change_plan_template(row, terms, actor=actor, now=now)
    elif org_unit:
        add_plan_template(terms, org_unit=org_unit, actor=actor, now=now)


def _places(actor: Actor) -> OrgUnitQuerySet:
    return OrgUnit.objects.visible_with(actor, KEEP_TERMS).filter(is_active=True).in_tree_order()


@requires(VIEW_CONTRACT, methods=BOTH)
def stages(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Which stages the buildings of a project have reached; note another."""
    actor = actor_of(request)
    project = get_object_or_404(
        Project.objects.visible_to(actor).visible_with(actor, VIEW_CONTRACT), pk=project_id
    )
    buildings = Building.objects.filter(project=project).select_related("project").order_by("name", "id")
    form = StageForm(request.POST or None, buildings=buildings)
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            note_stage(
                given["building"],
                given["stage"],
                reached_date=given["reached_date"],
                actor=actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The stage is noted; what waits for it has its day."))
            return go_to(request, reverse("sales:stages", args=[project.pk]))
    context = {
        "project": project,
        "reached": stages_of(project.pk, actor),
        "form": form if actor.can(KEEP_TERMS, project.org_unit_id) else None,
    }
    return page(
        request, "sales/stages.html", context, status=REFUSED if request.method == "POST" else SUCCESS
    )
