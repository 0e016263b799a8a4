"""Pages of impact assessments, processors and compliance audits."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.lists.pages import list_page
from hearth.registers.desk_forms import (
    AuditForm,
    BeginForm,
    DraftForm,
    EndForm,
    ProcessorForm,
    ReturnForm,
    VisitForm,
)
from hearth.registers.desk_lists import (
    ASSESSMENTS,
    AUDITS,
    PROCESSORS,
    RISK_COLOURS,
    STATE_COLOURS,
    contract_badge,
)
from hearth.registers.due import audit_standing
from hearth.registers.models import Assessment, ComplianceAudit, Processor
from hearth.registers.permissions import APPROVE_ASSESSMENT, CHANGE_REGISTER, VIEW_REGISTER
from hearth.registers.questionnaire import questions_for
from hearth.registers.services import (
    add_processor,
    approve_assessment,
    begin_assessment,
    change_processor,
    end_processor,
    note_visit,
    record_audit,
    renew_assessment,
    return_assessment,
    submit_assessment,
    write_assessment,
)

BOTH = ("GET", "HEAD", "POST")


@requires(VIEW_REGISTER)
def assessments(request: HttpRequest) -> HttpResponse:
    """The impact assessments, every version of each."""
    return list_page(request, ASSESSMENTS, "registers/assessments.html")


@requires(CHANGE_REGISTER, methods=BOTH)
def new_assessment(request: HttpRequest) -> HttpResponse:
    """Begin an assessment."""
    form = BeginForm(request.POST or None, actor=actor_of(request))
    return _new(
        request, form, lambda **who: begin_assessment(**form.cleaned_data, **who), "registers:assessment"
    )


def _new(request: HttpRequest, form: forms.Form, add: Callable[..., Any], url_name: str) -> HttpResponse:
    """Add a row with what a form says, and go to its page."""
    if request.method == "POST" and form.is_valid():
        try:
            row = add(actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_to(request, reverse(url_name, args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    template = f"registers/{url_name.removeprefix('registers:')}_new.html"
    return page(request, template, {"form": form}, status=status)


def _assessment(request: HttpRequest, assessment_id: UUID) -> Assessment:
    rows = Assessment.objects.visible_to(actor_of(request))
    return get_object_or_404(
        rows.select_related("org_unit", "owner", "author", "editor", "approved_by"), pk=assessment_id
    )


@requires(VIEW_REGISTER)
def assessment(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """One version of an assessment, and the others of it."""
    return _assessment_page(request, _assessment(request, assessment_id))


def _assessment_page(
    request: HttpRequest, row: Assessment, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    may_change = actor.can(CHANGE_REGISTER, row.org_unit_id)
    is_draft = row.state == Assessment.State.DRAFT
    context = {
        "row": row,
        "colour": STATE_COLOURS[row.state],
        "risk_colour": RISK_COLOURS.get(row.risk, "secondary"),
        "answers": [(each.text, row.answers.get(each.code, "")) for each in questions_for(row.triggers)],
        "versions": Assessment.objects.visible_to(actor).filter(number=row.number).order_by("-version"),
        "may_change": may_change,
        "may_approve": may_approve(row, actor),
        "draft_form": (form or DraftForm(actor=actor, row=row)) if may_change and is_draft else None,
        "return_form": form if isinstance(form, ReturnForm) else ReturnForm(),
        "refusal": refusal,
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "registers/assessment.html", context, status=status)


def may_approve(row: Assessment, actor: Actor) -> bool:
    """Tell whether the actor is a second person for what waits."""
    is_waiting = row.state == Assessment.State.SUBMITTED
    wrote = actor.user_id in (row.author_id, row.editor_id)
    return is_waiting and not wrote and actor.can(APPROVE_ASSESSMENT, row.org_unit_id)


def _act(request: HttpRequest, row: Assessment, act: Callable[..., Any], **said: Any) -> HttpResponse:
    try:
        after = act(row, **said, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _assessment_page(request, _assessment(request, row.pk), refusal=str(refusal))
    return go_to(request, reverse("registers:assessment", args=[after.pk]))


@requires(CHANGE_REGISTER, methods=("POST",))
def write(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Change a draft."""
    row = _assessment(request, assessment_id)
    form = DraftForm(request.POST, actor=actor_of(request), row=row)
    if not form.is_valid():
        return _assessment_page(request, row, form=form)
    return _act(request, row, write_assessment, terms=form.terms())


