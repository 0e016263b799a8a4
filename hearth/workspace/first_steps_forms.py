"""Forms of the first run."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.accounts.forms import style
from hearth.core.actor import Actor
from hearth.organization.forms import UnitForm
from hearth.organization.models import OrgUnit
from hearth.organization.permissions import CHANGE_ORGANIZATION


class CompanyForm(forms.Form):
    """The group's name, and who is in charge of the installation."""

    name = forms.CharField(label=_("Name of the group"), max_length=100)
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Yours; everybody chooses their own.")
    )
    display_name = forms.CharField(label=pgettext_lazy("person", "Your name"), max_length=100)
    email = forms.EmailField(
        label=_("Your e-mail"), required=False, help_text=_("With it you can reset your password.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)


class PlaceForm(UnitForm):
    """A new place below one that exists."""

    parent = forms.ModelChoiceField(
        label=pgettext_lazy("organisation", "Below"), queryset=OrgUnit.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)  # noqa: S101  (declared above)
        visible = OrgUnit.objects.visible_with(actor, CHANGE_ORGANIZATION)
        parent.queryset = visible.for_records()
        self.order_fields(["parent", "kind", "name", "code", "function"])
