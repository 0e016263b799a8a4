from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class LeadsConfig(AppConfig):
    name = "hearth.leads"
    verbose_name = pgettext_lazy("leads", "Leads")
