"""How complete a customer's record is, by the rules of the place that knew them first."""

from django.db.models import Q

from hearth.core.attribution import beyond_places
from hearth.customers.models import ContactPoint, Customer, CustomerPlace
from hearth.families.completeness import COMPLETENESS, FIRST_STAGE, Completeness, Known, measure, weights_of
from hearth.families.models import NeedProfile, Relationship
from hearth.organization.selectors import setting_at


def completeness_of(customer: Customer, *, need: NeedProfile | None) -> Completeness:
    """Measure a customer's record, loaded with `profile`, and say what is missing; four queries.

    It speaks of the record, not of what a reader sees of it: the rules are those of the first place that knows the
    customer, and relatives count whoever knows them. `CustomerCompleteness` keeps the same figure for lists.
    """
    kinds = ContactPoint.objects.usable().filter(customer=customer).values_list("kind", flat=True)
    profile = getattr(customer, "profile", None)
    with beyond_places():
        place = (
            CustomerPlace.objects.filter(customer=customer).select_related("org_unit").order_by("id").first()
        )
        rules = setting_at(COMPLETENESS.key, place.org_unit) if place else {}
        has_family = _has_family(customer)
    known = Known(customer, frozenset(kinds), need or NeedProfile(), has_family)
    return measure(known, weights_of(profile.owner_stage if profile else FIRST_STAGE, rules))


def _has_family(customer: Customer) -> bool:
    """Tell whether anybody was ever related to a customer; a record that was merged away is nobody."""
    related = Relationship.objects.of(customer.pk)
    others = Q(customer=customer, other__merged_into=None) | Q(other=customer, customer__merged_into=None)
    return customer.household_id is not None or related.filter(others).exists()
