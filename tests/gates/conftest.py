"""A customer with traces everywhere, and somebody next door who holds every right."""

from pathlib import Path

import pytest

from hearth.core.actor import Actor
from hearth.core.permissions import permissions
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.gates.life import write_life
from tests.organization.builders import make_actor, make_group


@pytest.fixture(scope="module")
def written_life(ground: Path) -> Customer:
    """A customer written once for a module, whose `group` is then `group_of_life`."""
    make_group()
    return write_life(OrgUnit.objects.get(code="SZ"))


@pytest.fixture
def group_of_life(db: None, written_life: Customer) -> OrgUnit:
    """The root of the organisation in which the customer lives."""
    return OrgUnit.objects.get(parent=None)


@pytest.fixture
def life(db: None, written_life: Customer) -> Customer:
    """A customer of the company with a row in every table, each with a word that is nowhere else."""
    return Customer.objects.get(pk=written_life.pk)


@pytest.fixture
def neighbour_actor(life: Customer, neighbour: OrgUnit) -> Actor:
    """Somebody who holds every right, next door."""
    return make_actor(neighbour, *permissions)
