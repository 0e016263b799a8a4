"""The funnel of a year of leads, one for each customer and half a million at most, parted in every way of its page."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.timezone import localdate

from benchmarks.load import Times, timed
from hearth.core.actor import Actor
from hearth.properties.spans import Span
from hearth.sales_figures.funnel import PARTINGS, funnel, weeks_of

if TYPE_CHECKING:
    from benchmarks.works import Stage

MOST_LEADS, DAYS = 500_000, 365
SYSTEM = Actor.system("bench")
MARK = "bench-funnel"
LEFT_BEHIND = (f"DELETE FROM leads_lead WHERE source_detail = '{MARK}'",)
# Six in ten came by, three meant to buy, one signed; spread over a year and the places of the customers.
WRITE = f"""
INSERT INTO leads_lead (id, created_at, updated_at, is_sample, org_unit_id, customer_id, project_id, source,
    source_detail, state, stage, stage_at, furthest, lost_reason, next_step, next_step_date, closed_at)
SELECT gen_random_uuid(), came, came, false, org_unit_id, customer_id, project_id,
    (ARRAY['walk_in', 'call', 'web', 'broker', 'referral', 'event'])[1 + n % 6], '{MARK}',
    CASE WHEN n % 10 = 0 THEN 'won' ELSE 'open' END, CASE WHEN n % 10 = 0 THEN 'contract' ELSE 'enquiry' END, came,
    CASE WHEN n % 10 = 0 THEN 'contract' WHEN n % 10 < 3 THEN 'intention' WHEN n % 10 < 6 THEN 'visit'
        ELSE 'enquiry' END, '', 'call', current_date, CASE WHEN n % 10 = 0 THEN came + interval '30 days' END
FROM (
    SELECT DISTINCT ON (customer_id) customer_id, org_unit_id, row_number() OVER () AS n,
        now() - random() * interval '{DAYS} days' AS came,
        (SELECT p.id FROM properties_project p WHERE p.org_unit_id = c.org_unit_id ORDER BY p.id LIMIT 1) AS project_id
    FROM customers_customerplace c ORDER BY customer_id LIMIT {MOST_LEADS}
) known
"""


def part_all(stage: "Stage") -> Times:
    """Make the table of each parting over a year, and the weeks."""
    written = stage.owner.execute(
        f"SELECT count(*) FROM leads_lead WHERE source_detail = '{MARK}'".encode()
    ).fetchone()
    if not written or not written[0]:
        stage.owner.execute(WRITE.encode())
        stage.owner.execute(b"ANALYZE leads_lead")
    today = localdate(timezone.now())
    asked = Span(today - timedelta(days=DAYS), today)
    slowest = {}
    for code in PARTINGS:
        times = timed(lambda code=code: funnel(asked, code, SYSTEM), times=3)  # type: ignore[misc]
        slowest[code] = round(times.p50)
    stage.notes["funnel, ms by parting"] = slowest
    stage.notes["funnel, leads"] = funnel(asked, "source", SYSTEM).total.leads
    return timed(lambda: (funnel(asked, "source", SYSTEM), weeks_of(asked, SYSTEM)), times=7)


def count_alone(stage: "Stage") -> Times:
    """Count the same leads by source in SQL."""
    sql = (
        "SELECT source, count(*), count(*) FILTER (WHERE furthest <> 'enquiry') FROM leads_lead"
        f" WHERE created_at > now() - interval '{DAYS} days' GROUP BY source"
    )
    return timed(lambda: stage.owner.execute(sql.encode()).fetchall(), times=7)
