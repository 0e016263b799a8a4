"""Pages of incoming mail: what came, what to do with it, and the conversation about a case."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.shown import tell_shown
from hearth.customers.models import Customer
from hearth.customers.selectors.meant import customer_meant
from hearth.lists.pages import list_page
from hearth.mailroom.forms import DismissForm, KindForm, NewCaseForm, OldCaseForm, ReplyForm
from hearth.mailroom.lists import MAILS
from hearth.mailroom.models import InboundMail, MailAttachment
from hearth.mailroom.permissions import HANDLE_MAIL
from hearth.mailroom.proposing import propose_kind
from hearth.mailroom.selectors import (
    addressee_shown,
    case_numbered,
    conversation,
    customers_offered,
    held_beside,
    mail_list,
)
from hearth.mailroom.services import (
    answer_by_mail,
    attach_mail,
    confirm_kind,
    dismiss_flood,
    dismiss_mail,
    make_case_of_mail,
)


@requires(HANDLE_MAIL)
def mails(request: HttpRequest) -> HttpResponse:
    """The mails that came, the newest first."""
    return list_page(request, MAILS, "mailroom/mails.html")


@requires(HANDLE_MAIL)
def mail(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """One mail: what it says, what came with it, and what can be done."""
    return _mail_page(request, _mail(request, mail_id))


def _mail(request: HttpRequest, mail_id: UUID) -> InboundMail:
    rows = mail_list(actor_of(request)).select_related("mailbox__org_unit", "handled_by")
    return get_object_or_404(rows, pk=mail_id)


def _mail_page(
    request: HttpRequest, row: InboundMail, *, status: int = SUCCESS, **forms: Any
) -> HttpResponse:
    actor = actor_of(request)
    offered = customers_offered(row, actor)
    tell_shown(request, row.customer_id)
    proposed = row.proposed_kind or propose_kind(row.subject, row.text)
    context = {
        "mail": row,
        "files": MailAttachment.objects.filter(mail=row).order_by("id"),
        "offered": offered,
        "held": held_beside(row),
        "is_undecided": row.state != InboundMail.State.TAKEN,
        "case_form": NewCaseForm(initial={"kind": proposed, "customer": _first_address(row, offered)}),
        "number_form": OldCaseForm(initial={"number": f"#{row.case.number}" if row.case else ""}),
        "dismiss_form": DismissForm(),
        **forms,
    }
    return page(request, "mailroom/mail.html", context, status=status)


def _first_address(row: InboundMail, offered: list[Customer]) -> str:
    return row.sender if len(offered) == 1 else ""


@requires(HANDLE_MAIL)
def raw(request: HttpRequest, mail_id: UUID) -> HttpResponse | FileResponse:
    """Give the mail as it came; it is saved, never shown inside the site."""
    row = _mail(request, mail_id)
    if row.raw is None:
        return _mail_page(request, row)
    tell_shown(request, row.customer_id)
    name = f"mail-{row.received_at:%Y%m%d-%H%M%S}.eml"
    return FileResponse(
        row.raw.file.open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )


@requires(HANDLE_MAIL)
def file(request: HttpRequest, file_id: UUID) -> FileResponse:
    """Give a file that came with a mail; it is saved, never shown inside the site."""
    visible = InboundMail.objects.visible_to(actor_of(request))
    kept = MailAttachment.objects.filter(mail__in=visible).exclude(stored=None)
    row = get_object_or_404(kept.select_related("stored", "mail"), pk=file_id)
    tell_shown(request, row.mail.customer_id)
    stored = row.stored
    assert stored is not None  # noqa: S101  (as filtered above)
    return FileResponse(
        stored.file.open("rb"), as_attachment=True, filename=row.name, content_type=row.media_type
    )


@requires(HANDLE_MAIL, methods=("POST",))
def make_case(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """Make a case of a mail."""
    row, actor, form = _mail(request, mail_id), actor_of(request), NewCaseForm(request.POST)
    if form.is_valid():
        try:
            meant = form.cleaned_data["customer"]
            customer = customer_meant(meant, actor) if meant else None
            case = make_case_of_mail(
                row, actor=actor, kind=form.cleaned_data["kind"], customer=customer, now=timezone.now()
            )
        except DomainError as refusal:
            add_refusal(form, refusal, who="customer")
        else:
            messages.success(request, gettext("The case is open."))
            return go_to(request, reverse("cases:case", args=[case.pk]))
    return _mail_page(request, row, status=REFUSED, case_form=form)


@requires(HANDLE_MAIL, methods=("POST",))
def attach(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """Put a mail to a case that is there."""
    row, actor, form = _mail(request, mail_id), actor_of(request), OldCaseForm(request.POST)
    if form.is_valid():
        try:
            case = case_numbered(row, form.cleaned_data["number"], actor)
            attach_mail(row, case, actor=actor, now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The mail is with the case."))
            return go_to(request, reverse("cases:case", args=[case.pk]))
    return _mail_page(request, row, status=REFUSED, number_form=form)


@requires(HANDLE_MAIL, methods=("POST",))
def dismiss(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """Say that a mail is no concern of ours, or all that are held back from its sender."""
    row, actor, form = _mail(request, mail_id), actor_of(request), DismissForm(request.POST)
    if form.is_valid():
        act = dismiss_flood if form.cleaned_data["is_for_all"] and held_beside(row) else dismiss_mail
        try:
            done = act(row, actor=actor, reason=form.cleaned_data["reason"], now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            number = done if isinstance(done, int) else 1
            said = ngettext("%(number)d mail is put aside.", "%(number)d mails are put aside.", number)
            messages.success(request, said % {"number": number})
            return go_to(request, reverse("mailroom:mails"))
    return _mail_page(request, row, status=REFUSED, dismiss_form=form)


@requires(VIEW_CASE)
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The conversation about a case, as a part of the page of the case."""
    case = get_object_or_404(Case.objects.visible_to(actor_of(request)), pk=case_id)
    return _conversation(request, case)


