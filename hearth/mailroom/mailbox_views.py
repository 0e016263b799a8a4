"""Pages of mailboxes: what is fetched from, and whether it works."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.mailroom.forms import MailboxForm, NewMailboxForm
from hearth.mailroom.models import Mailbox
from hearth.mailroom.permissions import MANAGE_MAILBOX
from hearth.mailroom.selectors import mailbox_list
from hearth.mailroom.services import PasswordMissing, add_mailbox, change_mailbox, try_mailbox
from hearth.mailroom.services.mailboxes import asks_elsewhere

BOTH = ("GET", "HEAD", "POST")


@requires(MANAGE_MAILBOX)
def mailboxes(request: HttpRequest) -> HttpResponse:
    """The mailboxes, and how fetching from each goes."""
    return page(request, "mailroom/mailboxes.html", {"mailboxes": mailbox_list(actor_of(request))})


@requires(MANAGE_MAILBOX, methods=BOTH)
def new(request: HttpRequest) -> HttpResponse:
    """Set up a mailbox, once it was opened."""
    actor = actor_of(request)
    form = NewMailboxForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        about = form.about()
        try:
            actor.require(MANAGE_MAILBOX, form.cleaned_data["org_unit"].pk)
            try_mailbox(about, password=about.password)
            if "try" not in request.POST:
                add_mailbox(form.cleaned_data["org_unit"], about, actor=actor, now=timezone.now())
                return _done(request)
            messages.success(request, gettext("The mailbox can be opened."))
        except DomainError as refusal:
            add_refusal(form, refusal)
    return _form_page(request, form, None)


@requires(MANAGE_MAILBOX, methods=BOTH)
def change(request: HttpRequest, mailbox_id: UUID) -> HttpResponse:
    """Change a mailbox; it is opened before, unless nothing is fetched from it."""
    actor = actor_of(request)
    rows = Mailbox.objects.visible_with(actor, MANAGE_MAILBOX).select_related("org_unit")
    row = get_object_or_404(rows, pk=mailbox_id)
    form = MailboxForm(request.POST or None, actor=actor, mailbox=row)
    if request.method == "POST" and form.is_valid():
        about = form.about()
        try:
            if asks_elsewhere(row, about) and not about.password:
                raise PasswordMissing("password")
            if about.is_active or "try" in request.POST:
                try_mailbox(about, password=about.password or row.password)
            if "try" not in request.POST:
                change_mailbox(row, about, actor=actor, now=timezone.now())
                return _done(request)
            messages.success(request, gettext("The mailbox can be opened."))
        except DomainError as refusal:
            add_refusal(form, refusal)
    return _form_page(request, form, row)


def _done(request: HttpRequest) -> HttpResponse:
    messages.success(request, gettext("The mailbox is saved. It is looked into each minute."))
    return go_to(request, reverse("mailroom:mailboxes"))


def _form_page(request: HttpRequest, form: MailboxForm, row: Mailbox | None) -> HttpResponse:
    status = REFUSED if form.errors else SUCCESS
    return page(request, "mailroom/mailbox_form.html", {"form": form, "mailbox": row}, status=status)
