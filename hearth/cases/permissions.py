"""Rights over cases."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_CASE = permission("cases.view", _("See enquiries, repairs and complaints"))
CHANGE_CASE = permission("cases.change", _("Open, answer and close cases"))
CHANGE_CAUSES = permission("cases.causes", _("Change the causes of cases for the whole group"))
OVERSEE_CASE = permission(
    "cases.oversee", _("Is told of the place's cases that are overdue or escalated, and answers for them")
)
