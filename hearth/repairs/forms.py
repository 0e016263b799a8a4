"""What a person enters about repairs."""

from django.utils.translation import gettext_lazy as _

from hearth.core.forms import OwnIds, day


class AcceptanceForm(OwnIds):
    """When a building was accepted."""

    accepted_date = day(
        _("Building accepted on"), help_text=_("The builder's warranty counts from this day.")
    )
