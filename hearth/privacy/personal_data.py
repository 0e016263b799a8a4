"""What a person agreed to, given out; that they did is kept, how they said it goes."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import (
    Person,
    Table,
    holds_none,
    register_personal_data,
    table_of,
)
from hearth.privacy.models import Consent, Erasure, Purpose, PurposeText


def export_consents(person: Person) -> Table:
    rows = (
        Consent.objects.filter(customer__in=person.ids).select_related("purpose").order_by("decided_at", "id")
    )
    return table_of(
        rows,
        "decided_at",
        ("purpose__code", _("purpose")),
        "channel",
        "decision",
        "how",
        "evidence",
        "text_version",
    )


def erase_consents(person: Person, now: datetime) -> int:
    """Keep that consent was given and withdrawn, which we must be able to prove, without how it was said."""
    rows = Consent.objects.filter(Q(customer__in=person.ids) | Q(guardian__in=person.ids))
    return rows.update(how="", evidence="")


register_personal_data(
    "privacy.consents", _("Consent"), Consent, export=export_consents, erase=erase_consents
)
holds_none(Purpose, PurposeText, because="What customers are told, the same for all.")
holds_none(Erasure, because="The proof of an erasure: ids, counts and instants.")
