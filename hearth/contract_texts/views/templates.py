"""Pages of templates of contracts."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.contract_texts.forms import BackForm, BeginTemplateForm, ClauseForm, SubmitTemplateForm
from hearth.contract_texts.lists import TEMPLATE_COLOURS, TEMPLATES
from hearth.contract_texts.models import ContractTemplate, TemplateClause
from hearth.contract_texts.permissions import APPROVE_TEXT, KEEP_TEMPLATES, VIEW_TEXT
from hearth.contract_texts.placeholders import placeholders
from hearth.contract_texts.services import (
    OF_TEMPLATES,
    approve_template,
    begin_template,
    remove_clause,
    return_template,
    submit_template,
    write_clause,
)
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal, refusal_of, shown_form
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.lists.pages import list_page

BOTH = ("GET", "HEAD", "POST")
STEP = 10


@requires(VIEW_TEXT)
def template_list(request: HttpRequest) -> HttpResponse:
    """The versions of all templates."""
    return list_page(request, TEMPLATES, "contract_texts/templates.html")


@requires(KEEP_TEMPLATES, methods=BOTH)
def new_template(request: HttpRequest) -> HttpResponse:
    """Begin the next version of a template."""
    form = BeginTemplateForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            row = begin_template(said.pop("place"), **said, actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, _url(row))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "contract_texts/template_new.html", {"form": form}, status=status)


def _url(row: ContractTemplate) -> str:
    return reverse("contract_texts:template", args=[row.pk])


def _template_of(request: HttpRequest, template_id: UUID) -> ContractTemplate:
    """Return a version that the actor may see, else answer 404."""
    rows = ContractTemplate.objects.visible_to(actor_of(request))
    whole = rows.select_related("project", "org_unit", "author", "editor", "approved_by")
    return get_object_or_404(whole, pk=template_id)


@requires(VIEW_TEXT)
def template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """One version: its clauses, and what is done next."""
    return _template_page(request, _template_of(request, template_id))


def _template_page(
    request: HttpRequest, row: ContractTemplate, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    versions = ContractTemplate.objects.visible_to(actor).filter(
        org_unit=row.org_unit, project=row.project, kind=row.kind
    )
    is_draft = row.state == ContractTemplate.State.DRAFT
    context = {
        "row": row,
        "colour": TEMPLATE_COLOURS.get(row.state, "secondary"),
        "clauses": row.clauses.order_by("position", "id"),
        "placeholders": placeholders(),
        "versions": versions.order_by("-version"),
        "is_written": is_draft and actor.can(KEEP_TEMPLATES, row.org_unit_id),
        "may_decide": OF_TEMPLATES.may_decide(row, actor),
        "refusal": refusal,
        "submit_form": shown_form(
            form,
            SubmitTemplateForm,
            lambda: SubmitTemplateForm(initial={"in_force_date": timezone.localdate()}),
        ),
        "return_form": shown_form(form, BackForm, BackForm),
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "contract_texts/template.html", context, status=status)


def _clause_page(
    request: HttpRequest, row: ContractTemplate, form: ClauseForm, clause: TemplateClause | None = None
) -> HttpResponse:
    """Show or take the form of a clause."""
    if request.method == "POST" and form.is_valid():
        try:
            write_clause(row, form.new(), clause=clause, actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, _url(row))
    context = {"row": row, "form": form, "clause": clause, "placeholders": placeholders()}
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "contract_texts/template_clause.html", context, status=status)


@requires(KEEP_TEMPLATES, methods=BOTH)
def add_clause(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Add a clause to a draft."""
    row = _template_of(request, template_id)
    last = row.clauses.order_by("-position").first()
    initial = {"position": last.position + STEP if last else STEP, "weight": "standard"}
    return _clause_page(request, row, ClauseForm(request.POST or None, initial=initial))


@requires(KEEP_TEMPLATES, methods=BOTH)
def clause(request: HttpRequest, clause_id: UUID) -> HttpResponse:
    """Change a clause of a draft."""
    rows = TemplateClause.objects.visible_to(actor_of(request))
    found = get_object_or_404(rows, pk=clause_id)
    row = _template_of(request, found.template_id)
    form = ClauseForm(request.POST) if request.method == "POST" else ClauseForm.showing(found)
    return _clause_page(request, row, form, found)


@requires(KEEP_TEMPLATES, methods=("POST",))
def remove(request: HttpRequest, clause_id: UUID) -> HttpResponse:
    """Take a clause out of a draft."""
    rows = TemplateClause.objects.visible_to(actor_of(request)).select_related("template")
    found = get_object_or_404(rows, pk=clause_id)
    return _act(request, found.template, lambda _row, **by: remove_clause(found, **by))


def _act(
    request: HttpRequest, row: ContractTemplate, act: Callable[..., Any], form: forms.Form | None = None
) -> HttpResponse:
    """Do what was asked for and show the page again, with the refusal beside the field it speaks of."""
    said = form.cleaned_data if form is not None else {}
    refusal = refusal_of(lambda: act(row, **said, actor=actor_of(request), now=timezone.now()), form)
    if refusal is None:
        return go_to(request, _url(row))
    return _template_page(request, _template_of(request, row.pk), form=form, refusal=refusal)


def _act_with(
    request: HttpRequest, template_id: UUID, act: Callable[..., Any], form: forms.Form
) -> HttpResponse:
    row = _template_of(request, template_id)
    return _act(request, row, act, form) if form.is_valid() else _template_page(request, row, form=form)


@requires(KEEP_TEMPLATES, methods=("POST",))
def submit(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Hand a draft to the second person."""
    return _act_with(request, template_id, submit_template, SubmitTemplateForm(request.POST))


@requires(APPROVE_TEXT, methods=("POST",))
def approve(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Approve a version."""
    return _act(request, _template_of(request, template_id), approve_template)


@requires(APPROVE_TEXT, methods=("POST",))
def send_back(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Send a version back, with the reason."""
    return _act_with(request, template_id, return_template, BackForm(request.POST))
