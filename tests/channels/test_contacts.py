"""Noting contacts on the customer's page and from files."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hearth.channels.imports import InteractionLoader
from hearth.channels.models import Interaction, Message
from hearth.channels.services.interactions import ContactInFuture, record_interaction
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.extracts import extracts
from hearth.core.models import EventRecord
from hearth.core.timeline import load_details
from hearth.imports.kinds import ImportContext, Row
from hearth.organization.models import OrgUnit
from tests.channels.builders import make_draft, make_message, state_of
from tests.imports.builders import outcomes_of
from tests.organization.builders import make_actor
from tests.privacy.builders import make_known_customer

pytestmark = pytest.mark.django_db


def call(company: OrgUnit, actor: Actor, now: datetime, **values: Any) -> Interaction:
    return record_interaction(
        make_known_customer(company),
        org_unit=company,
        **{"channel": "phone", "direction": "inbound", "summary": "问交付时间", **values},
        actor=actor,
        now=now,
    )


def test_a_call_moves_the_last_contact_forward_and_never_back(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    contact = call(company, actor, now)

    record_interaction(
        contact.customer,
        org_unit=company,
        channel="visit",
        direction="inbound",
        summary="来访",
        occurred_at=now - timedelta(days=3),
        actor=actor,
        now=now,
    )

    contact.customer.refresh_from_db()
    assert contact.customer.last_contact_at == now
    event = EventRecord.objects.get(subject_id=contact.pk)
    assert (event.channel, event.payload) == ("phone", {"direction": "inbound"})
    assert load_details([event], actor)[event.id].summary.endswith("问交付时间")


@pytest.mark.parametrize("values", [{"channel": "note"}, {"direction": "internal"}])
def test_a_note_among_ourselves_is_no_contact(
    company: OrgUnit, actor: Actor, now: datetime, values: dict[str, str]
) -> None:
    contact = call(company, actor, now, **values)

    contact.customer.refresh_from_db()
    assert contact.customer.last_contact_at is None


def test_a_contact_needs_the_right_at_the_place_and_a_past(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        call(company, make_actor(neighbour, "channels.record"), now)
    with pytest.raises(ContactInFuture):
        call(company, actor, now, occurred_at=now + timedelta(hours=1))

    assert Interaction.objects.count() == 0


def rows_for(company: OrgUnit, number: int, now: datetime) -> list[Row]:
    rows = []
    for index in range(number):
        make_known_customer(company, external_key=f"C{index}")
        values = {
            "customer_key": f"C{index}",
            "channel": "phone",
            "occurred_at": now,
            "body": "第一行\n第二行",
        }
        rows.append(Row(index + 1, {**values, "external_key": f"K{index}"}))
    return rows


@pytest.mark.parametrize("number", [1, 3])
def test_contacts_from_a_file_are_written_once_with_a_constant_number_of_queries(
    company: OrgUnit, actor: Actor, now: datetime, number: int
) -> None:
    loader = InteractionLoader(ImportContext(uuid4(), company, actor, now, {}))
    rows = rows_for(company, number, now)
    call(company, actor, now)

    problems = list(loader.check(rows))
    with CaptureQueriesContext(connection) as queries:
        outcomes = loader.write(rows)
    again = loader.write(rows)

    assert problems == []
    assert (outcomes_of(outcomes), outcomes_of(again)) == (["created"] * number, ["skipped"] * number)
    assert len(queries) == 10
    assert set(Interaction.objects.exclude(external_key="").values_list("summary", flat=True)) == {"第一行"}


def test_a_file_about_strangers_projects_unknown_and_days_to_come_is_questioned(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    loader = InteractionLoader(ImportContext(uuid4(), company, actor, now, {}))
    row = Row(1, {"customer_key": "?", "occurred_at": now + timedelta(days=1), "project": "月球花园"})

    problems = list(loader.check([row]))

    assert [(problem.code, problem.is_warning) for problem in problems] == [
        ("customer_unknown", False),
        ("in_future", False),
        ("project_unknown", True),
    ]


def test_the_analysis_reads_contacts(company: OrgUnit, actor: Actor, now: datetime) -> None:
    contact = call(company, actor, now)
    extract = extracts["contacts"]

    with connection.cursor() as cursor:
        cursor.execute(extract.sql)
        rows = cursor.fetchall()

    assert rows == [(str(contact.customer_id), now, "phone", "inbound", company.pk)]
    assert len(rows[0]) == len(extract.columns)


def test_an_unconfirmed_message_waits_for_a_person(
    signed_in: Client, company: OrgUnit, now: datetime
) -> None:
    signed_in.cookies["hearth_language"] = "en"
    message = make_message(make_draft(company), now=now, state=Message.State.UNCONFIRMED)

    listed = signed_in.get("/channels/messages/?state=unconfirmed")
    repeated = signed_in.post(f"/channels/messages/{message.pk}/again/")

    assert "Send again" in listed.content.decode()
    assert repeated.status_code == 303
    assert state_of(message.pk) == "queued"
