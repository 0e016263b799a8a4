"""Who looked at a person last."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import Person, delete_rows, register_personal_data
from hearth.workspace.models import Look


def erase_looks(person: Person, now: datetime) -> int:
    return delete_rows(Look.objects.filter(customer_id__in=person.ids))


register_personal_data("workspace.looks", _("Last looks of colleagues"), Look, erase=erase_looks)
