"""The page of wordings that no text may have."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.contract_texts.forms import ForbidForm
from hearth.contract_texts.models import ForbiddenWording
from hearth.contract_texts.permissions import KEEP_TEMPLATES, VIEW_TEXT
from hearth.contract_texts.services import allow_words, forbid_words
from hearth.contract_texts.wordings import shipped_wordings
from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires


@requires(VIEW_TEXT, methods=("GET", "HEAD", "POST"))
def wording_list(request: HttpRequest) -> HttpResponse:
    """What is forbidden; forbid further words."""
    actor = actor_of(request)
    form = ForbidForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            forbid_words(
                said["place"], words=said["wording"], because=said["because"], actor=actor, now=timezone.now()
            )
        except DomainError as refusal:
            add_refusal(form, refusal, words="wording")
        else:
            return go_to(request, reverse("contract_texts:wordings"))
    rows = ForbiddenWording.objects.held_for(actor)
    keeps = actor.scope(KEEP_TEMPLATES)
    context = {
        "shipped": shipped_wordings(),
        "rows": [
            (row, keeps.covers(row.org_unit_id))
            for row in rows.select_related("org_unit").order_by("words", "id")
        ],
        "form": form if keeps else None,
    }
    status = REFUSED if form.is_bound else SUCCESS
    return page(request, "contract_texts/wordings.html", context, status=status)


@requires(KEEP_TEMPLATES, methods=("POST",))
def allow(request: HttpRequest, wording_id: UUID) -> HttpResponse:
    """Forbid words no longer."""
    rows = ForbiddenWording.objects.visible_with(actor_of(request), KEEP_TEMPLATES)
    allow_words(get_object_or_404(rows, pk=wording_id), actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("contract_texts:wordings"))
