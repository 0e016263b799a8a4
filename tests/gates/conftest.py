"""A customer with traces everywhere, and somebody next door who holds every right."""

import pytest

from hearth.core.actor import Actor
from hearth.core.permissions import permissions
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.gates.life import write_life
from tests.organization.builders import make_actor


@pytest.fixture
def life(company: OrgUnit) -> Customer:
    """A customer of the company with a row in every table, each with a word that is nowhere else."""
    return write_life(company)


@pytest.fixture
def neighbour_actor(life: Customer, neighbour: OrgUnit) -> Actor:
    """Somebody who holds every right, next door."""
    return make_actor(neighbour, *permissions)
