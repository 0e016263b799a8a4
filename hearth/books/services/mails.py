"""Telling by mail what was handed over: to whom it went, and to whose it was."""

import logging
from collections import Counter
from uuid import UUID, uuid5

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from hearth.accounts.models import User
from hearth.books.models import BookHandover, BookMove
from hearth.channels.gateways.mail import HandOverUnclear, Mail, MailServer, PermanentFailure
from hearth.core.addresses import public_url
from hearth.core.ownership import holdings

logger = logging.getLogger(__name__)


def mail_about(handover: BookHandover, user: User, *, server: MailServer) -> bool:
    """Send one person the figures of a handover in their language; tell whether it was sent.

    The identifier of the mail is made from both, so that a server can tell a repetition. No customer is named:
    the mail leaves the house.

    :raises TemporaryFailure: if the server cannot be reached now
    """
    if not user.email or not user.is_active:
        return False
    with translation.override(user.language):
        mail = Mail(uuid5(handover.pk, str(user.pk)), user.email, *_words(handover, user))
    try:
        with server:
            server.begin(mail)
            server.finish()
    except (PermanentFailure, HandOverUnclear) as failure:
        logger.warning("The mail on handover %s to user %s: %s", handover.pk, user.pk, type(failure).__name__)
        return False
    return True


def _words(handover: BookHandover, user: User) -> tuple[str, str]:
    is_own = user.pk == handover.from_user_id
    subject = (
        _("Your customers and work were handed over")
        if is_own
        else _("Customers and work of %(name)s were handed over to you") % {"name": handover.from_user}
    )
    lines = [subject, "", *figures_for(handover, user)]
    if handover.until_date:
        lines += [
            "",
            _("Until %(day)s, then they go back.") % {"day": date_format(handover.until_date, "Y-m-d")},
        ]
    if handover.note:
        lines += ["", handover.note]
    address = reverse("books:mine", args=[handover.pk])
    return subject, "\n".join([*lines, "", public_url(address)])


def figures_for(handover: BookHandover, user: User) -> list[str]:
    """Return how much of each kind concerns a person, one line each; one query."""
    moves = handover.moves.filter(outcome=BookMove.Outcome.MOVED)
    if user.pk != handover.from_user_id:
        moves = moves.filter(to_user=user)
    counted = Counter(moves.values_list("holding", flat=True))
    return [f"{holdings[code].label}: {number}" for code, number in counted.items() if code in holdings]


def find_handover(handover_id: UUID) -> BookHandover:
    return BookHandover.objects.select_related("from_user").get(pk=handover_id)
