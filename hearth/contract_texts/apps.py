from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractTextsConfig(AppConfig):
    name = "hearth.contract_texts"
    verbose_name = _("Texts of contracts")
