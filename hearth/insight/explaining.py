"""Every figure of a profile in words: what went in, by which rule, of when it speaks."""

from uuid import UUID

from hearth.core.profiling import Figure
from hearth.customers.models import Customer
from hearth.insight.selectors.profile_page import profile_page


def explain_profile(customer_id: UUID) -> list[Figure]:
    """Explain what is kept of a customer; two queries, none of it where nothing was computed."""
    page = profile_page(Customer(pk=customer_id))
    if page.profile is None or page.run is None:
        return []
    return [
        Figure(
            code=each.code,
            label=each.label,
            value=each.value,
            why=each.why,
            computed_at=page.profile.scored_at,
            rules_of_at=page.run.as_of_at,
        )
        for each in (*page.classes, *page.facts)
    ]
