"""What colleagues were told about a person."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import ApiToken, Notification, User
from hearth.core.personal_data import Person, delete_rows, holds_none, naming, register_personal_data


def erase_notifications(person: Person, now: datetime) -> int:
    return delete_rows(naming(Notification.objects.all(), person, "params", "url", with_ids=True))


register_personal_data("accounts.notifications", _("Notifications"), Notification, erase=erase_notifications)
holds_none(User, ApiToken, because="Colleagues and their programs, who are no customers.")
