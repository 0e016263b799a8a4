"""How a case was settled by what an app above knows of it, offered to the handler before they say it themselves."""

from collections.abc import Callable
from dataclasses import dataclass

from hearth.cases.models import Case, Cause, Settlement
from hearth.core.actor import Actor
from hearth.core.registry import Registry


@dataclass(frozen=True)
class Offer:
    """What the form of a settlement holds to begin with, and the sentence above it."""

    because: str
    solution: str
    cause: Cause | None = None
    party: str = ""
    party_name: str = ""
    proof: str = ""
    outcome: str = Settlement.Outcome.AGREED
    has_no_cost: bool = False


OfferFinder = Callable[[Case, Actor], Offer | None]

offers: Registry[OfferFinder] = Registry()


def offers_settlement(kind: str) -> Callable[[OfferFinder], OfferFinder]:
    """Register who knows how cases of a kind were settled; what the actor may not see is not in it."""

    def register(finder: OfferFinder) -> OfferFinder:
        offers.register(kind, finder)
        return finder

    return register


def offer_for(case: Case, actor: Actor) -> Offer | None:
    """Return what is known of how an open case was settled."""
    finder = offers.get(case.kind)
    return finder(case, actor) if finder and case.state != Case.State.CLOSED else None
