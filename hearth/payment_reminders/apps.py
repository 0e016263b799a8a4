from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentRemindersConfig(AppConfig):
    name = "hearth.payment_reminders"
    verbose_name = _("Payment reminders")
