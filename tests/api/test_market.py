"""Competitors, market events and the funnel by API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hearth.market.models import MarketEvent
from hearth.organization.models import OrgUnit
from tests.api.builders import make_program
from tests.leads.builders import make_lead
from tests.market.builders import make_competitor, make_event

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("S149")
def test_a_program_brings_the_prices_of_a_competitor(company: OrgUnit) -> None:
    rival = make_competitor(company, name="滨江壹号")
    program = make_program(company)
    today = timezone.localdate()
    body = {
        "kind": "sold",
        "observed_date": today.isoformat(),
        "area_price": "21500.50",
        "source": "网签数据",
    }

    listed = program.get("/competitors")
    noted = program.post(f"/competitors/{rival.pk}/prices", body)
    again = program.post(f"/competitors/{rival.pk}/prices", body)
    other = program.post(f"/competitors/{rival.pk}/prices", {**body, "area_price": "1.00"})
    late = program.post(
        f"/competitors/{rival.pk}/prices",
        {**body, "observed_date": (today + timedelta(days=2)).isoformat()},
    )

    assert [each["name"] for each in listed.body["data"]] == ["滨江壹号"]
    assert (noted.status, noted.body["area_price"]) == (201, "21500.50")
    assert again.body["id"] == noted.body["id"]
    assert (other.code, late.code) == ("price_known", "seen_in_future")
    assert rival.prices.count() == 1


@pytest.mark.requirement("S150")
def test_a_program_notes_market_events_and_reads_those_of_its_places(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    make_event(neighbour, "广州补贴")
    make_event(OrgUnit.objects.get(code="S"), "取消限购")
    program = make_program(company)
    body = {"org_unit": company.code, "kind": "tax", "title": "契税补贴", "starts_date": "2026-03-01"}

    noted = program.post("/market-events", body)
    elsewhere = program.post("/market-events", {**body, "org_unit": neighbour.code})
    backwards = program.post("/market-events", {**body, "ends_date": "2026-02-01"})
    found = program.get("/market-events", {"sort": "starts_date"})

    assert noted.status == 201
    assert (elsewhere.status, backwards.code) == (422, "ends_before_it_begins")
    assert {each["title"] for each in found.body["data"]} == {"取消限购", "契税补贴"}
    assert MarketEvent.objects.count() == 3


def test_a_program_reads_the_funnel_of_its_places(company: OrgUnit, neighbour: OrgUnit) -> None:
    now = timezone.now()
    make_lead(company, now=now)
    make_lead(neighbour, now=now)
    program = make_program(company)

    found = program.get("/sales-funnel", {"by": "source"})
    elsewhere = program.get("/sales-funnel", {"org_unit_id": str(neighbour.pk)})
    backwards = program.get("/sales-funnel", {"first_date": "2026-03-02", "last_date": "2026-03-01"})
    odd = program.get("/sales-funnel", {"by": "moon"})

    assert found.body["total"]["leads"] == 1
    assert (elsewhere.status, backwards.code, odd.status) == (422, "span_invalid", 400)
    assert (found.body["last_date"], len(found.body["lines"])) == (timezone.localdate().isoformat(), 1)
