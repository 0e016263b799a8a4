"""A consultant's day: what is late, what is due, which homes run out, and how the own leads go."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hearth.inventory.services import reserve_home
from hearth.leads.models import Lead, Stage
from hearth.organization.models import OrgUnit
from hearth.sales_figures.own import beside_colleagues, day_of
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of
from tests.inventory.builders import hold_for, make_sale
from tests.inventory.builders import make_consultant as make_seller
from tests.leads.builders import NOW, TODAY, make_consultant, make_lead
from tests.organization.builders import sign_in

pytestmark = pytest.mark.django_db


def test_what_is_late_stands_before_what_is_due_and_nothing_of_others(company: OrgUnit) -> None:
    me, other = make_consultant(company), make_consultant(company)
    late = make_lead(company, consultant_id=me.pk)
    Lead.objects.filter(pk=late.pk).update(next_step_date=TODAY - timedelta(days=3))
    due = make_lead(company, consultant_id=me.pk, next_step_date=TODAY)
    make_lead(company, consultant_id=me.pk, next_step_date=TODAY + timedelta(days=1))
    make_lead(company, consultant_id=other.pk, next_step_date=TODAY)

    day = day_of(actor_of(me), now=NOW)

    assert (day.overdue, day.today) == ([late], [due])
    assert not day.is_free
    assert day_of(actor_of(make_consultant(company)), now=NOW).is_free


def test_homes_that_run_out_and_contracts_to_sign_are_shown_to_who_holds_them(company: OrgUnit) -> None:
    me = make_seller(company)
    held, reserved, of_other = make_sale(company)[:3]
    hold = hold_for(make_customer(company), held, consultant=me)
    to_sign = reserve_home(reserved, customer=make_customer(company), actor=actor_of(me), now=NOW)
    hold_for(make_customer(company), of_other)

    day = day_of(actor_of(me), now=NOW)
    afterwards = day_of(actor_of(me), now=NOW + timedelta(days=2))

    assert [each.pk for each in day.expiring] == [hold.pk]
    assert [each.pk for each in day.to_sign] == [to_sign.pk]
    assert list(afterwards.expiring) == []


def test_own_leads_stand_beside_the_middle_of_the_colleagues(company: OrgUnit) -> None:
    me = make_consultant(company)
    make_lead(company, consultant_id=me.pk)
    for visits in (1, 2, 5):
        colleague = make_consultant(company)
        for number in range(5):
            lead = make_lead(company, consultant_id=colleague.pk)
            if number < visits:
                lead.stand_at(Stage.VISIT, NOW)
                lead.save()
    beginner = make_consultant(company)
    make_lead(company, consultant_id=beginner.pk)

    beside = beside_colleagues(actor_of(me), today=TODAY)

    assert (beside.own.leads, beside.own.visit_share, beside.own.overdue) == (1, 0.0, 0)
    assert beside.colleagues is not None
    assert (beside.number, beside.colleagues.leads, beside.colleagues.visit_share) == (3, 5, 0.4)


def test_who_sells_alone_is_compared_with_nobody(company: OrgUnit) -> None:
    me = make_consultant(company)

    beside = beside_colleagues(actor_of(me), today=TODAY)

    assert beside.colleagues is None
    assert (beside.own.leads, beside.own.conversion) == (0, None)


def test_the_page_of_the_day_leads_to_the_leads(company: OrgUnit, client: Client) -> None:
    me = make_consultant(company)
    customer = make_customer(company, name="欧阳青枫")
    today = timezone.localdate()
    lead = make_lead(
        company, customer=customer, consultant_id=me.pk, next_step="带看样板间", next_step_date=today
    )
    browser = sign_in(client, me)

    shown = browser.get(reverse("sales_figures:today")).content.decode()
    empty = sign_in(Client(), make_consultant(company)).get(reverse("sales_figures:today"))

    assert "欧阳青枫" in shown
    assert "带看样板间" in shown
    assert reverse("leads:lead", args=[lead.pk]) in shown
    assert "今天没有待办" in empty.content.decode()


def test_the_day_asks_the_database_as_often_for_many_as_for_one(company: OrgUnit) -> None:
    me = make_consultant(company, "inventory.view")
    actor = actor_of(me)
    make_lead(company, consultant_id=me.pk, next_step_date=TODAY)
    with CaptureQueriesContext(connection) as for_one:
        day_of(actor, now=NOW)
        beside_colleagues(actor, today=TODAY)
    for _ in range(3):
        make_lead(company, consultant_id=me.pk, next_step_date=TODAY)

    with CaptureQueriesContext(connection) as for_many:
        day_of(actor, now=NOW)
        beside_colleagues(actor, today=TODAY)

    assert len(for_many) == len(for_one) == 5
