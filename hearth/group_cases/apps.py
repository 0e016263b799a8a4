from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GroupCasesConfig(AppConfig):
    name = "hearth.group_cases"
    verbose_name = _("Group complaints")
