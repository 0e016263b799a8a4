"""What other systems answered when they were told of a person."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.core.models import EventRecord
from hearth.core.personal_data import Person, holds_none, register_personal_data
from hearth.webhooks.models import Attempt, Delivery, Endpoint, SigningSecret


def erase_attempts(person: Person, now: datetime) -> int:
    """Empty what was answered to events about the person, and answers that name them."""
    about = EventRecord.objects.of_customers(person.ids).values("id")
    own = Attempt.objects.filter(delivery__event_id__in=about)
    number = own.exclude(answer_sealed=b"").update(answer_sealed=b"")
    others = Attempt.objects.filter(created_at__gte=person.known_since).exclude(answer_sealed=b"")
    named = [row.pk for row in others.iterator() if person.is_named_in(row.answer)]
    return number + Attempt.objects.filter(pk__in=named).update(answer_sealed=b"")


register_personal_data("webhooks.answers", _("Answers of other systems"), Attempt, erase=erase_attempts)
holds_none(Endpoint, SigningSecret, because="Which systems are told, and how they know that it is us.")
holds_none(Delivery, because="Which event went to which system, by id.")
