"""The fields of a contract that are not edited where they are shown, and why."""

from django.utils.translation import gettext_lazy as _

from hearth.lists.definitions import FixedField
from hearth.sales.permissions import CHANGE_CONTRACT

IN_EFFECT = _("fixed when the contract was signed; a change is asked for on its page and approved")
COMPUTED = _("calculated from the payments")
BY_ACT = _("a contract changes state by its own acts only")
FIXED = (
    *(FixedField(key, CHANGE_CONTRACT, IN_EFFECT) for key in ("customer", "home", "signed", "total")),
    *(FixedField(key, CHANGE_CONTRACT, COMPUTED) for key in ("received", "outstanding")),
    *(FixedField(key, CHANGE_CONTRACT, BY_ACT) for key in ("state", "filing", "filed")),
)
