"""The page of one's own account, for the command palette; the shell links it in its menu."""

from django.utils.translation import gettext_lazy as _

from hearth.accounts.adapter import renew_secrets
from hearth.core.navigation import Place, Section, register_place
from hearth.core.permissions import SIGNED_IN
from hearth.core.sealed_places import sealed_in_json

register_place(
    Place(
        _("My account"),
        "user",
        "accounts:profile",
        SIGNED_IN,
        order=99,
        section=Section.SETTINGS,
        is_in_rail=False,
    )
)
sealed_in_json.register("mfa_authenticator.data", renew_secrets)
