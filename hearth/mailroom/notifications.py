"""What the bell says of mail."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

WROTE_AGAIN = notification_kind(
    "mailroom.wrote_again", _("The customer wrote again about case #%(number)s"), "mail"
)
FLOODED = notification_kind(
    "mailroom.flooded", _("“%(mailbox)s” gets too many mails from one sender; they are held back"), "mail"
)
NOT_FETCHED = notification_kind(
    "mailroom.not_fetched", _("“%(mailbox)s” has not worked for an hour: no mail is taken in from it"), "mail"
)
