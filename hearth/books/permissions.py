"""Rights over who has which book."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

HAND_OVER = permission("books.hand_over", _("Hand over the customers and work of a colleague"))
