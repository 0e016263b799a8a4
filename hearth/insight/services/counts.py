"""Counting alike customers at every place once a run has ended."""

from datetime import timedelta
from typing import Any

from django.db import connection

from hearth.insight.models import ProfileCount, ScoringRun
from hearth.insight.selectors.figures import NEW_DAYS, middle_contact_days
from hearth.organization.models import OrgUnit

COLUMNS = (
    "owner_stage, value_tier, action, source, customers, new_customers, amount, open_complaints, contacts"
)
SUMS = """
    profile.owner_stage, profile.value_tier, profile.portfolio_action, customer.source, count(*),
    count(*) FILTER (WHERE customer.created_at > %(since)s), sum(profile.monetary_amount),
    sum(profile.open_complaints), sum(coalesce((profile.contacts ->> %(contacts)s)::integer, 0))
    FROM customers_customerprofile profile JOIN customers_customer customer
        ON customer.id = profile.customer_id AND customer.merged_into_id IS NULL
"""
# The root counts everybody, also who is known at no place; each other place those known there or below it, once.
AT_ROOT = f"""
    INSERT INTO insight_profilecount (run_id, org_unit_id, {COLUMNS})
    SELECT %(run)s, %(root)s, {SUMS} GROUP BY 3, 4, 5, 6
"""
ELSEWHERE = f"""
    INSERT INTO insight_profilecount (run_id, org_unit_id, {COLUMNS})
    SELECT %(run)s, known.org_unit_id, {SUMS} JOIN (
        SELECT DISTINCT place.customer_id, above.id AS org_unit_id
        FROM customers_customerplace place
        JOIN organization_orgunit here ON here.id = place.org_unit_id
        JOIN organization_orgunit above ON starts_with(here.path, above.path) AND above.parent_id IS NOT NULL
    ) known ON known.customer_id = profile.customer_id
    GROUP BY 2, 3, 4, 5, 6
"""  # noqa: S608


def count_profiles(run: ScoringRun) -> None:
    """Count the profiles at every place for a run and let go of the counts of earlier runs; four queries.

    A step of the scoring run, which holds the transaction. May be repeated.
    """
    ProfileCount.objects.all().delete()
    root = OrgUnit.objects.filter(parent__isnull=True).values_list("pk", flat=True).first()
    if root is None:
        return
    values: dict[str, Any] = {
        "run": run.pk,
        "root": root,
        "since": run.as_of_at - timedelta(days=NEW_DAYS),
        "contacts": f"all_{middle_contact_days(run)}",
    }
    with connection.cursor() as cursor:
        cursor.execute(AT_ROOT, values)
        cursor.execute(ELSEWHERE, values)