def _conversation(request: HttpRequest, case: Case, *, status: int = SUCCESS, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    said = conversation(case)
    opening = next((word.mail for word in said if word.mail and word.mail.has_opened_case), None)
    may_answer = actor.can(HANDLE_MAIL, case.org_unit_id) and actor.can(CHANGE_CASE, case.org_unit_id)
    context = {
        "case": case,
        "said": said,
        "addressee": addressee_shown(case, actor) if may_answer and said else None,
        "may_handle": actor.can(HANDLE_MAIL, case.org_unit_id),
        "is_proposed": may_answer and opening is not None and opening.handled_at is None,
        "form": ReplyForm.fresh(),
        "kind_form": KindForm(initial={"kind": case.kind}),
        **forms,
    }
    return page(request, "mailroom/of_case.html", context, status=status)


def _changeable(request: HttpRequest, case_id: UUID) -> Case:
    return get_object_or_404(Case.objects.visible_with(actor_of(request), CHANGE_CASE), pk=case_id)


@requires(HANDLE_MAIL, methods=("POST",))
def answer(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Answer the customer by mail; the answer is noted in the case."""
    case, form = _changeable(request, case_id), ReplyForm(request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            answer_by_mail(case, actor=actor_of(request), now=timezone.now(), **chosen)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The answer is on its way."))
            return go_to(request, reverse("cases:case", args=[case.pk]))
    return _conversation(request, case, status=REFUSED, form=form)


@requires(HANDLE_MAIL, methods=("POST",))
def kind(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Say what kind of matter a mail raised: the words of it only propose one."""
    case, form, now = _changeable(request, case_id), KindForm(request.POST), timezone.now()
    if form.is_valid():
        try:
            confirm_kind(case, actor=actor_of(request), kind=form.cleaned_data["kind"], now=now)
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, gettext("The case is changed."))
            return go_to(request, reverse("cases:case", args=[case.pk]))
    return _conversation(request, case, status=REFUSED, kind_form=form)
