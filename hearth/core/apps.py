from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from hearth.core.fence import put_up_fences


class CoreConfig(AppConfig):
    name = "hearth.core"
    verbose_name = _("Core")

    def ready(self) -> None:
        """Load what apps declare: their subscribers, and what they add to registries of apps below."""
        autodiscover_modules(
            "permissions",
            "events",
            "notifications",
            "subscribers",
            "lists",
            "registrations",
            "ownership",
            "personal_data",
            "palette",
            "fences",
        )
        post_migrate.connect(put_up_fences)
