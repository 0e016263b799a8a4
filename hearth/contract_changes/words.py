"""What a contract says before and after a change, in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from hearth.contract_changes.models import ChangeRequest
from hearth.core.actor import Actor
from hearth.core.registry import Registry
from hearth.core.templatetags.ui import cents
from hearth.customers.models import Customer
from hearth.properties.models import Unit
from hearth.sales.models import Contract

Names = Mapping[str, str]


@dataclass(frozen=True)
class ChangedField:
    """What of a contract a change speaks of; `names` says which of its values are ids, of customers or homes."""

    label: str | Promise
    read: Callable[[Any, Names], str]
    names: str = ""


fields: Registry[ChangedField] = Registry()


def _named(value: Any, names: Names) -> str:
    return names.get(str(value), gettext("not visible to you"))


def _all_named(value: Any, names: Names) -> str:
    return pgettext("list of words", ", ").join(_named(each, names) for each in value) or gettext("nobody")


fields.register("number", ChangedField(_("Contract number"), lambda value, _names: str(value)))
fields.register("home", ChangedField(_("Home"), _named, "home"))
fields.register("buyer", ChangedField(_("Buyer"), _named, "customer"))
fields.register("owners", ChangedField(_("Owners"), _all_named, "customer"))
fields.register("total", ChangedField(_("Total, ¥"), lambda value, _names: cents(Decimal(value))))
fields.register("received", ChangedField(_("Received"), lambda value, _names: cents(Decimal(value))))
fields.register("state", ChangedField(_("State"), lambda value, _names: str(Contract.State(value).label)))


@dataclass(frozen=True)
class Line:
    """One line of the comparison; `after` is empty for what the change does not speak of."""

    label: str
    before: str
    after: str


def lines_of(request: ChangeRequest, actor: Actor) -> list[Line]:
    """Return before and after side by side, with the names that the actor may see; two queries at most."""
    names = _names_in(request, actor)
    return [
        Line(
            str(field.label),
            _in_words(field, request.said_before, key, names),
            _in_words(field, request.said_after, key, names),
        )
        for key, field in fields.items()
        if key in request.said_before or key in request.said_after
    ]


def _in_words(field: ChangedField, said: Mapping[str, Any], key: str, names: Names) -> str:
    return field.read(said[key], names) if key in said else ""


def _names_in(request: ChangeRequest, actor: Actor) -> Names:
    customers, homes = _ids_in(request, "customer"), _ids_in(request, "home")
    seen = Customer.objects.visible_to(actor).filter(pk__in=customers) if customers else ()
    units = Unit.objects.visible_to(actor).filter(pk__in=homes).with_place() if homes else ()
    return {str(row.pk): row.name for row in seen} | {str(row.pk): row.address for row in units}


def _ids_in(request: ChangeRequest, names: str) -> set[UUID]:
    return {
        UUID(each)
        for said in (request.said_before, request.said_after)
        for key, field in fields.items()
        if field.names == names and key in said
        for each in _listed(said[key])
    }


def _listed(value: Any) -> Iterable[str]:
    return value if isinstance(value, list) else [value]
