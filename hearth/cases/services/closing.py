"""What closing a complaint asks for."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.causes import CLOSE_IN_FULL
from hearth.cases.models import Case, CostLine, Settlement
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.organization.selectors import setting_at

SETTLEMENT = pgettext_lazy("missing", "how it was settled")
APPROVAL = pgettext_lazy("missing", "the approval of our final position")
COST = pgettext_lazy("missing", "what it cost, or that it cost nothing")


class ClosingIncomplete(DomainError):
    """A complaint is closed once everything about it is said."""

    code = "closing_incomplete"
    message = _("Before this complaint can be closed, this is missing: %(missing)s.")


class HandlerCloses(DomainError):
    """Who settles a complaint does not close it."""

    code = "handler_closes"
    message = _("Somebody else than who settled the complaint closes it.")


def is_closed_in_full(case: Case) -> bool:
    """Tell whether the place asks for everything before such a case is closed."""
    return case.kind == Case.Kind.COMPLAINT and bool(setting_at(CLOSE_IN_FULL.key, case.org_unit))


def missing_for_closing(case: Case, settlement: Settlement | None) -> Iterator[str | Promise]:
    """Name what a complaint lacks to be closed, an answer apart; at most one query."""
    if settlement is None:
        yield SETTLEMENT
        return
    if not settlement.is_approved:
        yield APPROVAL
    if not settlement.has_no_cost and not CostLine.objects.filter(case=case, struck_out_at=None).exists():
        yield COST


def refuse_unless_complete(case: Case, actor: Actor) -> None:
    """Refuse to close a complaint about which something is missing, or by who settled it.

    :raises ClosingIncomplete: with what is missing, in words
    :raises HandlerCloses: if the actor settled it
    """
    if not is_closed_in_full(case):
        return
    settlement = Settlement.objects.standing().filter(case=case).first()
    if missing := list(missing_for_closing(case, settlement)):
        raise ClosingIncomplete(missing=", ".join(map(str, missing)))
    if settlement and actor.user_id is not None and actor.user_id == settlement.settled_by_id:
        raise HandlerCloses
