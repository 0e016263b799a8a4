"""Pages of how long data are kept."""

from django.contrib import messages
from django.db.models import Max, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.pages import keyset_page
from hearth.core.permissions import actor_of, requires
from hearth.core.retention import kept_kinds
from hearth.privacy.models import RetentionEntry, RetentionRule
from hearth.privacy.permissions import CHANGE_RETENTION
from hearth.privacy.retention_due import dry_run
from hearth.privacy.retention_forms import RetentionForm
from hearth.privacy.services import change_rule

BOTH = ("GET", "HEAD", "POST")


@requires(CHANGE_RETENTION)
def retention(request: HttpRequest) -> HttpResponse:
    """How long each kind of data is kept, by what right, and what went so far."""
    rows = RetentionRule.objects.order_by("id").annotate(
        gone=Sum("entries__number"), last_at=Max("entries__created_at")
    )
    known = [(row, kept_kinds[row.kind]) for row in rows if row.kind in kept_kinds]
    return page(request, "privacy/retention.html", {"rules": known})


@requires(CHANGE_RETENTION, methods=BOTH)
def rule(request: HttpRequest, kind: str) -> HttpResponse:
    """One rule, and what would go tonight if it were in force as it stands."""
    row, known = get_object_or_404(RetentionRule, kind=kind), kept_kinds.get(kind)
    if known is None:
        raise Http404
    form = RetentionForm(request.POST or None, instance=row, kind=known)
    if request.method == "POST" and form.is_valid():
        try:
            change_rule(row, form.terms(), actor=actor_of(request), now=timezone.now())
        except InvalidInput as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, gettext("The rule is changed."))
            return go_to(request, reverse("privacy:retention_rule", args=[kind]))
    kept = RetentionRule.objects.get(pk=row.pk)
    context = {
        "rule": kept,
        "kind": known,
        "form": form,
        "would_go": dry_run(kept, now=timezone.now()),
    }
    return page(request, "privacy/retention_rule.html", context, status=REFUSED if form.errors else SUCCESS)


@requires(CHANGE_RETENTION)
def gone(request: HttpRequest) -> HttpResponse:
    """The account of what was let go, by portion, the newest first."""
    rows = RetentionEntry.objects.select_related("rule")
    found = keyset_page(rows, order="-created_at", cursor=request.GET.get("cursor", ""))
    context = {
        "lines": [(row, kept_kinds.get(row.rule.kind)) for row in found.rows],
        "next_cursor": found.next_cursor,
    }
    return page(request, "privacy/gone.html", context, parts={"gone-list"})
