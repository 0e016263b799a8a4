"""Refusals that a person can understand and a program can tell apart."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A business act was refused; nothing was written.

    `code` is stable and part of the API; `message` is a translatable sentence that may use `params`.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[str | Promise] = _("This is not possible.")

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)


class NotAllowed(DomainError):
    """The actor lacks the permission at this place."""

    code = "not_allowed"
    message = _("You do not have the right to do this here.")


class Conflict(DomainError):
    """Somebody else changed the same thing meanwhile."""

    code = "conflict"
    message = _("Somebody else changed this meanwhile. Load it again and repeat your change.")


class InvalidInput(DomainError):
    """One value breaks a rule that a form could not know; `field` names it."""

    code = "invalid_input"
    message = _("This value is not valid.")

    def __init__(self, field: str = "", **params: object) -> None:
        super().__init__(**params)
        self.field = field
