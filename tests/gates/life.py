"""A customer whose traces lie in every table, each with a word that is nowhere else."""

from collections.abc import Iterable
from decimal import Decimal
from random import Random
from uuid import UUID

from django.db import connection

from hearth.cases.models import CallBack
from hearth.cases.services.accounts import Account
from hearth.channels.models import Interaction
from hearth.contract_changes.kinds import Wanted
from hearth.contract_texts.services import forbid_words
from hearth.core.fence import fences
from hearth.customers.models import Customer
from hearth.group_cases.models import GroupCase
from hearth.group_cases.services import (
    add_household,
    attend_meeting,
    finish_step,
    join_team,
    note_negotiation,
    note_sign,
)
from hearth.mailroom.models import InboundMail
from hearth.organization.models import OrgUnit
from hearth.tasks.models import Task
from tests.brokers.builders import make_conflict, write_sheet
from tests.cases.builders import NOW, make_case, make_cost, settle
from tests.contract_changes.builders import make_carried_out
from tests.contract_changes.builders import make_request as make_change_request
from tests.contract_texts.builders import make_given, make_read
from tests.customers.builders import make_customer
from tests.customers.histories import ROWS
from tests.group_cases.builders import (
    SYSTEM,
    make_check,
    make_commitment,
    make_group_case,
    make_meeting,
    make_review,
    make_statement,
    make_step,
)
from tests.inventory.builders import make_batch
from tests.leads.builders import make_lead
from tests.mailroom.builders import make_mailbox, taken
from tests.mailroom.letters import with_files
from tests.market.builders import make_competitor, make_event
from tests.organization.builders import make_member
from tests.promises.builders import make_promise
from tests.registers.builders import make_affected, make_approved, make_audit, make_processor
from tests.repairs.builders import make_booked, make_part, make_visit, png, signed_by
from tests.sales.plans import make_planned

WORD = "青枫浦"
# It makes a customer known at a place drawn by lot, which may be the neighbour's.
ELSEWHERE = "customers.CustomerPlace.customer"


def write_life(company: OrgUnit) -> Customer:
    """Write a customer of the company with a row in every table."""
    customer = make_customer(company, name=f"王{WORD}")
    for key, make in ROWS.items():
        if key != ELSEWHERE:
            make(customer, company, Random(1))
    case = make_case(company, customer=customer, title=WORD, account=Account(course=WORD))
    settle(case, solution=WORD)
    make_cost(case, note=WORD)
    CallBack.objects.create(case=case, rating=4, note=WORD, created_at=NOW, updated_at=NOW)
    group = make_group_case(company, 5, title=WORD)
    add_household(group, customer, actor=SYSTEM, now=NOW)
    note_sign(group, actor=SYSTEM, what="banners", seen_at=NOW, note=WORD, now=NOW)
    make_check(company)
    _write_desk(group, company)
    make_affected(customer, company)
    make_processor(company)
    make_approved(company)
    make_audit(company)
    make_batch(company)
    make_promise(company)
    _repair(customer, company)
    make_competitor(company)
    make_event(company)
    withdrawal = Wanted(penalty_amount=Decimal(1))
    make_carried_out(make_change_request(company, kind="withdrawal", wanted=withdrawal))
    make_lead(company, customer=customer, next_step=WORD)
    _write_texts(company)
    _write_mails(customer, company)
    Task.objects.filter(customer=customer).update(title=WORD)
    Interaction.objects.filter(customer=customer).update(body=WORD)
    return customer


def _write_texts(company: OrgUnit) -> None:
    """Write who brought buyers and is paid, how contracts are paid, and texts of contracts that were read."""
    make_conflict(company)
    write_sheet(company)
    make_planned(company)
    make_read(make_given(company))
    forbid_words(company, words="包过户", because="不能承诺", actor=SYSTEM, now=NOW)


def _repair(customer: Customer, company: OrgUnit) -> None:
    """Have a home of the customer repaired with a part, a photo and a signature, each with the word."""
    order = make_booked(company, customer=customer, fault=WORD, contractor=WORD)
    parts = {make_part(company, "密封胶").pk: Decimal(1)}
    make_visit(order, note=WORD, parts=parts, before=[png()], signatures=signed_by("owner"))


def _write_mails(customer: Customer, company: OrgUnit) -> None:
    InboundMail.objects.filter(customer=customer).update(text=WORD)
    taken(make_mailbox(company), with_files((f"{WORD}.exe", b"MZ")))


def _write_desk(group: GroupCase, company: OrgUnit) -> None:
    """Write what is done about a group complaint, each with the word."""
    colleague = make_member(company, "cases.view")
    join_team(group, colleague, role="leader", actor=SYSTEM, now=NOW)
    make_statement(group, text=WORD)
    meeting = make_meeting(group, title=WORD)
    attend_meeting(meeting, name=WORD, actor=SYSTEM, now=NOW)
    make_commitment(group, what=WORD, responsible=colleague)
    note_negotiation(group, side="households", text=WORD, actor=SYSTEM, now=NOW)
    step = make_step(company)
    finish_step(step, note=WORD, actor=SYSTEM, now=NOW)
    make_review(company, course=WORD)


def marks_of_rows() -> set[bytes]:
    """Return what tells a row behind the second fence that is there now: its id, and the word."""
    found: set[bytes] = {WORD.encode()}
    with connection.cursor() as cursor:
        for table in fences:
            columns = {
                column.name for column in connection.introspection.get_table_description(cursor, table)
            }
            if "id" not in columns:
                continue
            cursor.execute(f"SELECT id FROM {table}")
            found |= {str(key).encode() for (key,) in cursor.fetchall() if isinstance(key, UUID)}
    return found


def found_in(body: bytes, marks: Iterable[bytes]) -> list[str]:
    """Return the first of what tells a row and is in an answer."""
    return sorted(mark.decode() for mark in marks if mark in body)[:3]
