"""How complete a customer's profile is, by the rules of the place that knows them."""

from collections.abc import Sequence

from hearth.core.actor import Actor
from hearth.customers.models import ContactPoint, Customer, CustomerPlace
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.families.completeness import COMPLETENESS, FIRST_STAGE, Completeness, Known, measure, weights_of
from hearth.families.models import NeedProfile
from hearth.families.selectors.relationships import Relative
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import setting_at


def completeness_of(
    customer: Customer, actor: Actor, *, need: NeedProfile | None, relatives: Sequence[Relative]
) -> Completeness:
    """Measure a customer's profile, loaded with `profile`; three queries.

    The rules are those of the first place that knows the customer and where the reader works.
    """
    kinds = ContactPoint.objects.usable().filter(customer=customer).values_list("kind", flat=True)
    known = Known(customer, frozenset(kinds), need or NeedProfile(), bool(relatives))
    place = _place(customer, actor)
    rules = setting_at(COMPLETENESS.key, place) if place else {}
    profile = getattr(customer, "profile", None)
    return measure(known, weights_of(profile.owner_stage if profile else FIRST_STAGE, rules))


def _place(customer: Customer, actor: Actor) -> OrgUnit | None:
    scope = actor.scope(VIEW_CUSTOMER)
    places = CustomerPlace.objects.filter(customer=customer).select_related("org_unit")
    if not scope.everywhere:
        places = places.filter(org_unit_id__in=sorted(scope.org_unit_ids))
    first = places.order_by("id").first()
    return first.org_unit if first else None