@requires(CHANGE_REGISTER, methods=("POST",))
def submit(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    return _act(request, _assessment(request, assessment_id), submit_assessment)


@requires(CHANGE_REGISTER, methods=("POST",))
def renew(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    return _act(request, _assessment(request, assessment_id), renew_assessment)


@requires(APPROVE_ASSESSMENT, methods=("POST",))
def approve(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    return _act(request, _assessment(request, assessment_id), approve_assessment)


@requires(APPROVE_ASSESSMENT, methods=("POST",))
def send_back(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Send an assessment back, with the reason."""
    row, form = _assessment(request, assessment_id), ReturnForm(request.POST)
    if not form.is_valid():
        return _assessment_page(request, row, form=form)
    return _act(request, row, return_assessment, because=form.cleaned_data["because"])


@requires(VIEW_REGISTER)
def assessment_file(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """One version as a document for programs, in the reader's language."""
    row = _assessment(request, assessment_id)
    told = {
        "number": row.number,
        "version": row.version,
        "name": row.name,
        "place": str(row.org_unit),
        "state": row.state,
        "triggers": row.triggers,
        "answers": [
            {"code": each.code, "question": each.text, "answer": row.answers.get(each.code, "")}
            for each in questions_for(row.triggers)
        ],
        "risk": row.risk,
        "measures": row.measures,
        "review_date": row.review_date,
        "written_by": [str(row.author), str(row.editor)],
        "approved_by": str(row.approved_by) if row.approved_by else None,
        "approved_at": row.approved_at,
    }
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="assessment-{row.number}-{row.version}.json"'
    return answer


@requires(VIEW_REGISTER)
def assessment_print(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """One version as a sheet of paper, in Chinese for whoever supervises, whatever language the reader has."""
    row = _assessment(request, assessment_id)
    with override("zh-hans"):
        context = {
            "row": row,
            "answers": [(each.text, row.answers.get(each.code, "")) for each in questions_for(row.triggers)],
            "printed_at": timezone.now(),
        }
        return page(request, "registers/assessment_print.html", context)


@requires(VIEW_REGISTER)
def processors(request: HttpRequest) -> HttpResponse:
    """Who outside gets personal data."""
    return list_page(request, PROCESSORS, "registers/processors.html")


@requires(CHANGE_REGISTER, methods=BOTH)
def new_processor(request: HttpRequest) -> HttpResponse:
    """Put a company on record."""
    form = ProcessorForm(request.POST or None, actor=actor_of(request))

    def add(**who: Any) -> Processor:
        return add_processor(form.terms(), org_unit=form.cleaned_data["org_unit"], **who)

    return _new(request, form, add, "registers:processor")


def _processor(request: HttpRequest, processor_id: UUID) -> Processor:
    rows = Processor.objects.visible_to(actor_of(request))
    return get_object_or_404(rows.select_related("org_unit", "owner", "assessment"), pk=processor_id)


@requires(VIEW_REGISTER)
def processor(request: HttpRequest, processor_id: UUID) -> HttpResponse:
    """One company: what it gets, until when, and how it was supervised."""
    return _processor_page(request, _processor(request, processor_id))


def _processor_page(
    request: HttpRequest, row: Processor, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    may_change = actor.can(CHANGE_REGISTER, row.org_unit_id) and row.ended_date is None
    context: dict[str, Any] = {
        "row": row,
        "standing": contract_badge(row),
        "visits": row.visits.select_related("user").order_by("-visited_date", "-id"),
        "may_change": may_change,
        "refusal": refusal,
    }
    if may_change:
        names = (*ProcessorForm.base_fields,)
        fresh = ProcessorForm(actor=actor, initial={name: _kept(row, name) for name in names})
        context |= {
            "processor_form": form if isinstance(form, ProcessorForm) else fresh,
            "visit_form": form if isinstance(form, VisitForm) else VisitForm(),
            "end_form": form if isinstance(form, EndForm) else EndForm(),
        }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "registers/processor.html", context, status=status)


def _kept(row: Processor, name: str) -> Any:
    return getattr(row, f"{name}_id") if name in ("org_unit", "assessment", "owner") else getattr(row, name)


def _act_on(
    request: HttpRequest, processor_id: UUID, act: Callable[..., Any], form: forms.Form
) -> HttpResponse:
    row = _processor(request, processor_id)
    if not form.is_valid():
        return _processor_page(request, row, form=form)
    said = {"terms": form.terms()} if isinstance(form, ProcessorForm) else form.cleaned_data
    try:
        act(row, **said, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _processor_page(request, _processor(request, processor_id), form=form, refusal=str(refusal))
    return go_to(request, reverse("registers:processor", args=[processor_id]))


@requires(CHANGE_REGISTER, methods=("POST",))
def change(request: HttpRequest, processor_id: UUID) -> HttpResponse:
    form = ProcessorForm(request.POST, actor=actor_of(request))
    del form.fields["org_unit"]
    return _act_on(request, processor_id, change_processor, form)


@requires(CHANGE_REGISTER, methods=("POST",))
def visit(request: HttpRequest, processor_id: UUID) -> HttpResponse:
    return _act_on(request, processor_id, note_visit, VisitForm(request.POST))


@requires(CHANGE_REGISTER, methods=("POST",))
def end(request: HttpRequest, processor_id: UUID) -> HttpResponse:
    return _act_on(request, processor_id, end_processor, EndForm(request.POST))


@requires(VIEW_REGISTER)
def audits(request: HttpRequest) -> HttpResponse:
    """The compliance audits, and when the next is due."""
    context = {"audit": audit_standing(timezone.localdate())}
    return list_page(request, AUDITS, "registers/audits.html", context)


@requires(CHANGE_REGISTER, methods=BOTH)
def new_audit(request: HttpRequest) -> HttpResponse:
    """Put a finished audit on record."""
    form = AuditForm(request.POST or None, actor=actor_of(request))
    return _new(request, form, lambda **who: record_audit(form.new(), **who), "registers:audit")


@requires(VIEW_REGISTER)
def audit(request: HttpRequest, audit_id: UUID) -> HttpResponse:
    """One audit and what it found."""
    rows = ComplianceAudit.objects.visible_to(actor_of(request)).select_related("org_unit", "user")
    return page(request, "registers/audit.html", {"row": get_object_or_404(rows, pk=audit_id)})
