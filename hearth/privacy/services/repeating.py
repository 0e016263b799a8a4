"""Erasing again what a backup brought back."""

import logging
from datetime import datetime

from hearth.core.actor import Actor
from hearth.core.personal_data import ErasureMustWait
from hearth.privacy.journal import keep_journal, returned_records
from hearth.privacy.services.erasing import erase_person

logger = logging.getLogger(__name__)


def repeat_erasures(*, actor: Actor, now: datetime) -> int:
    """Erase the customers again that were erased before a backup was read in; return how many.

    Each is a transaction of its own. What must wait is left for the next time.

    :raises NotAllowed: if the actor may not answer requests of persons
    """
    keep_journal()
    number = 0
    for customer in returned_records():
        try:
            erase_person(customer, actor=actor, now=now)
        except ErasureMustWait as reason:
            logger.warning("Erasing again what a backup brought back waits: %s", reason.code)
            break
        number += 1
    return number
