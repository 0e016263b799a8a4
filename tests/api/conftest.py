"""What the tests of the API share."""

import pytest

from hearth.organization.models import OrgUnit
from tests.api.builders import Program, make_program


@pytest.fixture
def program(company: OrgUnit) -> Program:
    """A program that may do everything at the first city company."""
    return make_program(company)


@pytest.fixture
def stranger(neighbour: OrgUnit) -> Program:
    """A program that may do everything at the other city company."""
    return make_program(neighbour)
