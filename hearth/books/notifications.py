"""What the bell says of books."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

RECEIVED = notification_kind(
    "books.received", _("%(count)s customers, tasks and cases of %(name)s were handed over to you"), "book"
)
GIVEN_AWAY = notification_kind(
    "books.given", _("%(count)s of your customers, tasks and cases were handed over"), "book"
)
RETURNED = notification_kind(
    "books.returned", _("%(count)s customers, tasks and cases came back to you"), "book"
)
ADOPTED = notification_kind(
    "books.adopted", _("You are in charge of %(count)s more: %(title)s"), "user-check"
)
