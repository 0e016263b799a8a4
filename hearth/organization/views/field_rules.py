"""The page of the rules that mask or hide fields."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hearth.core.errors import NotAllowed
from hearth.core.field_rules import Access, ruled_fields
from hearth.core.htmx import REFUSED, SUCCESS, page
from hearth.core.permissions import actor_of, requires
from hearth.organization.models import OrgUnit, Role
from hearth.organization.permissions import CHANGE_FIELD_RULE
from hearth.organization.services.field_rules import remove_field_rule, set_field_rule


class _Select(forms.Select):
    def __init__(self) -> None:
        super().__init__({"class": "form-select"})


class FieldRuleForm(forms.Form):
    """Which role sees which field how, at which place."""

    role = forms.ModelChoiceField(
        label=pgettext_lazy("appointment", "Role"), queryset=Role.objects.order_by("id"), widget=_Select
    )
    field = forms.ChoiceField(label=_("Field"), widget=_Select)
    org_unit = forms.ModelChoiceField(
        label=pgettext_lazy("organisation", "Place"),
        queryset=OrgUnit.objects.filter(is_active=True).in_tree_order(),
        widget=_Select,
    )
    access = forms.ChoiceField(
        label=_("Shown"), choices=[(each.value, each.label) for each in Access], widget=_Select
    )

    def __init__(self, given: QueryDict | None = None) -> None:
        super().__init__(given)
        choice = self.fields["field"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  (declared above)
        choice.choices = [(field.key, field.label) for field in ruled_fields.values()]


def _require_group(request: HttpRequest) -> None:
    if not actor_of(request).scope(CHANGE_FIELD_RULE).everywhere:
        raise NotAllowed(permission=CHANGE_FIELD_RULE)


@requires(CHANGE_FIELD_RULE, methods=("GET", "HEAD", "POST"))
def field_rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, and another one."""
    _require_group(request)
    form = FieldRuleForm(request.POST) if request.method == "POST" else FieldRuleForm()
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        set_field_rule(
            chosen["role"],
            chosen["field"],
            chosen["org_unit"],
            Access(chosen["access"]),
            actor=actor_of(request),
            now=timezone.now(),
        )
        messages.success(request, gettext("Saved."))
        return redirect("organization:field_rules")
    context = {"form": form, "lines": _lines()}
    return page(request, "organization/field_rules.html", context, status=REFUSED if form.errors else SUCCESS)


def _lines() -> list[dict[str, object]]:
    """Return the rules of all roles in words; two queries."""
    roles = Role.objects.exclude(field_rules=[]).order_by("id")
    rules = [(role, rule) for role in roles for rule in role.field_rules]
    units = OrgUnit.objects.in_bulk({rule["place"] for _role, rule in rules})
    return [
        {
            "role": role,
            "field": ruled_fields[rule["field"]],
            "unit": units[rule["place"]],
            "access": Access(rule["access"]).label,
        }
        for role, rule in rules
        if rule["field"] in ruled_fields and rule["place"] in units
    ]


@requires(CHANGE_FIELD_RULE, methods=("POST",))
def remove(request: HttpRequest, pk: int, field: str, unit_pk: int) -> HttpResponse:
    """Take a rule away."""
    _require_group(request)
    role, unit = get_object_or_404(Role, pk=pk), get_object_or_404(OrgUnit, pk=unit_pk)
    remove_field_rule(role, field, unit, actor=actor_of(request), now=timezone.now())
    return redirect("organization:field_rules")
