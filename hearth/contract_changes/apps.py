from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractChangesConfig(AppConfig):
    name = "hearth.contract_changes"
    verbose_name = _("Changes of contracts")
