"""The public letter on an incident, for those who cannot be written to one by one."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from hearth.core.permissions import public
from hearth.portal.reader import as_customer
from hearth.registers.letter_text import SUBJECT, TO_EVERYBODY, letter_parts
from hearth.registers.models import NoticeLetter


@never_cache
@public()
@as_customer
def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The approved letter while it is published; it names no customer."""
    rows = NoticeLetter.objects.published().select_related("incident__org_unit")
    row = get_object_or_404(rows, pk=letter_id)
    context = {
        "letter": row,
        "parts": letter_parts(row),
        "subject": SUBJECT,
        "to_everybody": TO_EVERYBODY,
    }
    return render(request, "portal/letter.html", context)
