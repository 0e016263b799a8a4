"""A visitor registers on their own phone, by the link that the screen at the entrance shows."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache

from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS
from hearth.core.permissions import public
from hearth.core.rates import count_request
from hearth.core.signed_links import LinkNotGood
from hearth.leads.services import Visitor, register_visitor
from hearth.leads.visitors import code_of, project_of
from hearth.portal.reader import READER, as_customer
from hearth.properties.models import Project

GONE, TOO_MANY_REQUESTS = 410, 429
# More than this is no crowd at the entrance, but somebody who plays.
VISITS_A_MINUTE = 20
LARGE = {"class": "form-control form-control-lg"}


class VisitForm(forms.Form):
    """Who stands at the entrance."""

    name = forms.CharField(
        label=pgettext_lazy("visitor", "Your name"),
        max_length=60,
        widget=forms.TextInput({**LARGE, "autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=pgettext_lazy("visitor", "Mobile phone"),
        max_length=40,
        widget=forms.TextInput({**LARGE, "inputmode": "tel", "autocomplete": "tel"}),
    )
    asks_for = forms.CharField(
        label=pgettext_lazy("visitor", "Whom do you want to see?"),
        max_length=40,
        required=False,
        widget=forms.TextInput({**LARGE, "autocomplete": "off"}),
    )


@never_cache
@public(methods=("GET", "HEAD", "POST"))
@as_customer
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """Ask who comes, and give the code that the consultant asks for.

    Whoever is known and whoever is not get the same answer.
    """
    now, is_sent = timezone.now(), request.method == "POST"
    try:
        project_id = project_of(token, now=now, is_written=is_sent)
    except LinkNotGood:
        return render(request, "portal/visit.html", {"is_old": True}, status=GONE)
    project = get_object_or_404(Project.objects.select_related("org_unit"), pk=project_id)
    form = VisitForm(request.POST if is_sent else None)
    context = {"project": project, "form": form, "token": token}
    if is_sent and count_request(f"visit:{project.pk}", quota=VISITS_A_MINUTE, now=now).is_exceeded:
        form.add_error(
            None, pgettext("visitor", "Please register at the desk: too many visits came in just now.")
        )
        return render(request, "portal/visit.html", context, status=TOO_MANY_REQUESTS)
    if is_sent and form.is_valid():
        try:
            lead = register_visitor(project, Visitor(**form.cleaned_data), actor=READER, now=now)
        except DomainError as refusal:
            add_refusal(form, refusal, phones="phone")
        else:
            context["code"] = code_of(lead, localdate(now))
    return render(request, "portal/visit.html", context, status=REFUSED if form.errors else SUCCESS)
