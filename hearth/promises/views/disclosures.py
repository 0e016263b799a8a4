"""Pages of disclosures."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError
from hearth.core.forms import refusal_of, shown_form
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.models import StoredFile
from hearth.core.permissions import actor_of, requires
from hearth.core.uploads import UNKNOWN
from hearth.lists.pages import list_page
from hearth.promises.forms import BeginForm, DrawingForm, FactorForm, PartsForm, PostingForm, ReturnForm
from hearth.promises.lists import DISCLOSURES, STATE_COLOURS
from hearth.promises.models import AdverseFactor, Disclosure, Posting
from hearth.promises.permissions import APPROVE_PROMISE, CHANGE_PROMISE, VIEW_PROMISE
from hearth.promises.services import (
    add_factor,
    approve_disclosure,
    attach_drawing,
    begin_disclosure,
    end_posting,
    may_decide,
    post_disclosure,
    publish_disclosure,
    remove_factor,
    return_disclosure,
    submit_disclosure,
    write_disclosure,
)

BOTH = ("GET", "HEAD", "POST")
State = Disclosure.State


@requires(VIEW_PROMISE)
def disclosure_list(request: HttpRequest) -> HttpResponse:
    """The versions of all disclosures."""
    return list_page(request, DISCLOSURES, "promises/disclosures.html")


@requires(CHANGE_PROMISE, methods=BOTH)
def new_disclosure(request: HttpRequest) -> HttpResponse:
    """Begin the next version of a disclosure."""
    form = BeginForm(request.POST or None, actor=actor_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            row = begin_disclosure(**form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_to(request, reverse("promises:disclosure", args=[row.pk]))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "promises/disclosure_new.html", {"form": form}, status=status)


def disclosure_of(request: HttpRequest, disclosure_id: UUID) -> Disclosure:
    """Return a version that the actor may see, else answer 404."""
    rows = Disclosure.objects.visible_to(actor_of(request))
    whole = rows.select_related("project", "org_unit", "author", "editor", "approved_by", "drawing")
    return get_object_or_404(whole, pk=disclosure_id)


@requires(VIEW_PROMISE)
def disclosure(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """One version: its parts, where it is shown, and what is done next."""
    return _disclosure_page(request, disclosure_of(request, disclosure_id))


def _disclosure_page(
    request: HttpRequest, row: Disclosure, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    may_change = actor.can(CHANGE_PROMISE, row.org_unit_id)
    is_draft = may_change and row.state == State.DRAFT
    has_factors = row.kind == Disclosure.Kind.ADVERSE_FACTORS
    postings = list(row.postings.select_related("user").order_by("until_date", "-since_date", "id"))
    versions = Disclosure.objects.visible_to(actor).filter(project=row.project_id, kind=row.kind)
    context = {
        "row": row,
        "colour": STATE_COLOURS.get(row.state, "secondary"),
        "factors": row.factors.order_by("side", "id") if has_factors else [],
        "has_factors": has_factors,
        "postings": postings,
        "is_still_shown": row.state == State.SUPERSEDED and any(not each.until_date for each in postings),
        "versions": versions.order_by("-version"),
        "acknowledged": row.acknowledgements.count(),
        "may_change": may_change,
        "may_decide": may_decide(row, actor),
        "refusal": refusal,
        "parts_form": shown_form(form, PartsForm, lambda: PartsForm.showing(row)) if is_draft else None,
        "drawing_form": shown_form(form, DrawingForm, DrawingForm) if is_draft else None,
        "factor_form": shown_form(form, FactorForm, FactorForm) if is_draft and has_factors else None,
        "return_form": shown_form(form, ReturnForm, ReturnForm),
        "posting_form": shown_form(form, PostingForm, PostingForm)
        if may_change and row.state == State.PUBLISHED
        else None,
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "promises/disclosure.html", context, status=status)


def _act(
    request: HttpRequest,
    row: Disclosure,
    act: Callable[..., Any],
    *said: Any,
    form: forms.Form | None = None,
    **named: Any,
) -> HttpResponse:
    """Do what was asked for and show the page again, with the refusal beside the field it speaks of."""
    by = {"actor": actor_of(request), "now": timezone.now()}
    refusal = refusal_of(lambda: act(row, *said, **named, **by), form)
    if refusal is None:
        return go_to(request, reverse("promises:disclosure", args=[row.pk]))
    return _disclosure_page(request, disclosure_of(request, row.pk), form=form, refusal=refusal)


@requires(CHANGE_PROMISE, methods=("POST",))
def write(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """Change the words of a draft."""
    row, form = disclosure_of(request, disclosure_id), PartsForm(request.POST)
    if not form.is_valid():
        return _disclosure_page(request, row, form=form)
    return _act(request, row, write_disclosure, form.parts(), form=form)


@requires(CHANGE_PROMISE, methods=("POST",))
def draw(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """Put the drawing into a draft."""
    row, form = disclosure_of(request, disclosure_id), DrawingForm(request.POST, request.FILES)
    if not form.is_valid():
        return _disclosure_page(request, row, form=form)
    return _act(request, row, attach_drawing, form.cleaned_data["drawing"], form=form)


@requires(CHANGE_PROMISE, methods=("POST",))
def add(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """Name an adverse factor in a draft."""
    row, form = disclosure_of(request, disclosure_id), FactorForm(request.POST)
    if not form.is_valid():
        return _disclosure_page(request, row, form=form)
    return _act(request, row, add_factor, form.factor(), form=form)


@requires(CHANGE_PROMISE, methods=("POST",))
def remove(request: HttpRequest, factor_id: UUID) -> HttpResponse:
    """Take an adverse factor out of a draft."""
    rows = AdverseFactor.objects.visible_to(actor_of(request)).select_related("disclosure")
    factor = get_object_or_404(rows, pk=factor_id)
    try:
        remove_factor(factor, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _disclosure_page(request, disclosure_of(request, factor.disclosure_id), refusal=str(refusal))
    return go_to(request, reverse("promises:disclosure", args=[factor.disclosure_id]))


@requires(CHANGE_PROMISE, methods=("POST",))
def submit(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    return _act(request, disclosure_of(request, disclosure_id), submit_disclosure)


@requires(APPROVE_PROMISE, methods=("POST",))
def approve(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    return _act(request, disclosure_of(request, disclosure_id), approve_disclosure)


@requires(APPROVE_PROMISE, methods=("POST",))
def send_back(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """Send a version back, with the reason."""
    row, form = disclosure_of(request, disclosure_id), ReturnForm(request.POST)
    if not form.is_valid():
        return _disclosure_page(request, row, form=form)
    return _act(request, row, return_disclosure, because=form.cleaned_data["because"])


@requires(CHANGE_PROMISE, methods=("POST",))
def publish(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    return _act(request, disclosure_of(request, disclosure_id), publish_disclosure)


@requires(CHANGE_PROMISE, methods=("POST",))
def post(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """Note where a version is shown."""
    row, form = disclosure_of(request, disclosure_id), PostingForm(request.POST, request.FILES)
    if not form.is_valid():
        return _disclosure_page(request, row, form=form)
    return _act(request, row, post_disclosure, form.shown(), form=form)


@requires(CHANGE_PROMISE, methods=("POST",))
def end(request: HttpRequest, posting_id: UUID) -> HttpResponse:
    """Note that a version was taken down."""
    posting = get_object_or_404(Posting.objects.visible_to(actor_of(request)), pk=posting_id)
    try:
        end_posting(posting, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _disclosure_page(request, disclosure_of(request, posting.disclosure_id), refusal=str(refusal))
    return go_to(request, reverse("promises:disclosure", args=[posting.disclosure_id]))


@requires(VIEW_PROMISE)
def drawing(request: HttpRequest, disclosure_id: UUID) -> FileResponse:
    """Give the drawing to be saved; it is never shown inside the site."""
    return saved(disclosure_of(request, disclosure_id).drawing)


@requires(VIEW_PROMISE)
def photo(request: HttpRequest, posting_id: UUID) -> FileResponse:
    """Give the photo of a posting to be saved."""
    rows = Posting.objects.visible_to(actor_of(request)).select_related("photo")
    return saved(get_object_or_404(rows, pk=posting_id).photo)


def saved(kept: StoredFile | None) -> FileResponse:
    """Answer with a file to be saved, with 404 where there is none."""
    if kept is None:
        raise Http404
    return FileResponse(kept.file.open("rb"), as_attachment=True, filename=kept.name, content_type=UNKNOWN)
