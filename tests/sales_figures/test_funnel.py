"""The funnel: how many leads came how far, parted in every way, and only where the reader sees figures."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hearth.leads.models import Lead, Stage
from hearth.leads.services import lose_lead, move_lead, reopen_lead
from hearth.leads.services.closing import Loss
from hearth.leads.services.stages import step_to
from hearth.organization.models import OrgUnit
from hearth.properties.spans import Span
from hearth.sales_figures.forms import FunnelForm
from hearth.sales_figures.funnel import PARTINGS, funnel, weeks_of
from hearth.sales_figures.permissions import VIEW_SALES_FIGURES
from tests.customers.builders import make_customer, make_home, make_unit_role
from tests.leads.builders import (
    DUE,
    NOW,
    SYSTEM,
    make_consultant,
    make_lead,
    make_project,
    reason_of,
)
from tests.market.builders import make_event
from tests.organization.builders import make_actor, make_member, sign_in
from tests.sales.builders import make_contract
from tests.segments.builders import make_count, make_segment

pytestmark = pytest.mark.django_db
RULE = {"field": "sex", "op": "eq", "value": "female"}
MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))


def reach(lead: Lead, stage: Stage) -> Lead:
    """Have a lead stand at a stage."""
    step_to(lead, stage, actor=SYSTEM, now=NOW)
    return lead


def won(lead: Lead, days: int = 10) -> Lead:
    """Have a lead be won, so many days after it came."""
    lead.stand_at(Stage.CONTRACT, NOW)
    lead.state, lead.closed_at = Lead.State.WON, lead.created_at + timedelta(days=days)
    lead.save()
    return lead


def test_the_furthest_stage_counts_also_of_leads_that_went_back_or_were_lost(company: OrgUnit) -> None:
    make_lead(company)
    back = reach(reach(make_lead(company), Stage.INTENTION), Stage.VISIT)
    lost = reach(make_lead(company), Stage.RESERVATION)
    lose_lead(lost, Loss(because=reason_of()), actor=SYSTEM, now=NOW)
    won(reach(make_lead(company), Stage.VISIT), days=10)
    won(make_lead(company), days=20)

    table = funnel(MARCH, "source", make_actor(company, VIEW_SALES_FIGURES))

    [line] = table.lines
    assert (line.leads, line.visits, line.intentions, line.reservations) == (5, 4, 4, 3)
    assert (line.contracts, line.lost, line.days) == (2, 1, 15.0)
    assert line.conversion == 0.4
    assert table.total == line.__class__(**{**line.__dict__, "label": table.total.label})
    back.refresh_from_db()
    assert (back.stage, back.furthest) == ("visit", "intention")


def test_a_lead_that_begins_again_keeps_how_far_it_came(company: OrgUnit) -> None:
    lead = reach(make_lead(company), Stage.RESERVATION)
    lose_lead(lead, Loss(because=reason_of()), actor=SYSTEM, now=NOW)

    again = reopen_lead(lead, next_step="回电话", next_step_date=DUE, actor=SYSTEM, now=NOW)

    assert (again.stage, again.furthest) == ("intention", "reservation")


def test_a_lead_may_not_have_come_as_far_as_being_lost(company: OrgUnit) -> None:
    lead = make_lead(company, state="lost")

    lead.refresh_from_db()

    assert (lead.stage, lead.furthest) == ("lost", "enquiry")


@pytest.mark.requirement("S223")
def test_new_customers_are_set_beside_those_who_bought_before(company: OrgUnit) -> None:
    owner, buyer, later = make_customer(company), make_customer(company), make_customer(company)
    make_unit_role(owner, make_home(company))
    owner.unit_roles.update(valid_from=date(2024, 5, 1))
    make_contract(make_home(company), buyer, signed_date=date(2025, 6, 1))
    make_contract(make_home(company), later, signed_date=NOW.date())
    won(make_lead(company, customer=owner))
    make_lead(company, customer=buyer)
    make_lead(company, customer=later)
    make_lead(company)

    table = funnel(MARCH, "relation", make_actor(company, VIEW_SALES_FIGURES))

    assert [(line.code, line.leads, line.contracts) for line in table.lines] == [
        ("new", 2, 0),
        ("existing", 2, 1),
    ]
    low, high = table.lines[1].interval
    assert 0.09 < low < 0.1
    assert 0.9 < high < 0.91


def test_leads_are_parted_by_source_consultant_and_project(company: OrgUnit) -> None:
    li = make_consultant(company)
    park = make_project(company, "云栖里")
    make_lead(company, consultant_id=li.pk, source="walk_in", project_id=park.pk)
    make_lead(company, consultant_id=li.pk, source="call", project_id=park.pk)
    make_lead(company, source="call")
    actor = make_actor(company, VIEW_SALES_FIGURES)

    found = {
        by: [(line.label, line.leads) for line in funnel(MARCH, by, actor).lines]
        for by in ("source", "consultant", "project")
    }

    assert [number for _label, number in found["source"]] == [2, 1]
    assert found["consultant"][0] == (str(li), 2)
    assert found["project"][0] == ("云栖里", 2)
    assert sum(number for _label, number in found["consultant"]) == 3


def test_the_total_of_every_parting_is_that_of_all_leads(company: OrgUnit) -> None:
    make_count(make_segment(company, RULE, now=NOW, name="首改客户"), make_customer(company), now=NOW)
    won(make_lead(company, source="call"), days=10)
    won(make_lead(company, consultant_id=make_consultant(company).pk), days=21)
    won(reach(make_lead(company, source="call"), Stage.VISIT), days=32)
    lose_lead(make_lead(company), Loss(because=reason_of()), actor=SYSTEM, now=NOW)
    actor = make_actor(company, VIEW_SALES_FIGURES, "segments.view")

    totals = [funnel(MARCH, by, actor).total for by in PARTINGS]

    assert totals == [totals[0]] * len(PARTINGS)
    assert (totals[0].leads, totals[0].contracts, totals[0].lost, totals[0].days) == (4, 3, 1, 21.0)


def test_a_lead_counts_in_each_segment_of_its_customer(company: OrgUnit) -> None:
    both, one = make_customer(company), make_customer(company)
    make_lead(company, customer=both)
    won(make_lead(company, customer=one))
    make_lead(company)
    make_count(make_segment(company, RULE, now=NOW, name="首改客户"), both, one, now=NOW)
    make_count(make_segment(company, RULE, now=NOW, name="养老客户"), both, now=NOW)
    actor = make_actor(company, VIEW_SALES_FIGURES, "segments.view")

    table = funnel(MARCH, "segment", actor)

    assert [(line.label, line.leads, line.contracts) for line in table.lines] == [
        ("首改客户", 2, 1),
        ("养老客户", 1, 0),
    ]
    assert funnel(MARCH, "segment", make_actor(company, VIEW_SALES_FIGURES)).lines == []


def test_weeks_without_a_lead_are_shown_too(company: OrgUnit) -> None:
    make_lead(company, now=datetime(2026, 3, 3, 2, tzinfo=UTC))
    make_lead(company, now=datetime(2026, 3, 15, 16, 30, tzinfo=UTC))

    weeks = weeks_of(Span(date(2026, 3, 4), date(2026, 3, 20)), make_actor(company, VIEW_SALES_FIGURES))

    assert [(week.label, week.leads) for week in weeks] == [
        ("2026-03-02", 0),
        ("2026-03-09", 0),
        ("2026-03-16", 1),
    ]


def test_only_the_place_and_the_project_that_were_asked_for_count(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    park = make_project(company)
    make_lead(company, project_id=park.pk)
    make_lead(company)
    make_lead(neighbour)
    actor = make_actor(group, VIEW_SALES_FIGURES)

    everywhere = funnel(MARCH, "source", actor).total.leads
    at_company = funnel(Span(MARCH.first_date, MARCH.last_date, company), "source", actor).total.leads
    of_park = funnel(Span(MARCH.first_date, MARCH.last_date, None, park), "source", actor).total.leads

    assert (everywhere, at_company, of_park) == (3, 2, 1)


def test_figures_are_of_the_places_where_the_reader_sees_figures(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    make_lead(company)
    make_lead(neighbour)

    assert funnel(MARCH, "source", make_actor(company, VIEW_SALES_FIGURES)).total.leads == 1
    assert funnel(MARCH, "source", make_actor(company, "leads.view")).total.leads == 0


@pytest.mark.parametrize("by", list(PARTINGS))
def test_every_parting_asks_the_database_as_often_for_many_as_for_one(company: OrgUnit, by: str) -> None:
    actor = make_actor(company, VIEW_SALES_FIGURES, "segments.view")
    make_lead(company, consultant_id=make_consultant(company).pk, project_id=make_project(company).pk)
    with CaptureQueriesContext(connection) as for_one:
        funnel(MARCH, by, actor)
    for source in ("call", "web", "event"):
        make_lead(
            company,
            source=source,
            consultant_id=make_consultant(company).pk,
            project_id=make_project(company).pk,
        )

    with CaptureQueriesContext(connection) as for_many:
        funnel(MARCH, by, actor)

    assert len(for_many) == len(for_one) <= 2


def test_a_span_that_is_none_or_too_long_is_refused_in_words(company: OrgUnit) -> None:
    actor = make_actor(company, VIEW_SALES_FIGURES)

    backwards = FunnelForm({"first_date": "2026-03-05", "last_date": "2026-03-01"}, actor=actor)
    endless = FunnelForm({"first_date": "2001-03-05", "last_date": "2026-03-01"}, actor=actor)
    odd = FunnelForm({"first_date": "someday", "by": "moon"}, actor=actor)

    assert not backwards.is_valid()
    assert "last_date" in backwards.errors
    assert not endless.is_valid()
    assert "first_date" in endless.errors
    assert not odd.is_valid()
    assert odd.parting == "source"
    assert (odd.asked().last_date - odd.asked().first_date).days == 89


def test_the_page_shows_the_table_the_trend_and_market_events(company: OrgUnit, client: Client) -> None:
    today = timezone.localdate()
    won(make_lead(company, now=timezone.now() - timedelta(days=20)))
    make_event(company, "首付降至两成", day=today - timedelta(days=10))
    rights = ("core.signed_in", "properties.view", "market.view", VIEW_SALES_FIGURES)
    browser = sign_in(client, make_member(company, *rights))

    shown = browser.get(reverse("sales_figures:funnel"), {"by": "relation"})
    nonsense = browser.get(reverse("sales_figures:funnel"), {"by": "moon", "first_date": "x"})

    text = shown.content.decode()
    assert [mark["label"] for mark in shown.context["trend"]["marks"]] == ["首付降至两成"]
    assert "15 %" in text
    assert "100.0 %" in text
    assert nonsense.status_code == 200


def test_moving_back_by_hand_keeps_the_furthest_stage(company: OrgUnit) -> None:
    lead = reach(make_lead(company), Stage.INTENTION)

    moved = move_lead(lead, stage="enquiry", actor=SYSTEM, now=NOW)

    assert (moved.stage, moved.furthest) == ("enquiry", "intention")
