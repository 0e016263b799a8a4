"""A customer whose traces lie in every table, each with a word that is nowhere else."""

from random import Random

from hearth.channels.models import Interaction
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.tasks.models import Task
from tests.cases.builders import make_case
from tests.customers.builders import make_customer
from tests.customers.histories import ROWS
from tests.inventory.builders import make_batch
from tests.leads.builders import make_lead
from tests.registers.builders import make_affected, make_approved, make_audit, make_processor

WORD = "青枫浦"


def write_life(company: OrgUnit) -> Customer:
    """Write a customer of the company with a row in every table."""
    customer = make_customer(company, name=f"王{WORD}")
    for make in ROWS.values():
        make(customer, company, Random(1))
    make_case(company, customer=customer, title=WORD)
    make_affected(customer, company)
    make_processor(company)
    make_approved(company)
    make_audit(company)
    make_batch(company)
    make_lead(company, customer=customer, next_step=WORD)
    Task.objects.filter(customer=customer).update(title=WORD)
    Interaction.objects.filter(customer=customer).update(body=WORD)
    return customer
