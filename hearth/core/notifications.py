"""What the bell can tell a person: each app declares the sentence, in the reader's language at the time of reading."""

from dataclasses import dataclass

from django.utils.functional import Promise

from hearth.core.registry import Registry


@dataclass(frozen=True)
class NotificationKind:
    """A sentence with named parameters, and the icon beside it."""

    code: str
    text: str | Promise
    icon: str


notification_kinds: Registry[NotificationKind] = Registry()


def notification_kind(code: str, text: str | Promise, icon: str) -> str:
    """Declare a kind and return its code, for `accounts.services.notify`."""
    notification_kinds.register(code, NotificationKind(code, text, icon))
    return code
